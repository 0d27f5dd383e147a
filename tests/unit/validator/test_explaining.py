"""Why a place was not flagged: one sentence for every verdict."""

from datetime import date

import pytest

from services.validator.case_view import DocumentView, SeenPage, SlotView
from services.validator.explaining import why_not_flagged
from services.validator.requirements.schema import Requirement, Source
from tests.support.filing import i765_page, slot
from wetink.contracts.case_record import CaseDetails

SOURCE = Source(citation="The fictional rule book", as_of=date(2026, 1, 1), confidence="read")


def view(verdict, **changes) -> SlotView:
    values = {"signature": "s", "need": "required", "reason": "the applicant signs", "source": SOURCE}
    page = SeenPage(DocumentView("d", 1, date(2026, 1, 1), "read", 1), i765_page(4), "I-765", None, 4)
    place = slot("signature", "applicant", "3", "7", mark="handwritten")
    return SlotView(page, place, Requirement.model_validate(values | changes), verdict)


@pytest.mark.parametrize(
    ("verdict", "changes", "case", "words"),
    [
        ("signed", {}, {}, "There is handwriting of the applicant"),
        ("must_be_empty", {"need": "must_be_empty"}, {}, "It is empty, as it must be when filed"),
        ("not_required", {"by_channel": {"online": "not_required"}}, {"channel": "online"}, "is filed online"),
        (
            "not_required",
            {"unless": "spouse_abroad"},
            {"people": [{"role": "spouse", "lives_abroad": True}]},
            "the case says that this person lives abroad",
        ),
        ("not_required", {"need": "conditional", "used_when": ["interpreter.name"]}, {}, "was used"),
        ("not_required", {"need": "conditional"}, {}, "nothing shows that it is needed"),
        ("unsure", {}, {}, "Another finding"),
    ],
)
def test_each_verdict_has_its_ground(verdict, changes, case, words):
    details = CaseDetails.model_validate({"reference": "R", **case})
    assert words in why_not_flagged(view(verdict, **changes), details)
