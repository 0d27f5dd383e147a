"""Pages that wait to be read: how many, and since when the oldest was asked for.

Place in the pipeline: counted for `/metrics` of the ocr workers and for `wetink status`; the text lane shares
their database. Trust level: our own rows. Residual risk: none.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from prometheus_client.core import GaugeMetricFamily
from sqlalchemy import Column, Connection, func, select

from services.ocr.tables import pages
from wetink.clock import Clock
from wetink.contracts.events import PageRequested, TextRequested
from wetink.database import Database
from wetink.stream.tables import inbox, outbox

_LANES = {"pages": (PageRequested.topic, pages.c.state), "text": (TextRequested.topic, pages.c.text_state)}


@dataclass(frozen=True)
class WaitingPages:
    """Pages of one lane; `oldest_s`: seconds since the oldest was asked for, 0 when none is."""

    lane: str
    pages: int
    oldest_s: float


def waiting_pages(view: Connection, now: datetime) -> list[WaitingPages]:
    """What waits in each lane; pages beyond their document's window count, and are asked for later."""
    return [_of_lane(view, now, lane, topic, state) for lane, (topic, state) in _LANES.items()]


def _of_lane(view: Connection, now: datetime, lane: str, topic: str, state: Column[str]) -> WaitingPages:
    number = view.scalar(select(func.count()).select_from(pages).where(state != "done")) or 0
    asked_for = select(func.min(outbox.c.created_at)).where(
        outbox.c.case_id.in_(select(pages.c.case_id).where(state == "requested")),
        outbox.c.topic == topic,
        ~select(inbox.c.event_id).where(inbox.c.event_id == outbox.c.event_id).exists(),
    )
    oldest = view.scalar(asked_for)
    return WaitingPages(lane, number, (now - oldest).total_seconds() if oldest else 0.0)


def waiting_gauges(database: Database, clock: Clock) -> Iterator[GaugeMetricFamily]:
    """For `/metrics`."""
    with database.reading() as view:
        lanes = waiting_pages(view, clock.now())
    number = GaugeMetricFamily("wetink_pages_waiting", "Pages cut and not read yet.", labels=["lane"])
    oldest = GaugeMetricFamily(
        "wetink_oldest_waiting_page_seconds", "Seconds since the oldest page was asked for.", labels=["lane"]
    )
    for lane in lanes:
        number.add_metric([lane.lane], lane.pages)
        oldest.add_metric([lane.lane], lane.oldest_s)
    yield from (number, oldest)
