"""Could a document, or a part of it, not be read?"""

from collections.abc import Iterator

from services.validator.case_view import CaseView, Days, DocumentView
from services.validator.findings import about_document
from services.validator.sources import READABLE
from wetink.contracts.judgement import Finding


def check(case: CaseView, _days: Days) -> Iterator[Finding]:
    """Each document of which nothing, or only the first part, could be read."""
    for document in case.documents:
        is_nothing_read = document.is_unreadable and not _has_flag_of_its_own(document)
        if is_nothing_read or (document.outcome == "partial" and document.is_final):
            yield about_document(
                document,
                code="document_unreadable",
                severity="high",
                title="A document could not be read"
                if is_nothing_read
                else "A document could be read only in part",
                expected="A document that is whole and can be read.",
                found=_found(document, is_nothing_read=is_nothing_read),
                rule=READABLE,
            )


def _has_flag_of_its_own(document: DocumentView) -> bool:
    hostile = document.outcome == "hostile" or any(page.outcome == "hostile" for page in document.pages.values())
    return hostile or document.outcome == "locked"


def _found(document: DocumentView, *, is_nothing_read: bool) -> str:
    because = f" ({document.reason.replace('_', ' ')})" if document.reason else ""
    if is_nothing_read:
        return f"Nothing in the document could be read{because}, so nothing was checked."
    return f"The document breaks off or is damaged{because}; pages after the damage were not checked."
