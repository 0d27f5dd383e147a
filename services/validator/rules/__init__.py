"""The rules: one a file, file name = flag code, `check(case, days) -> findings`, no I/O and no clock.

Place in the pipeline: applied by `services.validator.judge` in this order, which tells what is said of a date for
which several rules hold.
Trust level: they read what perception found. Residual risk: a rule that is not in the tuple does not run (a test
compares tuple and files).
"""

from collections.abc import Callable, Iterator

from services.validator.case_view import CaseView, Days
from services.validator.rules import (
    date_ambiguous,
    date_before_edition,
    date_impossible,
    date_in_future,
    date_missing,
    date_same_as_other_date,
    date_stale,
    date_unsure,
    date_wrong_order,
    declaration_contradiction,
    document_duplicate,
    document_hostile,
    document_locked,
    document_misfiled,
    document_unreadable,
    edition_outdated,
    edition_unknown,
    form_missing,
    page_duplicate,
    page_illegible,
    page_missing,
    page_of_other_edition,
    page_of_other_person,
    page_unassigned,
    signature_by_other_person,
    signature_missing,
    signature_must_be_empty,
    signature_not_handwritten,
    signature_reused,
    signature_unsure,
    translation_certificate_missing,
)
from wetink.contracts.judgement import Finding

RuleCheck = Callable[[CaseView, Days], Iterator[Finding]]

RULES: tuple[RuleCheck, ...] = (
    signature_missing.check,
    signature_unsure.check,
    signature_not_handwritten.check,
    signature_reused.check,
    signature_must_be_empty.check,
    signature_by_other_person.check,
    declaration_contradiction.check,
    date_missing.check,
    date_unsure.check,
    date_impossible.check,
    date_ambiguous.check,
    date_same_as_other_date.check,
    date_in_future.check,
    date_before_edition.check,
    date_stale.check,
    date_wrong_order.check,
    page_missing.check,
    page_duplicate.check,
    page_unassigned.check,
    page_of_other_edition.check,
    page_of_other_person.check,
    page_illegible.check,
    edition_outdated.check,
    edition_unknown.check,
    form_missing.check,
    translation_certificate_missing.check,
    document_duplicate.check,
    document_misfiled.check,
    document_locked.check,
    document_unreadable.check,
    document_hostile.check,
)
