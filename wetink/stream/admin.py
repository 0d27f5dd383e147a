"""Looking after the broker: is it there, its topics, how far each group is behind.

Place in the pipeline: used by the workers at their start, by `wetink status` and for intake's `/metrics`.
Trust level: the administrator's cluster. Residual risk: a topic that exists keeps the partitions it has.
"""

import socket
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from typing import Any

from prometheus_client.core import GaugeMetricFamily

from wetink.topics import TOPICS, Topic

Lag = dict[str, dict[tuple[str, int], int]]
"""Group to topic and number of partition to messages that the group has not acknowledged yet."""
GROUPS = ("intake", "ocr", "text", "validator", "notifier")
"""The consumer groups, one a service (ocr's text lane has its own); a topic's `consumers` name them."""


def is_reachable(bootstrap: str, timeout_s: float = 1.0) -> bool:
    """True when one of the addresses (`host:port,...`) takes a connection."""
    for address in bootstrap.split(","):
        host, _, port = address.strip().rpartition(":")
        try:
            with socket.create_connection((host.strip("[]"), int(port)), timeout_s):
                return True
        except OSError:
            continue
    return False


def ensure_topics(bootstrap: str, topics: Iterable[Topic] = TOPICS) -> list[str]:
    """Create what is missing of `topics`, as the table says; the names that were created.

    Raises `kafka.errors.KafkaError` when the broker is away.
    """
    with closing(_client(bootstrap, timeout_s=30)) as client:
        there = set(client.list_topics())
        missing = {topic.name: topic_options(topic) for topic in topics if topic.name not in there}
        if missing:
            client.create_topics(missing, raise_errors=False, wait_for_metadata=True)
        return sorted(missing)


def topic_options(topic: Topic) -> dict[str, Any]:
    """The topic as kafka-python's admin client wants it; -1 leaves the replication to the cluster."""
    configs = {"retention.ms": str(topic.retention_ms)}
    return {"num_partitions": topic.partitions, "replication_factor": -1, "configs": configs}


def lag(bootstrap: str, timeout_s: float = 2.0) -> Lag | None:
    """How far each group is behind; None when the broker is away.

    Takes about `timeout_s` at most. A group that never acknowledged counts from each topic's beginning.
    """
    if not is_reachable(bootstrap, timeout_s / 4):
        return None
    try:
        with closing(_client(bootstrap, timeout_s)) as client:
            return _lag(client)
    except Exception:  # noqa: BLE001 - kafka-python raises errors of several roots while a broker starts or ends
        return None


def lag_gauges(bootstrap: str) -> Iterator[GaugeMetricFamily]:
    """For `/metrics`; nothing while the broker is away."""
    family = GaugeMetricFamily(
        "wetink_lag", "Events that a group has not acknowledged.", labels=["group", "topic", "partition"]
    )
    for group, partitions in (lag(bootstrap, timeout_s=1.0) or {}).items():
        for (topic, number), messages in partitions.items():
            family.add_metric([group, topic, str(number)], messages)
    yield family


def _lag(client: Any) -> Lag:  # noqa: ANN401 - kafka-python has no types
    from kafka import TopicPartition  # noqa: PLC0415 - see _client
    from kafka.admin import OffsetSpec  # noqa: PLC0415

    there = set(client.list_topics())
    partitions = [
        TopicPartition(topic.name, number)
        for topic in TOPICS
        if topic.name in there
        for number in range(topic.partitions)
    ]
    ends = client.list_partition_offsets(dict.fromkeys(partitions, OffsetSpec.LATEST))
    starts = client.list_partition_offsets(dict.fromkeys(partitions, OffsetSpec.EARLIEST))
    done = client.list_group_offsets(list(GROUPS))
    return {group: _behind(group, starts, ends, done.get(group, {})) for group in GROUPS}


def _behind(
    group: str, starts: Mapping[Any, Any], ends: Mapping[Any, Any], done: Mapping[Any, Any]
) -> dict[tuple[str, int], int]:
    read = {topic.name for topic in TOPICS if group in topic.consumers}
    behind = {}
    for partition, end in ends.items():
        if partition.topic in read:
            committed = done[partition].offset if partition in done else -1
            left = max(0, end.offset - max(committed, starts[partition].offset))
            behind[partition.topic, partition.partition] = left
    return behind


def _client(bootstrap: str, timeout_s: float) -> Any:  # noqa: ANN401 - kafka-python has no types
    from kafka import KafkaAdminClient  # noqa: PLC0415 - 5 MB that a Faust worker can do without

    timeout_ms = max(int(timeout_s * 1000), 200)
    return KafkaAdminClient(
        bootstrap_servers=bootstrap.split(","),
        bootstrap_timeout_ms=timeout_ms,
        request_timeout_ms=timeout_ms,
    )
