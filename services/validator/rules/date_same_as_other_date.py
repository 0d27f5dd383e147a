"""Was a birth, expiry or marriage date written where the date of signature belongs?"""

from collections.abc import Iterator
from datetime import date

from services.validator.case_view import CaseView, Days
from services.validator.dates import day_in, days_in
from services.validator.findings import about_slot
from services.validator.sources import rule_of
from services.validator.wording import day_text, place_text, who, whose
from wetink.contracts.judgement import Finding

_OTHER_DATES = {"birth_date": "birth", "expiry_date": "expiry", "marriage_date": "marriage"}


def check(case: CaseView, _days: Days) -> Iterator[Finding]:
    """Every date of signature that equals another date of the case."""
    others = dict(_others(case))
    for copy, slot, day in days_in(case):
        if kind := others.get(day):
            yield about_slot(
                copy,
                slot,
                code="date_same_as_other_date",
                severity="high",
                title=f"{whose(slot.reading.party)} date of signature is a {kind} date ({place_text(slot)})",
                expected=f"The day on which {who(slot.reading.party)} signed.",
                found=f"The place says {day_text(day)}, which is a {kind} date in this case.",
                rule=rule_of(slot.requirement, "date-of-signature"),
            )


def _others(case: CaseView) -> Iterator[tuple[date, str]]:
    """Birth dates of the case's people, and the dates that its forms tell of people."""
    yield from ((person.birth_date, "birth") for person in case.details.people if person.birth_date)
    for copy in case.copies:
        for page in copy.pages.values():
            for field in page.reading.fields:
                kind = _OTHER_DATES.get(field.purpose.rpartition(".")[2])
                day = day_in(copy.policy.grammar, field.value or "")
                if kind and day:
                    yield day, kind
