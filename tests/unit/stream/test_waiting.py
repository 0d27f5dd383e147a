"""What waits in a service's database, as metrics; and that a metric which cannot be counted hides no other."""

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily

from tests.support.stream import NOON, delivery, received
from wetink.database.fake import memory_database
from wetink.errors import RetryError
from wetink.scraped import Scraped
from wetink.stream.failures import Failure, bury, replay
from wetink.stream.outbox import announce
from wetink.stream.tables import stream_metadata
from wetink.stream.waiting import waiting


def numbers(database):
    return {family.name: family.samples[0].value for family in waiting("ocr", database)}


def test_what_waits_is_counted():
    database = memory_database(stream_metadata)
    event = received()
    failure = Failure(event.id, event.case_id, delivery(event), 1, "spoiled")
    with database.transaction() as transaction:
        announce(transaction, [event], cause_id="cause", process="ocr-1", now=NOON)
        bury(transaction, failure, NOON)
    assert numbers(database) == {"wetink_outbox_waiting": 1, "wetink_retries_waiting": 0, "wetink_dead_letters": 1}
    with database.transaction() as transaction:
        replay(transaction, event.id, NOON)
    assert numbers(database)["wetink_dead_letters"] == 0
    assert numbers(database)["wetink_retries_waiting"] == 1
    database.close()


def test_each_tells_whose_it_is():
    database = memory_database(stream_metadata)
    assert {family.samples[0].labels["service"] for family in waiting("ocr", database)} == {"ocr"}
    database.close()


def test_it_is_counted_at_each_scrape_and_not_before():
    registry, counted = CollectorRegistry(auto_describe=True), []

    def count():
        counted.append(1)
        yield GaugeMetricFamily("wetink_test", "A number.", value=len(counted))

    registry.register(Scraped(count))
    assert counted == []
    generate_latest(registry)
    assert b"wetink_test 2.0" in generate_latest(registry)


def test_a_count_that_fails_is_left_out_and_the_others_are_told():
    registry = CollectorRegistry()

    def fail():
        raise RetryError("the database is away")

    registry.register(Scraped(fail))
    registry.register(Scraped(lambda: [GaugeMetricFamily("wetink_test", "A number.", value=1)]))
    assert b"wetink_test 1.0" in generate_latest(registry)
