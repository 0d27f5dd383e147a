"""Endpoints that do not work: given up after days of failures or a 410, and the organisation is told.

Place in the pipeline: called by `sender` after each attempt, in the transaction that records it. It is told
of the recovery, too: by the live stream, its other webhooks, the page, the audit log.
Trust level: what a receiver answered is one bit here. Residual risk: an endpoint that is sent nothing for days is
not seen to fail.
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, Literal

from sqlalchemy import Connection, Row, select, update

from services.notifier.feed import News, NewsType, tell
from services.notifier.ports import Ports
from services.notifier.tables import audit, endpoints
from services.notifier.webhooks.endpoints import cancel_waiting
from wetink.audit import Entry, add_entry
from wetink.logs import Log

GIVEN_UP_AFTER = timedelta(days=5)
"""How long every attempt fails before nothing more is sent."""
_FAILURES_MIN = 6
"""Of the delivery at hand, over hours: a receiver that is away for an hour after a quiet month is not gone."""
_log = Log("notifier.webhooks")


def note_success(transaction: Connection, ports: Ports, endpoint_id: str) -> None:
    """The receiver took a delivery; tell if it was given up before and is enabled again."""
    endpoint = _endpoint(transaction, endpoint_id)
    if endpoint is None or endpoint.disabled_reason is not None:
        return
    if endpoint.failing_since is None and endpoint.given_up_at is None:
        return
    _change(transaction, endpoint_id, failing_since=None, given_up_at=None)
    if endpoint.given_up_at is not None:
        _tell(transaction, ports, endpoint, "webhook.recovered")


def note_failure(transaction: Connection, ports: Ports, endpoint_id: str, failures: int, *, is_gone: bool) -> None:
    """The receiver took a delivery not for the `failures`-th time; `is_gone`: it said 410.

    An endpoint that is switched off is left as it is.
    """
    endpoint = _endpoint(transaction, endpoint_id)
    if endpoint is None or endpoint.disabled_reason is not None:
        return
    now = ports.clock.now()
    since = endpoint.failing_since or now
    _change(transaction, endpoint_id, failing_since=since)
    if is_gone:
        _give_up(transaction, ports, endpoint, "gone")
    elif now - since >= GIVEN_UP_AFTER and failures >= _FAILURES_MIN:
        _give_up(transaction, ports, endpoint, "failing")


def given_up(connection: Connection, organisation_id: str) -> Sequence[Row[Any]]:
    """The organisation's endpoints that were given up and have not worked since."""
    chosen = select(endpoints).where(
        endpoints.c.organisation_id == organisation_id, endpoints.c.given_up_at.is_not(None)
    )
    return connection.execute(chosen.order_by(endpoints.c.given_up_at)).all()


def _give_up(
    transaction: Connection, ports: Ports, endpoint: Row[Any], reason: Literal["gone", "failing"]
) -> None:
    _change(transaction, endpoint.endpoint_id, disabled_reason=reason, given_up_at=ports.clock.now())
    cancel_waiting(transaction, endpoint.endpoint_id, "endpoint_disabled")
    _tell(transaction, ports, endpoint, "webhook.disabled")


def _tell(transaction: Connection, ports: Ports, endpoint: Row[Any], news_type: NewsType) -> None:
    now = ports.clock.now()
    news = News(news_type, endpoint.organisation_id, webhook_id=endpoint.endpoint_id)
    tell(transaction, news, queue_url=ports.queue_url, now=now)
    tag = f"queue:webhook:{news_type.rpartition('.')[2]}"
    add_entry(transaction, audit, Entry(endpoint.organisation_id, "sender", tag, endpoint.endpoint_id), now)
    _log.warning(news_type.replace(".", "_"), endpoint_id=endpoint.endpoint_id)


def _endpoint(transaction: Connection, endpoint_id: str) -> Row[Any] | None:
    return transaction.execute(select(endpoints).where(endpoints.c.endpoint_id == endpoint_id)).first()


def _change(transaction: Connection, endpoint_id: str, **changed: object) -> None:
    transaction.execute(update(endpoints).where(endpoints.c.endpoint_id == endpoint_id).values(changed))
