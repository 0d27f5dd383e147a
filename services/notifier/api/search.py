"""Search in a case over HTTP.

Place in the pipeline: `/v1/cases/{case_id}/search`. Trust level: the caller is of the firm and may see the case;
what was looked for is not kept, that somebody looked is. Residual risk: a large case holds a worker's thread.
"""

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field
from sqlalchemy import Connection, select

from services.notifier.api.access import ViewerHere
from services.notifier.audit import note
from services.notifier.ports import Ports
from services.notifier.searching import BoxPx, find_in_page
from services.notifier.tables import cases, documents
from services.notifier.visibility import may_see
from wetink.blobs.names import text
from wetink.folding import words_of
from wetink.http.problems import not_found, responses
from wetink.keystore import Caller

_MOST_PLACES = 100
_SOMETHING = r"[A-Za-z0-9]|[^\x00-\x7f]"
"""A letter or a digit."""


class Place(BaseModel):
    """Where the words stand: a box for each line, in pixels of the page's picture (left, top, width, height)."""

    document_id: str
    page: int
    boxes: list[BoxPx]
    width_px: int
    height_px: int
    excerpt: str = Field(description="The words and some around them, as the paper says them: untrusted text.")
    page_url: str = Field(description="The page's picture, relative to the queue's address.")


class SearchedPages(BaseModel):
    """How much there was to search: the text of a page comes after its verdict."""

    total: int
    searched: int


class Places(BaseModel):
    """What was found, documents in the order in which they came; `is_cut` when there was more."""

    items: list[Place]
    is_cut: bool
    pages: SearchedPages


def search_routes(ports: Ports) -> APIRouter:
    """The route for search in a case."""
    router = APIRouter(prefix="/v1/cases", tags=["cases"])

    @router.get("/{case_id}/search", responses=responses(404))
    def search_case(
        case_id: str,
        caller: ViewerHere,
        q: Annotated[str, Query(max_length=200, pattern=_SOMETHING, description="A word, or several in a row.")],
    ) -> Places:
        """Where these words stand on the case's pages; case, accents and signs between words do not matter."""
        with ports.database.reading() as connection:
            organisation_id, pages = _pages(connection, caller, case_id)
        with ports.database.transaction() as transaction:
            note(transaction, caller, "queue:case:searched", case_id, ports.clock.now())
        return _search(ports, organisation_id, case_id, pages, words_of(q))

    return router


def _pages(connection: Connection, caller: Caller, case_id: str) -> tuple[str, dict[str, tuple[str, int]]]:
    """The case's organisation, and document and page by the name of the page's text."""
    chosen = select(cases.c.organisation_id).where(
        cases.c.case_id == case_id, may_see(cases, caller), cases.c.deleted_at.is_(None)
    )
    organisation_id = connection.scalar(chosen)
    if organisation_id is None:
        raise not_found("case")
    of_case = select(documents).where(documents.c.case_id == case_id).order_by(documents.c.document_number)
    return organisation_id, {
        text(row.document_id, number): (row.document_id, number)
        for row in connection.execute(of_case)
        for number in range(1, (row.pages_total or 0) + 1)
    }


def _search(
    ports: Ports, organisation_id: str, case_id: str, pages: dict[str, tuple[str, int]], wanted: list[str]
) -> Places:
    items: list[Place] = []
    searched = 0
    for name, content in ports.blobs.get_those_there(organisation_id, case_id, pages):
        searched += 1
        found = find_in_page(content, wanted)
        if found is None:
            continue
        page, places = found
        document_id, number = pages[name]
        items += [
            Place(
                document_id=document_id,
                page=number,
                boxes=place.boxes,
                width_px=page.width_px,
                height_px=page.height_px,
                excerpt=place.excerpt,
                page_url=f"/v1/documents/{document_id}/pages/{number}.webp",
            )
            for place in places
        ]
        if len(items) > _MOST_PLACES:
            break
    total = SearchedPages(total=len(pages), searched=searched)
    return Places(items=items[:_MOST_PLACES], is_cut=len(items) > _MOST_PLACES, pages=total)
