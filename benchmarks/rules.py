"""How fast stored readings are judged again, on one core; `make bench-rules`.

A firm's year, made here: a complete form, one unsigned, one with a wrong date, one of which a page alone came.
Each reading is parsed from JSON as it is stored. Bars: 10,000 findings a second, 100,000 documents in minutes.
A finding is evaluated when a rule has looked at a place, a page or a document and has decided whether to raise it.
"""

import time
from datetime import date

from benchmarks.results import table, write_section
from services.validator.case_view import CaseView, Days, DocumentView
from services.validator.judge import judge
from services.validator.requirements import shipped_requirements
from services.validator.rules import RULES
from services.validator.view import build_case_view
from tests.support.filing import i765
from wetink.contracts.case_record import CaseDetails
from wetink.contracts.reading import PageReading

COMMAND = "make bench-rules"
_SECONDS = 10.0
_YEAR = 100_000
_DAY = date(2026, 3, 10)


def stored_documents() -> list[list[str]]:
    """Readings of a document each, page by page, as JSON."""
    forms = [
        i765(),
        i765(signature={"ink": "absent"}, day={"ink": "absent"}),
        i765(day={"ink": "present", "mark": "typed", "value": "2031-01-01", "value_status": "read"}),
        i765()[:1],
    ]
    return [[page.model_dump_json() for page in form] for form in forms]


def view_of(stored: list[str]) -> CaseView:
    """The case of one document, from what is stored."""
    pages = [PageReading.model_validate_json(page) for page in stored]
    document = DocumentView("d", 1, _DAY, "read", len(pages), pages=dict(enumerate(pages, 1)))
    details = CaseDetails(reference="R")
    return build_case_view(details, [document], shipped_requirements(), is_settled=True)


def looked_at(case: CaseView) -> int:
    """On how many things each rule decides: places, pages, documents."""
    places = sum(len(copy.slots) + len(copy.pages) for copy in case.copies)
    return len(RULES) * (places + len(case.documents))


def main() -> None:
    """Judge for a while, print and keep the result."""
    stored = stored_documents()
    documents = raised = evaluated = 0
    started = time.process_time()
    while time.process_time() - started < _SECONDS:
        case = view_of(stored[documents % len(stored)])
        raised += len(judge(case, Days(_DAY, {"d": _DAY})))
        evaluated += looked_at(case)
        documents += 1
    took = time.process_time() - started
    rows = [
        ["findings evaluated a second", f"{evaluated / took:,.0f}"],
        ["findings raised a second", f"{raised / took:,.0f}"],
        ["documents of seven pages a second", f"{documents / took:,.0f}"],
        [f"{_YEAR:,} documents, minutes", f"{_YEAR / (documents / took) / 60:.1f}"],
    ]
    write_section("Rules", COMMAND, table(["measure, one core, CPU time", "value"], rows))


if __name__ == "__main__":
    main()
