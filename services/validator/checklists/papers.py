"""The papers of a case that are no forms, and what may hide behind what could not be read or told apart.

Place in the pipeline: used by `comparing`. Trust level: kinds of papers are perception's guess.
Residual risk: a photo of nothing keeps the lines about papers unsure, so that they are not flagged.
"""

from collections.abc import Collection, Iterator

from services.validator.case_view import CaseView, DocumentView
from services.validator.checklists.matching import may_be_of_several
from services.validator.runs import seen_page
from wetink.contracts.reading import PageText, PaperKind

_NO_EVIDENCE = ("form", "evidence", "letter", "photo", "translation_certificate", None)
"""Kinds that come with forms alone, too: a covering letter is no sign that evidence is kept here."""


class Papers:
    """The pages of a case that are no pages of a known form."""

    def __init__(self, case: CaseView) -> None:
        unread = {(page.document.id, page.reading.number) for page in case.unread_pages}
        self._is_in_doubt = case.is_unread_in_doubt
        self._copies = case.copies
        self._texts = [
            (document.id, number, document.texts.get(number))
            for document in case.documents
            for number in sorted(document.pages)
            if not seen_page(document, number) and (document.id, number) not in unread
        ]
        self._is_something_unread = any(page.copy is None for page in case.unread_pages)
        self._is_document_unread = any(_is_unread(document, unread) for document in case.documents)

    @property
    def are_filed_here(self) -> bool:
        """Whether the case has papers at all: where there are only forms, papers are kept elsewhere."""
        return any(text and text.kind not in _NO_EVIDENCE for _, _, text in self._texts)

    def of_kinds(self, kinds: Collection[PaperKind]) -> Iterator[tuple[str, int]]:
        """Document and page of each paper of one of the kinds."""
        for document_id, number, text in self._texts:
            if text and text.kind in kinds:
                yield document_id, number

    def doubt_about_form(self, forms: Collection[str]) -> str | None:
        """Why a form that was not seen may be there all the same.

        Forms of the USCIS bear their name in three ways; those of IRCC in small print alone.
        """
        if not self._is_in_doubt:
            return None
        if self._is_document_unread:
            return "A document could not be read; it may be in there."
        if any(copy.form in forms and may_be_of_several(copy) for copy in self._copies):
            return "A form came more than once without a name that could be read; one may be this person's."
        if any(form.startswith("IMM") for form in forms) and any(
            _is_nameless_form(text) for _, _, text in self._texts
        ):
            return "A page of a form whose name could not be read may belong to it."
        return None

    def doubt_about_paper(self) -> str | None:
        """Why a paper that was not seen may be there all the same."""
        if not self._is_in_doubt:
            return None
        if self._is_document_unread or self._is_something_unread:
            return "A page could not be read; it may be this paper."
        if any(text is None or text.kind in ("evidence", None) for _, _, text in self._texts):
            return "A paper whose kind could not be told may be this one."
        return None


def _is_nameless_form(text: PageText | None) -> bool:
    return text is None or text.kind in ("form", None)


def _is_unread(document: DocumentView, unread: Collection[tuple[str, int]]) -> bool:
    """Whether nothing of it could be read, or its end could not."""
    is_all_unread = all((document.id, number) in unread for number in document.pages)
    return document.outcome == "partial" or (document.is_final and is_all_unread)
