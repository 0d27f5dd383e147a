"""The worker of ocr, text lane, validator and notifier: a Faust app in a thread of its own.

Place in the pipeline: reads the topics of a service's handlers and hands each event to the engine, one at a time,
in a thread beside the event loop. Trust level: our own events, validated by the processor.
Residual risk: Faust's inside is looked at for health (coordinator, offsets); its version is pinned exactly.

What Faust may not do here, each measured to lose or block events: see `docs/decisions/01-stream.md`.
"""

import asyncio
import os
import signal
import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from wetink.clock import Clock
from wetink.database import Database
from wetink.logs import Log
from wetink.settings import SharedSettings
from wetink.stream.admin import is_reachable
from wetink.stream.delivery import Delivery
from wetink.stream.engine import Engine
from wetink.stream.faust_app import App, build_app, cluster_id, ensure_topics, learn_beginnings
from wetink.stream.faust_health import group_problems
from wetink.stream.faust_publisher import FaustPublisher
from wetink.stream.handler import Handler, Timer

_TICK_S = 0.5
_CLUSTER_LOOK_S = 5.0
_LOOP_STILL_S = 20.0
_log = Log(__name__)


class FaustWorker:
    """Runs a service's handlers and timers; the members of `group` share the partitions.

    `ports` is what the service's `prepare` functions and timers are given.
    """

    def __init__(  # noqa: PLR0913 - the composition root names every part it joins
        self,
        *,
        group: str,
        handlers: Sequence[Handler[Any, Any, Any]],
        timers: Sequence[Timer[Any]] = (),
        ports: object,
        database: Database,
        settings: SharedSettings,
        clock: Clock,
    ) -> None:
        self._settings = settings
        self._group = group
        self._topics = [handler.event_type.topic for handler in handlers]
        self._publisher = FaustPublisher()
        self._engine = Engine(
            handlers=handlers,
            timers=timers,
            ports=ports,
            database=database,
            publisher=self._publisher,
            clock=clock,
            settings=settings,
        )
        self.relay = self._engine.relay
        """Wake it after a transaction of your own that announced events."""
        self._hands = ThreadPoolExecutor(max_workers=1, thread_name_prefix="hands")
        self._thread = threading.Thread(target=self._run, name="faust", daemon=True)
        self._stopping = threading.Event()
        self._stop_timeout_s = 0.0
        self._ticked_at = time.monotonic()
        self._app: Any = None

    @property
    def is_ready(self) -> bool:
        """True once the group gave this worker its partitions, until they are taken away or too much fails."""
        if self._engine.is_stopped_by_failures:
            return False
        return self._app is not None and not self._app.rebalancing and self._app.is_assigned.is_set()

    def start(self) -> None:
        """Start the threads; the broker may still be away."""
        self.relay.start()
        self._thread.start()

    def stop(self, timeout_s: float = 7.0) -> None:
        """Let the event in work end within `timeout_s`, acknowledge it, and leave.

        What is not done by then is not acknowledged and comes again; its thread may still run: end the process.
        """
        self._engine.interrupt()
        self._stop_timeout_s = timeout_s
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join(timeout_s + 2.5)
        self.relay.stop(0.2)

    def problems(self) -> list[str]:
        """What keeps this worker from making progress; empty while it does or the broker is away."""
        if self._stopping.is_set():
            return []
        found = self._engine.problems()
        if not self._thread.is_alive():
            found.append("the worker's thread ended")
        elif time.monotonic() - self._ticked_at > _LOOP_STILL_S:
            found.append("the event loop stands still")
        if self._app is not None and is_reachable(self._settings.bootstrap):
            found += group_problems(self._app, self._engine.idle_for_s())
        return found

    def _run(self) -> None:
        try:
            asyncio.run(self._live())
        except Exception as error:  # noqa: BLE001 - the watchdog sees the ended thread
            _log.error("worker_failed", group=self._group, error=error)

    async def _live(self) -> None:
        """From the broker's arrival to the stop."""
        cluster = await self._wait_for_topics()
        if cluster is None:
            return
        app = build_app(self._group, self._topics, self._work, self._settings, cluster)
        app.loop = asyncio.get_running_loop()
        app.finalize()
        self._app = app
        await app.maybe_start()
        self._publisher.open(app, app.loop)
        self.relay.wake()
        watch = app.loop.create_task(self._end_with(cluster))
        await self._tick_until_stopped(app)
        watch.cancel()
        await self._leave(app)

    async def _wait_for_topics(self) -> str | None:
        """Wait for the broker, for ever, and make sure of the topics; the cluster's id, None at a stop."""
        bootstrap = self._settings.bootstrap
        if not is_reachable(bootstrap):
            _log.warning("broker_awaited", group=self._group)
        loop = asyncio.get_running_loop()
        due = loop.create_task(asyncio.sleep(0))
        while not self._stopping.is_set():
            self._ticked_at = time.monotonic()
            if due.done():  # it may take long: a retry that waits for the broker too
                due = loop.create_task(self._run_due())
            if is_reachable(bootstrap):
                try:
                    cluster = await cluster_id(bootstrap)
                    await ensure_topics(bootstrap)
                except Exception as error:  # noqa: BLE001 - aiokafka raises errors of several roots at a start
                    _log.warning("topics_awaited", group=self._group, error=error)
                else:
                    return cluster
            await asyncio.sleep(_TICK_S)
        return None

    async def _end_with(self, cluster: str) -> None:
        """End the process when another cluster answers: Kafka lost its disk.

        Faust takes offsets that begin anew for old ones and drops their events. A new process makes the topics
        and reads them from their beginning.
        """
        while True:
            await asyncio.sleep(_CLUSTER_LOOK_S)
            try:
                found = await cluster_id(self._settings.bootstrap)
            except Exception:  # noqa: BLE001, S112 - away; aiokafka raises errors of several roots
                continue
            if found != cluster:
                _log.error("cluster_replaced", group=self._group)
                os.kill(os.getpid(), signal.SIGTERM)
                return

    async def _tick_until_stopped(self, app: App) -> None:
        loop = asyncio.get_running_loop()
        due = loop.create_task(asyncio.sleep(0))
        while not self._stopping.is_set():
            self._ticked_at = time.monotonic()
            if due.done():
                due = loop.create_task(self._run_between_events(app))
            await asyncio.sleep(_TICK_S)

    async def _run_between_events(self, app: App) -> None:
        await self._run_due()
        await learn_beginnings(app)

    async def _run_due(self) -> None:
        await asyncio.get_running_loop().run_in_executor(self._hands, self._engine.run_due)

    async def _work(self, message: Any) -> None:  # noqa: ANN401 - Faust's message
        """Return when the event may be acknowledged; else wait for the end of the process."""
        delivery = Delivery(message.topic, message.partition, message.offset, message.value or b"")
        loop = asyncio.get_running_loop()
        if not await loop.run_in_executor(self._hands, self._engine.process, delivery):
            await asyncio.Event().wait()

    async def _leave(self, app: Any) -> None:  # noqa: ANN401 - Faust has no types
        """Wait for the work in hand, commit what is acknowledged, and stop without any further commit."""
        try:
            async with asyncio.timeout(self._stop_timeout_s):
                await asyncio.get_running_loop().run_in_executor(self._hands, lambda: None)
                await asyncio.sleep(0.05)  # the streams acknowledge as they ask for their next event
                await app.consumer.commit()
        except Exception as error:  # noqa: BLE001 - leaving goes on; what is not committed comes again
            _log.warning("left_without_commit", group=self._group, error=error)
        app.consumer.commit = _commit_nothing
        app.conf.stream_wait_empty = False
        self._publisher.close()
        try:
            async with asyncio.timeout(1.5):
                await app.stop()
        except Exception as error:  # noqa: BLE001 - see above
            _log.warning("left_without_stop", group=self._group, error=error)


async def _commit_nothing(*_arguments: object, **_options: object) -> bool:
    """Stopping acknowledges the events in flight; that must not reach the broker."""
    return False
