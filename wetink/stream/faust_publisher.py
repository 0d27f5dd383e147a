"""A publisher over a running Faust app: each send is awaited until the broker acknowledged it.

Place in the pipeline: leaves the outbox of a Faust worker for Kafka; called by other threads than the app's.
Trust level: our own events. Residual risk: none beyond a duplicate.
"""

import asyncio
from collections.abc import Awaitable, Sequence
from concurrent.futures import CancelledError as FutureCancelledError

from wetink.logs import Log
from wetink.stream.faust_app import App
from wetink.stream.publisher import Message

_DELIVERY_S = 75.0
"""Longer than the producer's own limit (`producer_request_timeout`)."""
_log = Log(__name__)


class FaustPublisher:
    """Sends through the app given to `open`; before that and after `close` nothing is acknowledged."""

    def __init__(self) -> None:
        self._app: App | None = None
        self._loop: asyncio.AbstractEventLoop | None = None

    def open(self, app: App, loop: asyncio.AbstractEventLoop) -> None:
        """Use `app`, which runs on `loop`."""
        self._app, self._loop = app, loop

    def publish(self, messages: Sequence[Message]) -> list[bool]:
        """See `Publisher.publish`; must not be called on the app's own loop."""
        app, loop = self._app, self._loop
        if app is None or loop is None or not loop.is_running():
            return [False] * len(messages)
        sending = asyncio.run_coroutine_threadsafe(_send_all(app, messages), loop)
        try:
            return sending.result(_DELIVERY_S)
        except (TimeoutError, FutureCancelledError) as error:
            sending.cancel()
            _log.warning("publish_failed", error=error)
            return [False] * len(messages)

    def close(self) -> None:
        """See `Publisher.close`."""
        self._app = self._loop = None


async def _send_all(app: App, messages: Sequence[Message]) -> list[bool]:
    sends = []
    for message in messages:
        topic = app.topic(message.topic, key_type=bytes, value_type=bytes)
        sends.append(await _queued(topic.send(key=message.key.encode(), value=message.value.encode())))
    return [await _acknowledged(send) for send in sends]


async def _queued(send: Awaitable[Awaitable[object]]) -> Awaitable[object] | None:
    """The acknowledgement to wait for; None when the message could not even be queued."""
    try:
        return await send
    except Exception as error:  # noqa: BLE001 - Faust, aiokafka and mode have no common root
        _log.warning("publish_failed", error=error)
        return None


async def _acknowledged(send: Awaitable[object] | None) -> bool:
    if send is None:
        return False
    try:
        await send
    except Exception as error:  # noqa: BLE001 - see above
        _log.warning("publish_failed", error=error)
        return False
    return True
