"""A page that nothing names gets a second look, which can only add to the first."""

import pytest

from services.ocr.sandbox.box import Sandbox
from services.ocr.sandbox.results import Crashed, PageResult, Unreadable
from wetink.contracts.reading import PageReading


def read(form: str | None = None, outcome: str = "read") -> PageResult:
    return PageResult(PageReading(number=1, source="scan", seconds=0.1, form=form, outcome=outcome))


class Answering(Sandbox):
    """A sandbox whose jobs end as they are told, by the job's name."""

    def __init__(self, temp, **ends: object) -> None:
        super().__init__(temp)
        self.asked: list[str] = []
        self._ends = ends

    def run(self, job, *_arguments, **_options):
        self.asked.append(job)
        return self._ends[job]


@pytest.mark.parametrize("end", [Unreadable("out_of_time"), Crashed()])
def test_a_page_that_was_read_stays_read_when_its_second_look_fails(tmp_path, end):
    first = read()
    assert Answering(tmp_path / "temp", read=first, name=end).read_page(b"", 1) is first


def test_the_second_look_names_the_page(tmp_path):
    named = read("WT-100")
    assert Answering(tmp_path / "temp", read=read(), name=named).read_page(b"", 1) is named


@pytest.mark.parametrize(
    "first", [read("WT-100"), read(outcome="partial"), Unreadable("engine_failed"), Crashed()]
)
def test_other_pages_get_none(tmp_path, first):
    sandbox = Answering(tmp_path / "temp", read=first)
    assert sandbox.read_page(b"", 1) is first
    assert sandbox.asked == ["read"]
