"""What waits in a service's database: events not yet sent, events to be tried again, dead letters.

Place in the pipeline: counted for `/metrics` of the service's processes. Trust level: numbers of our own rows.
Residual risk: none; the processes of one service share a database and tell the same numbers.
"""

from collections.abc import Iterator

from prometheus_client.core import GaugeMetricFamily
from sqlalchemy import ColumnElement, Table, func, select

from wetink.database import Database
from wetink.stream.tables import dead_letter, outbox, retry

_COUNTED: tuple[tuple[str, str, Table, ColumnElement[bool] | None], ...] = (
    ("wetink_outbox_waiting", "Events decided and not yet sent.", outbox, outbox.c.published_at.is_(None)),
    ("wetink_retries_waiting", "Events that failed and will be tried again.", retry, retry.c.process.is_(None)),
    ("wetink_dead_letters", "Dead letters not yet replayed.", dead_letter, dead_letter.c.replayed_at.is_(None)),
)


def waiting(service: str, database: Database) -> Iterator[GaugeMetricFamily]:
    """A gauge for each, labelled with the service whose database it is."""
    with database.reading() as view:
        for name, text, table, condition in _COUNTED:
            rows = select(func.count()).select_from(table)
            number = view.scalar(rows if condition is None else rows.where(condition))
            family = GaugeMetricFamily(name, text, labels=["service"])
            family.add_metric([service], float(number or 0))
            yield family
