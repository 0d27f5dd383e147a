"""Both workers can make every topic of the table."""

import pytest

from wetink.stream.admin import topic_options
from wetink.stream.faust_app import new_topic
from wetink.topics import TOPICS


@pytest.mark.parametrize("topic", TOPICS, ids=lambda topic: topic.name)
def test_faust_and_kafka_python_ask_for_the_same_topic(topic) -> None:
    by_faust = new_topic(topic)
    assert topic_options(topic) == {
        "num_partitions": by_faust.num_partitions,
        "replication_factor": by_faust.replication_factor,
        "configs": by_faust.topic_configs,
    }
