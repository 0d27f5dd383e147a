"""Is a document locked with a password?"""

from collections.abc import Iterator

from services.validator.case_view import CaseView, Days
from services.validator.findings import about_document
from services.validator.sources import READABLE
from wetink.contracts.judgement import Finding


def check(case: CaseView, _days: Days) -> Iterator[Finding]:
    """Each document that cannot be opened without its password."""
    for document in case.documents:
        if document.outcome == "locked":
            yield about_document(
                document,
                code="document_locked",
                severity="high",
                title="A document is locked with a password",
                expected="A document that opens without a password.",
                found="The document is encrypted; nothing in it was checked.",
                rule=READABLE,
            )
