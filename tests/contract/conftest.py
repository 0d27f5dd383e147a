"""Fixtures that several contract tests share; defined here once, so that one server serves them all."""

import pytest

from tests.support.kafka import kafka
from tests.support.postgres import postgres_socket, postgres_url
from tests.support.small_disk import small_disk

__all__ = ["kafka", "postgres_socket", "postgres_url"]


@pytest.fixture
def disk(tmp_path):
    with small_disk(tmp_path) as disk:
        yield disk
