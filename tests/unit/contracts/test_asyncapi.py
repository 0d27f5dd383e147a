"""Topics, events, examples and their published description agree."""

from pathlib import Path

import jsonschema
import pytest

from wetink.contracts.asyncapi import event_schema, example, files
from wetink.contracts.events import EVENT_TYPES
from wetink.stream.admin import GROUPS
from wetink.topics import TOPICS

DOCS = Path(__file__).resolve().parents[3] / "docs"


def test_every_topic_has_one_event_type_and_every_event_type_its_topic():
    assert [kind.topic for kind in EVENT_TYPES] == [topic.name for topic in TOPICS]


def test_every_consumer_is_a_group_that_exists():
    assert {consumer for topic in TOPICS for consumer in topic.consumers} == set(GROUPS)


@pytest.mark.parametrize("kind", EVENT_TYPES, ids=lambda kind: kind.topic)
def test_every_event_type_has_an_example_that_its_schema_accepts(kind):
    schema = event_schema(kind)
    jsonschema.validate(schema["examples"][0], schema)
    assert kind.model_validate(schema["examples"][0]) == example(kind)


@pytest.mark.parametrize("name", files())
def test_the_published_description_is_what_the_code_says(name):
    assert (DOCS / name).read_text() == files()[name], "run: make asyncapi"


def test_no_published_file_is_left_of_an_event_that_is_gone():
    assert {f"events/{file.name}" for file in (DOCS / "events").iterdir()} <= files().keys()
