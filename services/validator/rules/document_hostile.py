"""Did a document try to harm its reader?"""

from collections.abc import Iterator

from services.validator.case_view import CaseView, Days, DocumentView
from services.validator.findings import about_document
from services.validator.sources import READABLE
from wetink.contracts.judgement import Finding


def check(case: CaseView, _days: Days) -> Iterator[Finding]:
    """Each document that was stopped in the sandbox, as a whole or on some of its pages."""
    for document in case.documents:
        pages = _hostile_pages(document)
        if document.outcome == "hostile" or pages:
            yield about_document(
                document,
                code="document_hostile",
                severity="high",
                title="A document behaved like an attack and was stopped",
                expected="A document that can be opened safely.",
                found=_found(pages),
                rule=READABLE,
            )


def _hostile_pages(document: DocumentView) -> list[int]:
    return sorted(number for number, page in document.pages.items() if page.outcome == "hostile")


def _found(pages: list[int]) -> str:
    where = f"On page {', '.join(map(str, pages))}" if pages else "When it was opened"
    return f"{where} the document did what no honest document does; what it holds was not checked."
