"""Webhook endpoints and their deliveries as an administrator sees them.

Place in the pipeline: behind `/v1/webhooks`; all functions work inside the caller's transaction and look at one
organisation alone (404 for any other's).
Trust level: addresses are checked when they come in and again when they are dialled. Secrets are random here, told
once, and kept sealed under the organisation's key.
Residual risk: none of its own.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, delete, select, update

from services.notifier.feed import News, add_delivery
from services.notifier.ports import Ports
from services.notifier.tables import cases, deliveries, delivery_attempts, endpoints
from wetink.http.problems import ProblemError, not_found
from wetink.ids import new_id

OVERLAP = timedelta(hours=24)
"""How long the old secret signs beside the new one."""
_PURPOSE = "webhook "


def create(  # noqa: PLR0913 - what an administrator says of an endpoint
    transaction: Connection,
    ports: Ports,
    organisation_id: str,
    *,
    url: str,
    event_types: Sequence[str],
    description: str,
    secret: bytes,
) -> Row[Any]:
    """A new endpoint that is sent `event_types` from now on."""
    endpoint_id = new_id("we")
    values = {
        "endpoint_id": endpoint_id,
        "organisation_id": organisation_id,
        "url": url,
        "event_types": ",".join(event_types),
        "description": description,
        "sealed_secret": ports.keystore.seal(organisation_id, _PURPOSE + endpoint_id, secret),
        "created_at": ports.clock.now(),
    }
    return transaction.execute(endpoints.insert().values(values).returning(endpoints)).one()


def find(connection: Connection, organisation_id: str, endpoint_id: str) -> Row[Any]:
    """The organisation's endpoint; raises 404."""
    chosen = select(endpoints).where(
        endpoints.c.endpoint_id == endpoint_id, endpoints.c.organisation_id == organisation_id
    )
    row = connection.execute(chosen).first()
    if row is None:
        raise not_found("webhook")
    return row


def listed(connection: Connection, organisation_id: str) -> Sequence[Row[Any]]:
    """All endpoints, oldest first."""
    mine = select(endpoints).where(endpoints.c.organisation_id == organisation_id)
    return connection.execute(mine.order_by(endpoints.c.created_at, endpoints.c.endpoint_id)).all()


def change(transaction: Connection, endpoint: Row[Any], changed: dict[str, Any]) -> Row[Any]:
    """Write `changed` columns; an endpoint that is switched off sends nothing that waits."""
    if changed.get("disabled_reason"):
        cancel_waiting(transaction, endpoint.endpoint_id, "endpoint_disabled")
    chosen = update(endpoints).where(endpoints.c.endpoint_id == endpoint.endpoint_id)
    return transaction.execute(chosen.values(changed).returning(endpoints)).one()


def rotate(transaction: Connection, ports: Ports, endpoint: Row[Any], secret: bytes) -> Row[Any]:
    """A new secret; the old one signs beside it for a day."""
    sealed = ports.keystore.seal(endpoint.organisation_id, _PURPOSE + endpoint.endpoint_id, secret)
    changed = {
        "sealed_secret": sealed,
        "sealed_old_secret": endpoint.sealed_secret,
        "old_secret_until": ports.clock.now() + OVERLAP,
    }
    return change(transaction, endpoint, changed)


def secrets_of(ports: Ports, endpoint: Row[Any]) -> list[bytes]:
    """The secrets that sign now, the newest first."""
    sealed = [endpoint.sealed_secret]
    if endpoint.sealed_old_secret and ports.clock.now() < endpoint.old_secret_until:
        sealed.append(endpoint.sealed_old_secret)
    purpose = _PURPOSE + endpoint.endpoint_id
    return [ports.keystore.unseal(endpoint.organisation_id, purpose, secret) for secret in sealed]


def remove(transaction: Connection, endpoint: Row[Any]) -> None:
    """Forget the endpoint, its deliveries and their log."""
    mine = select(deliveries.c.delivery_id).where(deliveries.c.endpoint_id == endpoint.endpoint_id)
    transaction.execute(delete(delivery_attempts).where(delivery_attempts.c.delivery_id.in_(mine)))
    transaction.execute(delete(deliveries).where(deliveries.c.endpoint_id == endpoint.endpoint_id))
    transaction.execute(delete(endpoints).where(endpoints.c.endpoint_id == endpoint.endpoint_id))


def send_test(transaction: Connection, ports: Ports, endpoint: Row[Any]) -> Row[Any]:
    """A delivery of `webhook.test` for this endpoint alone."""
    now = ports.clock.now()
    news = News("webhook.test", endpoint.organisation_id)
    payload = news.payload(ports.queue_url, now)
    delivery_id = add_delivery(transaction, endpoint.endpoint_id, news, payload, cause=new_id("test"), now=now)
    return find_delivery(transaction, endpoint.endpoint_id, delivery_id)


def find_delivery(connection: Connection, endpoint_id: str, delivery_id: str) -> Row[Any]:
    """One delivery of the endpoint; raises 404."""
    chosen = select(deliveries).where(
        deliveries.c.delivery_id == delivery_id, deliveries.c.endpoint_id == endpoint_id
    )
    row = connection.execute(chosen).first()
    if row is None:
        raise not_found("delivery")
    return row


def listed_deliveries(connection: Connection, endpoint_id: str, limit: int) -> Sequence[Row[Any]]:
    """The endpoint's deliveries, newest first."""
    mine = select(deliveries).where(deliveries.c.endpoint_id == endpoint_id)
    newest_first = mine.order_by(deliveries.c.created_at.desc(), deliveries.c.delivery_id)
    return connection.execute(newest_first.limit(limit)).all()


def attempts_of(connection: Connection, delivery_ids: Sequence[str]) -> Sequence[Row[Any]]:
    """The attempts of these deliveries in their order."""
    mine = select(delivery_attempts).where(delivery_attempts.c.delivery_id.in_(delivery_ids))
    return connection.execute(mine.order_by(delivery_attempts.c.sequence)).all()


def replay(transaction: Connection, delivery: Row[Any], now: datetime) -> Row[Any]:
    """Send the delivery again at once, with its own id; raises 409 when its case is protected by now."""
    is_protected = select(cases.c.is_protected).where(cases.c.case_id == delivery.case_id)
    if transaction.execute(is_protected).scalar():
        raise ProblemError(409, "The case is protected", "News of protected cases is not sent to webhooks.")
    chosen = update(deliveries).where(deliveries.c.delivery_id == delivery.delivery_id)
    again = chosen.values(status="pending", failures=0, due_at=now, error=None)
    return transaction.execute(again.returning(deliveries)).one()


def cancel_waiting(transaction: Connection, endpoint_id: str, error: str) -> None:
    """What waits for the endpoint is not sent."""
    transaction.execute(
        update(deliveries)
        .where(deliveries.c.endpoint_id == endpoint_id, deliveries.c.due_at.is_not(None))
        .values(status="cancelled", error=error, due_at=None)
    )
