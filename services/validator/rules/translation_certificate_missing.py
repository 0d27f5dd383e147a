"""Is a paper in a foreign language without a translator's complete certificate?"""

from collections.abc import Iterator

from services.validator.case_view import CaseView, Days
from services.validator.sources import TRANSLATED_CA, TRANSLATED_US
from services.validator.translations import EVERYTHING, Certificate, ForeignPaper, uncertified
from services.validator.wording import language_text, statement_text
from wetink.contracts.case_record import CaseDetails
from wetink.contracts.judgement import Finding, Rule, Severity

_BY_REGULATION = ("complete_and_accurate", "competent", "signature")


def check(case: CaseView, _days: Days) -> Iterator[Finding]:
    """Each foreign paper without a certificate, or with an incomplete one, once nothing more is expected."""
    if not case.is_settled or (case.is_unread_in_doubt and _is_something_unread(case)):
        return
    if not _is_for_ircc(case.details):
        expected = f"An English translation with the translator's certificate: {statement_text(EVERYTHING)}."
        for paper, nearest in uncertified(case.documents, ["en"], EVERYTHING):
            yield _finding(paper, nearest, expected, TRANSLATED_US)
    else:
        # A certified translator's stamp or an affidavit: whether it is one, a person sees.
        expected = (
            "An English or French translation by a certified translator, or with the translator's affidavit."
        )
        for paper, nearest in uncertified(case.documents, ["en", "fr"], []):
            yield _finding(paper, nearest, expected, TRANSLATED_CA)


def _is_for_ircc(details: CaseDetails) -> bool:
    return details.jurisdiction == "CA" or (details.filing or "").startswith("ircc_")


def _is_something_unread(case: CaseView) -> bool:
    """A page that could not be read may be the certificate."""
    hardly_legible = (
        text.kind is None and text.advice and not text.states
        for document in case.documents
        for text in document.texts.values()
    )
    is_page_unread = any(page.copy is None for page in case.unread_pages)
    return is_page_unread or any(hardly_legible) or any(document.is_unreadable for document in case.documents)


def _finding(paper: ForeignPaper, nearest: Certificate | None, expected: str, rule: Rule) -> Finding:
    kind = "paper" if paper.kind in (None, "evidence") else paper.kind.replace("_", " ")
    what = "is incomplete" if nearest else "is missing"
    return Finding(
        code="translation_certificate_missing",
        severity=_severity(nearest),
        title=f"{kind.capitalize()} in {language_text(paper.language)}: the translator's certificate {what}",
        expected=expected,
        found=_found(nearest),
        form_copy=f"{paper.document.id}-{paper.first_page}",
        document_id=paper.document.id,
        document_page=paper.first_page,
        rule=rule,
    )


def _severity(nearest: Certificate | None) -> Severity:
    """What the regulation asks for leaves the paper without weight; the rest makes the translator hard to ask."""
    is_grave = nearest is None or any(statement in _BY_REGULATION for statement in nearest.lacks)
    return "medium" if is_grave else "low"


def _found(nearest: Certificate | None) -> str:
    if nearest is None:
        return "No translator's certificate was found beside it or elsewhere in the case."
    pages = ", ".join(map(str, nearest.pages))
    return f"The translator's certificate (page {pages} of its document) lacks {statement_text(nearest.lacks)}."
