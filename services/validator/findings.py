"""Makes findings about a slot, a form copy or a document, so that rules say only what is theirs to say.

Place in the pipeline: used by the rules. Trust level: our own words. Residual risk: none.
"""

from services.validator.case_view import DocumentView, FormCopy, SeenPage, SlotView
from wetink.contracts.judgement import Finding, Rule, Severity


def about_slot(  # noqa: PLR0913 - a finding has as many words
    copy: FormCopy,
    slot: SlotView,
    *,
    code: str,
    severity: Severity,
    title: str,
    expected: str,
    found: str,
    rule: Rule,
) -> Finding:
    """A finding about one place to sign or date, with its picture."""
    return Finding(
        code=code,
        severity=severity,
        title=title,
        expected=expected,
        found=found,
        form=copy.form,
        form_copy=copy.id,
        edition=slot.page.edition,
        form_page=slot.page.form_page,
        document_id=slot.page.document.id,
        document_page=slot.page.reading.number,
        slot=slot.reading.id,
        party=slot.reading.party,
        rule=rule,
        evidence=slot.reading.picture,
    )


def about_copy(  # noqa: PLR0913
    copy: FormCopy,
    seen: SeenPage,
    *,
    code: str,
    severity: Severity,
    title: str,
    expected: str,
    found: str,
    rule: Rule,
) -> Finding:
    """A finding about a form as a whole, seen last on `seen`."""
    return Finding(
        code=code,
        severity=severity,
        title=title,
        expected=expected,
        found=found,
        form=copy.form,
        form_copy=copy.id,
        edition=seen.edition,
        document_id=seen.document.id,
        document_page=seen.reading.number,
        rule=rule,
    )


def about_page(  # noqa: PLR0913
    copy: FormCopy,
    page: SeenPage,
    *,
    code: str,
    severity: Severity,
    title: str,
    expected: str,
    found: str,
    rule: Rule,
) -> Finding:
    """A finding about one page of a form as it came."""
    finding = about_copy(
        copy, page, code=code, severity=severity, title=title, expected=expected, found=found, rule=rule
    )
    return finding.model_copy(update={"form_page": page.form_page})


def about_document(  # noqa: PLR0913
    document: DocumentView, *, code: str, severity: Severity, title: str, expected: str, found: str, rule: Rule
) -> Finding:
    """A finding about a document that is no form that could be told; the document stands for the form copy."""
    return Finding(
        code=code,
        severity=severity,
        title=title,
        expected=expected,
        found=found,
        form_copy=document.id,
        document_id=document.id,
        rule=rule,
    )
