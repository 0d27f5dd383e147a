"""What intake announced and nobody has answered: the first link of every chain that is announced again.

Place in the pipeline: intake's part of the reconciler. It alone knows what has come in and what is final.
Trust level: our own rows. Residual risk: none; what is announced again too early changes no row.

A document is answered when its status is final and all its pages are counted; a version of a case's record when
the case was judged by it (a case without documents never is: it waits for its first one); a deletion when every
service has said that it has forgotten.
"""

from collections.abc import Iterable, Iterator

from sqlalchemy import Connection, or_, select

from services.intake.status import FINAL
from services.intake.tables import cases, deletions, documents, withdrawals
from wetink.contracts.events import CaseChanged, CaseDeleted, DocumentReceived


def unanswered(view: Connection) -> Iterable[str]:
    """Ids of the events of documents, of cases and of deletions."""
    yield from _of_documents(view)
    yield from _of_changes(view)
    yield from _of_deletions(view)


def _of_documents(view: Connection) -> Iterator[str]:
    """Each with its case's record, without which nothing is judged."""
    is_open = or_(
        documents.c.status.not_in(FINAL),
        documents.c.pages_total.is_(None),
        documents.c.pages_read < documents.c.pages_total,
    )
    columns = documents.c.case_id, documents.c.document_id, documents.c.number, cases.c.version
    query = select(*columns).join(cases, cases.c.case_id == documents.c.case_id)
    for row in view.execute(query.where(is_open)):
        yield DocumentReceived.id_of(row.case_id, row.document_id, row.number)
        yield CaseChanged.id_of(row.case_id, row.version)


def _of_changes(view: Connection) -> Iterator[str]:
    has_documents = cases.c.case_id.in_(select(documents.c.case_id))
    had_documents = cases.c.case_id.in_(select(withdrawals.c.case_id))
    query = select(cases.c.case_id, cases.c.version).where(cases.c.judged_version < cases.c.version)
    query = query.where(or_(has_documents, had_documents))
    for row in view.execute(query):
        yield CaseChanged.id_of(row.case_id, row.version)


def _of_deletions(view: Connection) -> Iterator[str]:
    for case_id in view.scalars(select(deletions.c.case_id).where(deletions.c.done_at.is_(None))):
        yield CaseDeleted.id_of(case_id)
