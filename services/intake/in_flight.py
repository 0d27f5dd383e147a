"""Documents that were received and are not final: how many of which stage and age.

Place in the pipeline: counted for `/metrics` of intake and for `wetink status`. Trust level: our own rows.
Residual risk: none; a document that is sent again counts from then.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, get_args

from prometheus_client.core import GaugeMetricFamily
from sqlalchemy import Connection, Row, select

from services.intake.tables import documents
from wetink.clock import Clock
from wetink.contracts.events import DocumentReceived
from wetink.database import Database
from wetink.stream.outbox import announced

Stage = Literal["received", "reading", "judging"]
"""Not opened yet; pages are read; all are read, and what is awaited are full texts or the judgement."""
AGES = {"1m": 60.0, "10m": 600.0, "1h": 3600.0, "more": float("inf")}
"""Classes of age by their upper limit in seconds."""


@dataclass(frozen=True)
class InFlight:
    """One document; `age_s` counts from its upload."""

    stage: Stage
    age_s: float

    @property
    def age(self) -> str:
        """Its class of age."""
        return next(name for name, limit in AGES.items() if self.age_s < limit)


def in_flight(view: Connection, now: datetime) -> list[InFlight]:
    """All documents that are not final."""
    rows = view.execute(select(documents).where(documents.c.status.in_(("received", "reading")))).all()
    return list(_with_age(view, rows, now))


def _with_age(view: Connection, rows: Sequence[Row[Any]], now: datetime) -> Iterator[InFlight]:
    moments = sent_at(view, [received_id(row) for row in rows])
    for row in rows:
        since = moments.get(received_id(row), row.received_at)
        yield InFlight(_stage(row), (now - since).total_seconds())


def received_id(row: Row[Any]) -> str:
    """The id of the event that announced a document under its present number."""
    return DocumentReceived.id_of(row.case_id, row.document_id, row.number)


def sent_at(view: Connection, event_ids: Sequence[str]) -> dict[str, datetime]:
    """When these events were decided."""
    return {row.event_id: row.created_at for row in announced(view, event_ids)}


def _stage(row: Row[Any]) -> Stage:
    if row.status == "received":
        return "received"
    return "reading" if row.pages_total is None or row.pages_read < row.pages_total else "judging"


def in_flight_gauges(database: Database, clock: Clock) -> Iterator[GaugeMetricFamily]:
    """For `/metrics`: every stage and age, also those without a document."""
    with database.reading() as view:
        counted = Counter((one.stage, one.age) for one in in_flight(view, clock.now()))
    family = GaugeMetricFamily(
        "wetink_documents_in_flight", "Documents received and not final.", labels=["stage", "age"]
    )
    for stage in get_args(Stage):
        for age in AGES:
            family.add_metric([stage, age], counted[stage, age])
    yield family
