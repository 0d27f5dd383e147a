"""Is a Faust app still a member of its group and handling events? Faust itself does not say.

Place in the pipeline: asked by the worker's `problems`. Trust level: our own process.
Residual risk: looks at Faust's and aiokafka's inside, with exactly pinned versions; a contract test on the real
broker notices when the names change.
"""

from typing import Any

_NOTHING_HANDLED_S = 30.0


def group_problems(app: Any, idle_for_s: float) -> list[str]:  # noqa: ANN401 - Faust has no types
    """What is wrong, in words; `idle_for_s` is how long ago the last event ended. The broker must be reachable."""
    if app._crashed.is_set() or app.should_stop:  # noqa: SLF001 - no public name
        return ["the Faust app ended"]
    consumer = app.consumer._thread._consumer  # noqa: SLF001 - no public name
    if consumer is None:
        return ["the consumer did not start"]
    found = _membership_problems(consumer._coordinator)  # noqa: SLF001 - no public name
    if idle_for_s > _NOTHING_HANDLED_S and _has_waiting_events(app, consumer):
        found.append("events wait but none is handled")
    return found


def _membership_problems(coordinator: Any) -> list[str]:  # noqa: ANN401
    if coordinator._coordination_task.done():  # noqa: SLF001
        return ["the group's coordination ended"]
    if coordinator.generation < 0:
        return ["no member of the group"]
    heartbeat = coordinator._heartbeat_task  # noqa: SLF001
    if heartbeat is None or heartbeat.done():
        return ["no heartbeat to the group"]
    return []


def _has_waiting_events(app: Any, consumer: Any) -> bool:  # noqa: ANN401
    """True when an assigned partition goes on behind what was handled of it, or behind where it begins.

    What lies before its beginning has expired. Before that is known of a partition, nothing is said of it.
    """
    for partition in consumer.assignment():
        begins, end = app.beginnings.get(partition), consumer.highwater(partition)
        committed = app.consumer._committed_offset.get(partition)  # noqa: SLF001
        if begins is not None and end is not None and end > max(begins, committed or 0):
            return True
    return False
