"""The log of what happened: one row for the live stream, one delivery for each webhook endpoint that wants it.

Place in the pipeline: called inside the transaction that changes a flag, so that a change and its news are
committed together or not at all.
Trust level: ids, codes and links only. Residual risk: none; a protected case's news never becomes a delivery.
"""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, get_args

from sqlalchemy import Connection, select, update

from services.notifier.tables import cases, deliveries, endpoints, feed, feed_position
from wetink.ids import consequence_id

NewsType = Literal[
    "document.reviewed",
    "document.unreadable",
    "flag.opened",
    "flag.changed",
    "flag.resolved",
    "case.clear",
    "case.reopened",
    "webhook.disabled",
    "webhook.recovered",
    "webhook.test",
]
NEWS_TYPES: tuple[NewsType, ...] = get_args(NewsType)

_TOLD = ("case_id", "case_revision", "document_id", "flag_id", "flag_version", "code", "severity", "webhook_id")


@dataclass(frozen=True)
class News:
    """One thing that happened; what does not apply is None. `path` is the page to look at, from the root."""

    type: NewsType
    organisation_id: str
    case_id: str | None = None
    case_revision: int | None = None
    document_id: str | None = None
    flag_id: str | None = None
    flag_version: int | None = None
    code: str | None = None
    severity: str | None = None
    webhook_id: str | None = None
    path: str = "/"

    def payload(self, queue_url: str, now: datetime) -> str:
        """The body as it is streamed and sent."""
        data = {name: getattr(self, name) for name in _TOLD if getattr(self, name) is not None}
        data["url"] = queue_url + self.path
        return json.dumps({"type": self.type, "timestamp": timestamp(now), "data": data})


def timestamp(moment: datetime) -> str:
    """RFC 3339 in UTC with a `Z`."""
    return moment.isoformat().replace("+00:00", "Z")


def tell(transaction: Connection, news: News, *, queue_url: str, now: datetime) -> None:
    """Log `news` and write its deliveries."""
    payload = news.payload(queue_url, now)
    number = _next_number(transaction)
    transaction.execute(
        feed.insert().values(
            number=number,
            organisation_id=news.organisation_id,
            case_id=news.case_id,
            event_type=news.type,
            payload=payload,
            created_at=now,
        )
    )
    if not _may_leave_the_house(transaction, news):
        return
    for endpoint_id in _listeners(transaction, news):
        add_delivery(transaction, endpoint_id, news, payload, cause=number, now=now)


def add_delivery(  # noqa: PLR0913 - the columns of the row
    transaction: Connection, endpoint_id: str, news: News, payload: str, *, cause: object, now: datetime
) -> str:
    """Write a delivery that is due at once; returns its id, which follows from endpoint and `cause`."""
    delivery_id = "msg_" + consequence_id(("delivery", endpoint_id, cause)).replace("-", "")
    transaction.execute(
        deliveries.insert().values(
            delivery_id=delivery_id,
            endpoint_id=endpoint_id,
            organisation_id=news.organisation_id,
            case_id=news.case_id,
            event_type=news.type,
            body=payload,
            status="pending",
            attempts=0,
            created_at=now,
            due_at=now,
        )
    )
    return delivery_id


def _next_number(transaction: Connection) -> int:
    position = update(feed_position).values(last=feed_position.c.last + 1).returning(feed_position.c.last)
    return int(transaction.execute(position).scalar_one())


def _may_leave_the_house(transaction: Connection, news: News) -> bool:
    if news.case_id is None:
        return True
    is_protected = select(cases.c.is_protected).where(cases.c.case_id == news.case_id)
    return transaction.execute(is_protected).scalar() is False


def _listeners(transaction: Connection, news: News) -> list[str]:
    rows = transaction.execute(
        select(endpoints.c.endpoint_id, endpoints.c.event_types).where(
            endpoints.c.organisation_id == news.organisation_id, endpoints.c.disabled_reason.is_(None)
        )
    )
    return [row.endpoint_id for row in rows if news.type in row.event_types.split(",")]
