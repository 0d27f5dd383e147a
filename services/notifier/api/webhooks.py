"""Webhooks over HTTP: endpoints, secrets, deliveries, for administrators.

Place in the pipeline: `/v1/webhooks`. Trust level: an administrator's words; the address is checked all the same.
Residual risk: none of its own; what may be reached is decided in `webhooks.addresses`.
"""

import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field, StrictBool
from sqlalchemy import Row

from services.notifier.api.access import AdministratorHere
from services.notifier.audit import note
from services.notifier.feed import NewsType
from services.notifier.ports import Ports
from services.notifier.webhooks import endpoints as store
from services.notifier.webhooks.addresses import Network, check_url
from services.notifier.webhooks.signing import SECRET_BYTES, encode_secret
from wetink.http.problems import ProblemError, responses

Url = Annotated[str, Field(min_length=1, max_length=2_000, json_schema_extra={"format": "uri"})]
EventTypes = Annotated[list[NewsType], Field(min_length=1, max_length=20)]
Description = Annotated[str, Field(max_length=200)]


class WebhookBody(BaseModel):
    """A new endpoint."""

    url: Url
    event_types: EventTypes
    description: Description = ""


class WebhookChange(BaseModel):
    """What is to be changed; what is left out stays."""

    url: Url | None = None
    event_types: EventTypes | None = None
    description: Description | None = None
    enabled: StrictBool | None = Field(default=None, description="False: nothing is sent, what waits is dropped.")


class Webhook(BaseModel):
    """An endpoint."""

    id: str
    url: str
    event_types: list[str]
    description: str
    enabled: bool
    disabled_reason: Literal["gone", "failing", "by_hand"] | None = Field(
        description="`gone`: the receiver said 410; `failing`: it took nothing for five days."
    )
    created_at: datetime


class WebhookWithSecret(Webhook):
    """An endpoint with its secret, which is told only once."""

    secret: str


class Attempt(BaseModel):
    """One attempt to deliver."""

    at: datetime
    response_code: int | None
    error: str | None
    duration_ms: int


class Delivery(BaseModel):
    """What was sent, or will be; `id` is its `webhook-id`."""

    id: str
    event_type: str
    status: Literal["pending", "delivered", "failed", "cancelled"]
    attempts: int
    response_code: int | None
    error: str | None
    created_at: datetime
    next_attempt_at: datetime | None
    attempts_log: list[Attempt] = Field(default_factory=list)


class WebhookList(BaseModel):
    """All endpoints."""

    items: list[Webhook]


class DeliveryList(BaseModel):
    """Deliveries, newest first."""

    items: list[Delivery]


def webhook_routes(ports: Ports, allowed: Sequence[Network]) -> APIRouter:
    """The routes under `/v1/webhooks`; `allowed` are the inner networks that may be named."""
    router = APIRouter(prefix="/v1/webhooks", tags=["webhooks"], responses=responses(403))

    @router.post("", status_code=201)
    def create(body: WebhookBody, caller: AdministratorHere) -> WebhookWithSecret:
        """A new endpoint with its secret; 422 for an inner address."""
        _checked(body.url, allowed)
        secret = secrets.token_bytes(SECRET_BYTES)
        with ports.database.transaction() as transaction:
            row = store.create(
                transaction,
                ports,
                caller.organisation_id,
                url=body.url,
                event_types=body.event_types,
                description=body.description,
                secret=secret,
            )
            note(transaction, caller, "queue:webhook:create", row.endpoint_id, ports.clock.now())
        return _with_secret(row, secret)

    @router.get("")
    def list_all(caller: AdministratorHere) -> WebhookList:
        """All endpoints of the organisation."""
        with ports.database.reading() as connection:
            rows = store.listed(connection, caller.organisation_id)
        return WebhookList(items=[_webhook(row) for row in rows])

    @router.get("/{webhook_id}", responses=responses(404))
    def get(webhook_id: str, caller: AdministratorHere) -> Webhook:
        """One endpoint."""
        with ports.database.reading() as connection:
            return _webhook(store.find(connection, caller.organisation_id, webhook_id))

    @router.patch("/{webhook_id}", responses=responses(404))
    def change(webhook_id: str, body: WebhookChange, caller: AdministratorHere) -> Webhook:
        """Change an endpoint; one that was disabled is enabled again with `enabled`."""
        if body.url is not None:
            _checked(body.url, allowed)
        with ports.database.transaction() as transaction:
            row = store.find(transaction, caller.organisation_id, webhook_id)
            changed = _columns(body)
            if changed:
                row = store.change(transaction, row, changed)
                note(transaction, caller, "queue:webhook:change", webhook_id, ports.clock.now())
            return _webhook(row)

    @router.delete("/{webhook_id}", status_code=204, responses=responses(404))
    def remove(webhook_id: str, caller: AdministratorHere) -> None:
        """Forget an endpoint and its deliveries."""
        with ports.database.transaction() as transaction:
            store.remove(transaction, store.find(transaction, caller.organisation_id, webhook_id))
            note(transaction, caller, "queue:webhook:delete", webhook_id, ports.clock.now())

    @router.post("/{webhook_id}/rotate-secret", responses=responses(404))
    def rotate(webhook_id: str, caller: AdministratorHere) -> WebhookWithSecret:
        """A new secret; for a day both sign."""
        secret = secrets.token_bytes(SECRET_BYTES)
        with ports.database.transaction() as transaction:
            row = store.find(transaction, caller.organisation_id, webhook_id)
            row = store.rotate(transaction, ports, row, secret)
            note(transaction, caller, "queue:webhook:rotate", webhook_id, ports.clock.now())
        return _with_secret(row, secret)

    return router


