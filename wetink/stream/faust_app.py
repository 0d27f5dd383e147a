"""The Faust app as Wetink uses it: settings that lose nothing, one event at a time.

Place in the pipeline: built by `faust_worker`. Trust level: our own settings.
Residual risk: each value here was measured with the pinned versions; a new version needs the measurements again.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any

from aiokafka.admin import AIOKafkaAdminClient, NewTopic

from wetink.logs import Log
from wetink.settings import SharedSettings
from wetink.stream.engine import HANDLER_LIMIT_S
from wetink.stream.faust_import import NoHttpClient, faust
from wetink.topics import TOPICS, Topic

_log = Log(__name__)
_BUFFER = 16
"""Events fetched ahead for each topic. Small: a full buffer must never wait longer than the poll interval."""


class App(faust.App):  # type: ignore[misc, name-defined] # Faust has no types
    """A Faust app that knows whether the group gave it partitions, and from where on they hold events."""

    is_assigned: asyncio.Event
    beginnings: dict[tuple[str, int], int]
    """First offset by topic and number of partition; empty until it was asked for."""


def build_app(
    group: str,
    topics: Sequence[str],
    work: Callable[[Any], Awaitable[None]],
    settings: SharedSettings,
    cluster: str,
) -> App:
    """An app that hands every message of `topics` to `work`, one at a time for each topic.

    A message is acknowledged when `work` returned; `work` must not raise: Faust would acknowledge all the same.
    A member keeps its partitions over a restart; its name has the `cluster`'s id in it, so that it does not keep
    the none that it was given by a Kafka that had just lost its disk.
    """
    folder = settings.data / "tmp"
    folder.mkdir(parents=True, exist_ok=True)
    app = App(
        group,
        broker=[f"kafka://{address.strip()}" for address in settings.bootstrap.split(",")],
        datadir=folder / f"faust-{settings.process}",
        key_serializer="raw",
        value_serializer="raw",
        web_enabled=False,
        HttpClient=NoHttpClient,
        topic_allow_declare=False,
        topic_disable_leader=True,
        table_standby_replicas=0,
        consumer_group_instance_id=f"{settings.process}-{cluster}",
        consumer_auto_offset_reset="earliest",
        broker_commit_interval=0.5,
        broker_session_timeout=10.0,
        broker_max_poll_interval=604_800.0,
        broker_rebalance_timeout=HANDLER_LIMIT_S,
        producer_request_timeout=60.0,
        stream_buffer_maxsize=_BUFFER,
        stream_wait_empty=True,
        worker_redirect_stdouts=False,
    )
    app.is_assigned = asyncio.Event()
    app.beginnings = {}
    app.on_partitions_assigned.connect(lambda *_a, **_k: app.is_assigned.set(), weak=False)
    app.on_partitions_revoked.connect(lambda *_a, **_k: _give_back(app), weak=False)
    for topic in topics:
        _add_agent(app, topic, work)
    return app


def _give_back(app: App) -> None:
    app.is_assigned.clear()
    app.beginnings = {}


async def learn_beginnings(app: App) -> None:
    """Ask where the assigned partitions begin, unless that is known; without an answer the next call does."""
    partitions = app.consumer.assignment() if app.is_assigned.is_set() and not app.beginnings else ()
    if partitions:
        try:
            app.beginnings = await app.consumer.earliest_offsets(*partitions)
        except Exception as error:  # noqa: BLE001 - away; aiokafka raises errors of several roots
            _log.warning("beginnings_awaited", error=error)


def _add_agent(app: App, topic: str, work: Callable[[Any], Awaitable[None]]) -> None:
    async def body(stream: Any) -> None:  # noqa: ANN401 - Faust has no types
        events: AsyncIterator[Any] = stream.events()
        async for event in events:
            await work(event.message)

    channel = app.topic(topic, key_type=bytes, value_type=bytes)
    app.agent(channel, name=f"{app.conf.id}.{topic}", concurrency=1)(body)


async def ensure_topics(bootstrap: str) -> None:
    """Create the topics that are missing; raises when the broker is away."""
    async with _client(bootstrap) as client:
        there = set(await client.list_topics())
        missing = [topic for topic in TOPICS if topic.name not in there]
        if missing:
            new = [new_topic(topic) for topic in missing]
            await client.create_topics(new)


def new_topic(topic: Topic) -> NewTopic:
    """The topic as aiokafka wants it: -1 leaves the replication to the cluster, and needs an empty assignment."""
    configs = {"retention.ms": str(topic.retention_ms)}
    return NewTopic(topic.name, topic.partitions, -1, replica_assignments={}, topic_configs=configs)


async def cluster_id(bootstrap: str) -> str:
    """The cluster that answers; raises when the broker is away."""
    async with _client(bootstrap) as client:
        return str((await client.describe_cluster())["cluster_id"])


@asynccontextmanager
async def _client(bootstrap: str) -> AsyncIterator[AIOKafkaAdminClient]:
    client = AIOKafkaAdminClient(bootstrap_servers=bootstrap.split(","), request_timeout_ms=5_000)
    try:
        await client.start()
        yield client
    finally:
        await client.close()
