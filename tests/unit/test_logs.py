"""Log lines are JSON with codes and ids; what an exception quotes does not reach them."""

import json
import logging

from wetink.logs import JsonLines, Log


def fail() -> None:
    raise ValueError("Maria Example, A-123")


def written(caplog) -> dict:
    return json.loads(JsonLines("ocr-1").format(caplog.records[-1]))


def test_a_line_is_json_with_code_and_ids(caplog):
    caplog.set_level(logging.INFO)
    Log("part").info("event_handled", event="e1", attempts=2)
    line = written(caplog)
    assert (line["code"], line["event"], line["attempts"], line["process"]) == ("event_handled", "e1", 2, "ocr-1")


def test_of_an_error_its_type_and_places_are_written_but_not_its_message(caplog):
    try:
        fail()
    except ValueError as error:
        Log("part").error("event_failed", error=error)
    line = written(caplog)
    assert line["error"] == "ValueError"
    assert "test_logs.py" in line["places"][0]
    assert "Maria" not in json.dumps(line)


def test_a_librarys_exception_is_treated_alike(caplog):
    try:
        fail()
    except ValueError:
        logging.getLogger("library").exception("failed")
    assert "Maria" not in json.dumps(written(caplog))