def delivery_routes(ports: Ports) -> APIRouter:
    """The routes under `/v1/webhooks/{webhook_id}` that send and show deliveries."""
    router = APIRouter(prefix="/v1/webhooks/{webhook_id}", tags=["webhooks"], responses=responses(403, 404))

    @router.post("/test", status_code=202)
    def send_test(webhook_id: str, caller: AdministratorHere) -> Delivery:
        """Send `webhook.test` to this endpoint."""
        with ports.database.transaction() as transaction:
            row = store.find(transaction, caller.organisation_id, webhook_id)
            return _delivery(store.send_test(transaction, ports, row), [])

    @router.get("/deliveries")
    def list_deliveries(
        webhook_id: str, caller: AdministratorHere, limit: Annotated[int, Query(ge=1, le=500)] = 100
    ) -> DeliveryList:
        """The newest deliveries with their attempts."""
        with ports.database.reading() as connection:
            endpoint = store.find(connection, caller.organisation_id, webhook_id)
            rows = store.listed_deliveries(connection, endpoint.endpoint_id, limit)
            attempts = store.attempts_of(connection, [row.delivery_id for row in rows])
        return DeliveryList(items=[_delivery(row, attempts) for row in rows])

    @router.post("/deliveries/{delivery_id}/replay", status_code=202, responses=responses(409))
    def replay(webhook_id: str, delivery_id: str, caller: AdministratorHere) -> Delivery:
        """Send a delivery again, with its own id."""
        with ports.database.transaction() as transaction:
            endpoint = store.find(transaction, caller.organisation_id, webhook_id)
            delivery = store.find_delivery(transaction, endpoint.endpoint_id, delivery_id)
            return _delivery(store.replay(transaction, delivery, ports.clock.now()), [])

    return router


def _checked(untrusted_url: str, allowed: Sequence[Network]) -> None:
    try:
        check_url(untrusted_url, allowed)
    except ValueError as error:
        raise ProblemError(422, "This address cannot be used", str(error)) from None


def _columns(body: WebhookChange) -> dict[str, Any]:
    changed: dict[str, Any] = body.model_dump(exclude_none=True, exclude={"event_types", "enabled"})
    if body.event_types is not None:
        changed["event_types"] = ",".join(body.event_types)
    if body.enabled is not None:
        changed |= {"disabled_reason": None if body.enabled else "by_hand", "failing_since": None}
    return changed


def _webhook(row: Row[Any]) -> Webhook:
    return Webhook(
        id=row.endpoint_id,
        url=row.url,
        event_types=row.event_types.split(","),
        description=row.description,
        enabled=row.disabled_reason is None,
        disabled_reason=row.disabled_reason,
        created_at=row.created_at,
    )


def _with_secret(row: Row[Any], secret: bytes) -> WebhookWithSecret:
    return WebhookWithSecret(**_webhook(row).model_dump(), secret=encode_secret(secret))


def _delivery(row: Row[Any], attempts: Sequence[Row[Any]]) -> Delivery:
    return Delivery(
        id=row.delivery_id,
        event_type=row.event_type,
        status=row.status,
        attempts=row.attempts,
        response_code=row.response_code,
        error=row.error,
        created_at=row.created_at,
        next_attempt_at=row.due_at,
        attempts_log=[
            Attempt(at=one.at, response_code=one.response_code, error=one.error, duration_ms=one.duration_ms)
            for one in attempts
            if one.delivery_id == row.delivery_id
        ],
    )
