"""Sends what waits: for each endpoint one after the other, all endpoints beside one another.

Place in the pipeline: a thread of the notifier with an event loop of its own; reads and writes rows of
`deliveries`. Killed at any moment, it sends again with the same id (at least once).
Trust level: what receivers answer is hostile, see `dialling`. Residual risk: an endpoint that answers slowly
delays its own deliveries.
"""

import asyncio
import threading
import time
from collections.abc import Awaitable, Callable
from typing import Any

from prometheus_client import Counter
from sqlalchemy import ColumnElement, Row, or_, select, update

from services.notifier.ports import Ports
from services.notifier.tables import deliveries, delivery_attempts, endpoints
from services.notifier.webhooks.dialling import Answer
from services.notifier.webhooks.endpoints import secrets_of
from services.notifier.webhooks.schedule import LONGEST, next_attempt, parse_retry_after
from services.notifier.webhooks.signing import signed_headers
from services.notifier.webhooks.trouble import note_failure, note_success
from wetink.errors import RetryError
from wetink.faults import reach
from wetink.logs import Log

Post = Callable[[str, dict[str, str], bytes], Awaitable[Answer]]
"""Sends URL, headers, body; `Dialler.post` in production."""
_LOOK_EVERY_S = 0.3
_GONE = 410
_log = Log("notifier.webhooks")
_attempts = Counter("wetink_webhook_attempts_total", "Attempts to deliver a webhook.", ["outcome"])


class Sender:
    """`send_due` does one round; started, it is a `wetink.health.Part` that runs rounds in a thread."""

    def __init__(self, ports: Ports, post: Post, random: Callable[[], float]) -> None:
        self._ports = ports
        self._post = post
        self._random = random
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._run()), name="webhooks", daemon=True)

    def start(self) -> None:
        """Begin to send."""
        self._thread.start()

    def stop(self, timeout_s: float = 7.0) -> None:
        """End; attempts that are under way are made again at the next start."""
        self._stopping.set()
        self._thread.join(timeout_s)

    @property
    def is_stopping(self) -> bool:
        """True from the moment that `stop` was called."""
        return self._stopping.is_set()

    @property
    def is_ready(self) -> bool:
        """Whether it sends."""
        return self._thread.is_alive()

    def problems(self) -> list[str]:
        """One when the thread ended by itself."""
        return [] if self._thread.is_alive() or self.is_stopping else ["the sender of webhooks ended"]

    async def send_due(self) -> None:
        """Send everything that is due now and wait for the outcome."""
        async with asyncio.TaskGroup() as group:
            for endpoint_id in await asyncio.to_thread(self._endpoints_due):
                group.create_task(self._serve(endpoint_id))

    async def _run(self) -> None:
        busy: dict[str, asyncio.Task[None]] = {}
        while not self._stopping.is_set():
            try:
                for endpoint_id in await asyncio.to_thread(self._endpoints_due):
                    if endpoint_id not in busy or busy[endpoint_id].done():
                        busy[endpoint_id] = asyncio.create_task(self._serve_safely(endpoint_id))
            except RetryError as error:
                _log.warning("webhooks_database_away", error=error)
            await asyncio.sleep(_LOOK_EVERY_S)

    async def _serve_safely(self, endpoint_id: str) -> None:
        """One endpoint's trouble is not another's; the row stays and is tried at the next look."""
        try:
            await self._serve(endpoint_id)
        except Exception as error:  # noqa: BLE001 - whatever it was, the other endpoints go on
            _log.error("webhook_endpoint_failed", error=error, endpoint_id=endpoint_id)

    async def _serve(self, endpoint_id: str) -> None:
        while due := await asyncio.to_thread(self._next_due, endpoint_id):
            await self._attempt(*due)

    async def _attempt(self, endpoint: Row[Any], delivery: Row[Any]) -> None:
        now = self._ports.clock.now()
        secrets = await asyncio.to_thread(secrets_of, self._ports, endpoint)
        headers = signed_headers(delivery.delivery_id, now, delivery.body, secrets)
        headers |= {"content-type": "application/json", "user-agent": "Wetink"}
        started = time.monotonic()
        answer = await self._post(endpoint.url, headers, delivery.body.encode())
        duration_ms = round((time.monotonic() - started) * 1000)
        reach("webhook.answered")
        await asyncio.to_thread(self._record, delivery, answer, duration_ms)

    def _endpoints_due(self) -> list[str]:
        due = select(deliveries.c.endpoint_id).where(self._is_due()).distinct()
        with self._ports.database.reading() as connection:
            return list(connection.execute(due).scalars())

    def _next_due(self, endpoint_id: str) -> tuple[Row[Any], Row[Any]] | None:
        """Endpoint and delivery."""
        due = select(deliveries).where(deliveries.c.endpoint_id == endpoint_id, self._is_due())
        with self._ports.database.reading() as connection:
            delivery = connection.execute(due.order_by(deliveries.c.due_at, deliveries.c.created_at)).first()
            endpoint = connection.execute(select(endpoints).where(endpoints.c.endpoint_id == endpoint_id)).first()
        return (endpoint, delivery) if endpoint and delivery else None

    def _is_due(self) -> ColumnElement[bool]:
        """The condition on `deliveries`; what is planned impossibly late was so before the clock was set back."""
        now = self._ports.clock.now()
        return or_(deliveries.c.due_at <= now, deliveries.c.due_at > now + LONGEST)

    def _record(self, delivery: Row[Any], answer: Answer, duration_ms: int) -> None:
        outcome = self._outcome(delivery, answer)
        _attempts.labels(outcome["status"]).inc()
        with self._ports.database.transaction() as transaction:
            transaction.execute(
                delivery_attempts.insert().values(
                    delivery_id=delivery.delivery_id,
                    at=self._ports.clock.now(),
                    response_code=answer.code,
                    error=outcome["error"],
                    duration_ms=duration_ms,
                )
            )
            # A delivery that was cancelled meanwhile stays cancelled.
            waiting = deliveries.c.delivery_id == delivery.delivery_id, deliveries.c.due_at.is_not(None)
            transaction.execute(update(deliveries).where(*waiting).values(outcome))
            if outcome["status"] == "delivered":
                note_success(transaction, self._ports, delivery.endpoint_id)
            else:
                failures = delivery.failures + 1
                is_gone = answer.code == _GONE
                note_failure(transaction, self._ports, delivery.endpoint_id, failures, is_gone=is_gone)
        reach("webhook.recorded")

    def _outcome(self, delivery: Row[Any], answer: Answer) -> dict[str, Any]:
        """The delivery's columns after this attempt."""
        counted = {"attempts": delivery.attempts + 1, "response_code": answer.code}
        if answer.code is not None and 200 <= answer.code < 300:
            return counted | {"status": "delivered", "error": None, "due_at": None}
        now = self._ports.clock.now()
        failures = delivery.failures + 1
        retry_after = parse_retry_after(answer.retry_after, now)
        due_at = next_attempt(failures, now, retry_after=retry_after, random=self._random)
        if answer.code == _GONE:
            due_at = None
        error = answer.error or f"http_{answer.code}"
        return counted | {
            "status": "pending" if due_at else "failed",
            "failures": failures,
            "error": error,
            "due_at": due_at,
        }
