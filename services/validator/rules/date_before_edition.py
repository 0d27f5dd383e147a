"""Is a date older than the form on which it stands?"""

from collections.abc import Iterator
from datetime import date

from services.validator.case_view import CaseView, Days, SlotView
from services.validator.dates import days_in, first_day_of
from services.validator.findings import about_slot
from services.validator.sources import rule_of
from services.validator.wording import day_text, edition_text, place_text, who, whose
from wetink.contracts.judgement import Finding

_FIRST_YEAR = 1990
"""No form that is filed today can have been signed before."""


def check(case: CaseView, _days: Days) -> Iterator[Finding]:
    """Every date before the edition of its form, and those of a year that cannot be meant."""
    for copy, slot, day in days_in(case):
        edition_day = first_day_of(slot.page.edition)
        if day.year < _FIRST_YEAR or (edition_day and day < edition_day):
            yield about_slot(
                copy,
                slot,
                code="date_before_edition",
                severity="high",
                title=f"{whose(slot.reading.party)} date of signature is older than the form ({place_text(slot)})",
                expected=f"The day on which {who(slot.reading.party)} signed this edition of the form.",
                found=_found(slot, day),
                rule=rule_of(slot.requirement, "date-after-edition"),
            )


def _found(slot: SlotView, day: date) -> str:
    edition = edition_text(slot.page.form, slot.page.edition)
    return f"The place says {day_text(day)}" + (f"; the edition is {edition}." if edition else ".")
