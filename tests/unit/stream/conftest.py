"""Processors on fakes for the tests of the stream."""

import pytest

from tests.support.stream import opening
from tests.support.stream_bench import Bench


@pytest.fixture
def close_later():
    """Makes benches and gives back the connection of each."""
    benches: list[Bench] = []

    def make(handler=None, **settings) -> Bench:
        benches.append(Bench(handler or opening(), **settings))
        return benches[-1]

    yield make
    for bench in benches:
        bench.database.close()
