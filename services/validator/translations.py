"""Papers in a foreign language, and the translators' certificates that belong to them.

Place in the pipeline: pure functions, used by the rule `translation_certificate_missing`.
Trust level: language, kind and statements are perception's, told only where it is certain.
Residual risk: that a translation is the translation of that very paper nobody compares; a certificate that lies
by itself counts for every paper.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import get_args

from services.validator.case_view import DocumentView
from services.validator.runs import seen_page
from wetink.contracts.reading import PageText, PaperKind, TranslatorStatement

EVERYTHING: tuple[TranslatorStatement, ...] = get_args(TranslatorStatement)
"""What a whole certificate states."""
_NOT_TRANSLATED = ("passport", "photo")
"""A passport's page with the picture says in English, too, what it says; a photo says nothing."""


@dataclass(frozen=True)
class ForeignPaper:
    """Pages in a row of one document, of one kind and in one language."""

    document: DocumentView
    first_page: int
    language: str
    kind: PaperKind | None


@dataclass(frozen=True)
class Certificate:
    """Pages in a row on which a translator certifies; `lacks` is what should be there and is not."""

    pages: tuple[int, ...]
    lacks: tuple[TranslatorStatement, ...]


@dataclass(frozen=True)
class Translated:
    """A foreign paper with the certificates beside it."""

    paper: ForeignPaper
    certificates: Sequence[Certificate]

    @property
    def is_certified(self) -> bool:
        """Whether one of them is complete."""
        return any(not certificate.lacks for certificate in self.certificates)


def uncertified(
    documents: Sequence[DocumentView], accepted: Collection[str], needed: Collection[TranslatorStatement]
) -> list[tuple[ForeignPaper, Certificate | None]]:
    """The papers in no `accepted` language without a certificate that states what is `needed`.

    With each the certificate that comes nearest. A complete certificate in a document without foreign papers is
    enough, as is a certified copy of the same kind of paper in the same language.
    """
    inside = [_in_order(document, accepted, needed) for document in documents]
    translated = [one for found in inside for one in _translated(found)]
    loose = [one for found in inside if not _translated(found) for one in found if isinstance(one, Certificate)]
    if any(not certificate.lacks for certificate in loose):
        return []
    return [
        (one.paper, min([*one.certificates] or loose, key=lambda near: len(near.lacks), default=None))
        for one in translated
        if not one.is_certified and not _has_certified_copy(one.paper, translated)
    ]


def _in_order(
    document: DocumentView, accepted: Collection[str], needed: Collection[TranslatorStatement]
) -> list[ForeignPaper | Certificate]:
    """The foreign papers and the certificates of a document, as they follow one another."""
    found: list[ForeignPaper | Certificate] = []
    certifying: list[PageText] = []
    for number in range(1, document.pages_total + 1):
        text = document.texts.get(number)
        if text and (text.states or text.kind == "translation_certificate"):
            certifying.append(text)
            continue
        found += _certificate(certifying, needed)
        certifying = []
        if text and _is_foreign(text, accepted) and not seen_page(document, number):
            paper = ForeignPaper(document, number, text.language or "", text.kind)
            if not (found and isinstance(before := found[-1], ForeignPaper) and _is_like(before, paper)):
                found.append(paper)
    return [*found, *_certificate(certifying, needed)]


def _is_foreign(text: PageText, accepted: Collection[str]) -> bool:
    language = (text.language or "").partition("-")[0]
    return bool(language) and language not in accepted and text.kind not in _NOT_TRANSLATED


def _certificate(texts: Collection[PageText], needed: Collection[TranslatorStatement]) -> Iterator[Certificate]:
    if texts:
        states = {statement for text in texts for statement in text.states}
        if not _is_line_empty(texts):
            states.add("signature")
        lacks = tuple(statement for statement in needed if statement not in states)
        yield Certificate(tuple(text.number for text in texts), lacks)


def _is_line_empty(texts: Collection[PageText]) -> bool:
    """A signature is missing for certain only where there is a line for it, and nothing on it."""
    inks = [line.ink for text in texts for line in text.lines_to_sign]
    return bool(inks) and all(ink == "absent" for ink in inks)


def _translated(found: Sequence[ForeignPaper | Certificate]) -> list[Translated]:
    """Each paper with the certificates up to the next paper; where there are none, with all of the document."""
    by_paper: list[tuple[ForeignPaper, list[Certificate]]] = []
    for one in found:
        if isinstance(one, ForeignPaper):
            by_paper.append((one, []))
        elif by_paper:
            by_paper[-1][1].append(one)
    every = [one for one in found if isinstance(one, Certificate)]
    return [Translated(paper, own or every) for paper, own in by_paper]


def _has_certified_copy(paper: ForeignPaper, translated: Collection[Translated]) -> bool:
    return any(
        other.is_certified and other.paper.document.id != paper.document.id and _is_like(other.paper, paper)
        for other in translated
    )


def _is_like(paper: ForeignPaper, other: ForeignPaper) -> bool:
    return (paper.language, paper.kind) == (other.language, other.kind)
