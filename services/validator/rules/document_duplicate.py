"""Did a document come twice?"""

from collections.abc import Iterator

from services.validator.case_view import CaseView, Days
from services.validator.findings import about_document
from services.validator.sources import ONE_OF_EACH
from wetink.contracts.judgement import Finding


def check(case: CaseView, _days: Days) -> Iterator[Finding]:
    """Each document that brings nothing but what an earlier one brought; a corrected version is none."""
    for repeated in case.repeated:
        finding = about_document(
            repeated.document,
            code="document_duplicate",
            severity="low",
            title="A document is there twice",
            expected="Each paper once.",
            found="All pages of the document came before, with the same content; the earlier ones were checked.",
            rule=ONE_OF_EACH,
        )
        yield finding.model_copy(update={"subject": repeated.of})
