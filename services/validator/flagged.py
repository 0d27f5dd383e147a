"""Which judgements have become flags: what the validator need not announce again.

Place in the pipeline: a handler of `document.flagged` and the validator's part of the reconciler.
Trust level: our own events and rows. Residual risk: none; only the newest judgement of a case counts.
"""

from collections.abc import Iterable, Sequence

from sqlalchemy import Connection, select, update

from services.validator.ports import Ports
from services.validator.tables import cases
from wetink.contracts.events import DocumentFlagged, DocumentReviewed, Event
from wetink.stream.handler import Handler


def _prepare(_event: DocumentFlagged, _ports: Ports) -> None:
    return None


def _handle(event: DocumentFlagged, _result: None, transaction: Connection) -> Sequence[Event]:
    older = cases.c.case_id == event.case_id, cases.c.flagged_revision < event.case_revision
    transaction.execute(update(cases).where(*older).values(flagged_revision=event.case_revision))
    return ()


def _give_up(event: DocumentFlagged, _reason: str, transaction: Connection) -> Sequence[Event]:
    return _handle(event, None, transaction)


FLAGGED = Handler(DocumentFlagged, _prepare, _handle, _give_up)
"""Notes how far the flags of a case are."""


def unanswered(view: Connection) -> Iterable[str]:
    """Ids of the newest judgements that are no flags yet."""
    waiting = select(cases.c.case_id, cases.c.case_revision).where(
        cases.c.flagged_revision < cases.c.case_revision
    )
    for case_id, revision in view.execute(waiting):
        yield DocumentReviewed.id_of(case_id, revision)
