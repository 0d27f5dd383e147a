"""Which documents belong to somebody else, and to which other case of the organisation they belong.

Place in the pipeline: part of the view of a case; other cases' people are looked at only when there is a stranger.
Trust level: names are compared and never shown; of another case nothing but its id comes out.
Residual risk: two cases with people of one name are both named.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from services.validator.case_view import DocumentView, FormCopy, MisfiledDocument, SeenPage
from services.validator.household import Household, parties_on, person_on
from services.validator.persons import likeness, person_in_case
from wetink.contracts.case_record import CaseDetails


def misfiled_documents(
    documents: Sequence[DocumentView], copies: Sequence[FormCopy], household: Household
) -> tuple[MisfiledDocument, ...]:
    """The documents whose forms, as far as they name anybody, all name strangers."""
    found = []
    for document in documents:
        brought = [copy for copy in copies if any(page.document is document for page in copy.pages.values())]
        named = [copy for copy in brought if _named_pages(copy)]
        if named and all(_is_of_stranger(copy, household) for copy in named):
            found.append(MisfiledDocument(document, tuple(named)))
    return tuple(found)


def with_strangers(
    copies: Sequence[FormCopy], misfiled: Sequence[MisfiledDocument], household: Household
) -> tuple[FormCopy, ...]:
    """The copies; one of a stranger in a document that is not misfiled as a whole is marked where it says so."""
    told = {copy.id for document in misfiled for copy in document.copies}
    return tuple(
        replace(copy, of_other_person=tuple(_named_pages(copy)[:1]))
        if copy.id not in told and _is_of_stranger(copy, household)
        else copy
        for copy in copies
    )


def cases_of(misfiled: MisfiledDocument, others: Iterable[tuple[str, CaseDetails]]) -> tuple[str, ...]:
    """The ids of the cases among `others` that have the person whom the document names; protected ones never."""
    people = [person_on(copy.pages.values()) for copy in misfiled.copies]
    return tuple(
        case_id
        for case_id, details in others
        if not details.protected
        and any(likeness(person, person_in_case(one)) == "same" for person in people for one in details.people)
    )


def _is_of_stranger(copy: FormCopy, household: Household) -> bool:
    return household.is_stranger(person_on(_named_pages(copy)), parties_on(copy.pages.values()))


def _named_pages(copy: FormCopy) -> list[SeenPage]:
    """The copy's own pages that name its person."""
    others = {page.place for page in copy.of_other_person}
    return [page for page in copy.pages.values() if page.place not in others and person_on([page]).is_known]
