"""Did a page come that could not be read?"""

from collections.abc import Iterator

from services.validator.case_view import CaseView, Days, UnreadPage
from services.validator.sources import READABLE
from services.validator.wording import advice_text, form_text
from wetink.contracts.judgement import Finding


def check(case: CaseView, _days: Days) -> Iterator[Finding]:
    """Each unread page of a document of which other pages could be read, until a readable one takes its place."""
    for page in case.unread_pages:
        if not page.document.is_unreadable and page.reading.outcome != "hostile":
            yield _finding(page)


def _finding(page: UnreadPage) -> Finding:
    document, number = page.document, page.reading.number
    place = f"Page {number} of a document"
    if page.copy and page.form_page:
        place = f"Page {page.form_page} of {form_text(page.copy.form, page.copy.edition)}"
    because = f" ({page.reading.reason.replace('_', ' ')})" if page.reading.reason else ""
    return Finding(
        code="page_illegible",
        severity="high",
        title=f"{place} could not be read",
        expected="A page that can be read, so that its signatures can be checked." + _advice(page),
        found=f"Page {number} of the document could not be read{because}; its signatures were not checked.",
        form=page.copy.form if page.copy else None,
        form_copy=page.copy.id if page.copy and page.form_page else f"{document.id}-{number}",
        edition=page.copy.edition if page.copy else None,
        form_page=page.form_page,
        document_id=document.id,
        document_page=number,
        rule=READABLE,
    )


def _advice(page: UnreadPage) -> str:
    text = page.document.texts.get(page.reading.number)
    advice = advice_text(text.advice) if text else ""
    return f" Take it again {advice}." if advice else ""
