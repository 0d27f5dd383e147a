import pytest

from tests.support.intake import Intake


@pytest.fixture
def intake():
    return Intake()
