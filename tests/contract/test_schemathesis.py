"""Both HTTP faces keep to their OpenAPI documents, whatever is sent: schemathesis with all its checks.

It makes up calls that are right and wrong by the document, follows the answers' ids from call to call, and looks
whether each answer is one that the document declares. What it cannot know stands in `schemathesis.toml`.
"""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from fastapi import FastAPI

from tests.support.intake import PDF, Intake
from tests.support.notifier import House, finding
from tests.support.served import free_port, served
from tests.support.system import CHECKOUT
from wetink.blobs import names
from wetink.blobs.port import BlobRef
from wetink.contracts.reading import PageText
from wetink.health import Health
from wetink.health_routes import health_router
from wetink.http.limits import Limits

NO_LIMIT = Limits(requests_per_minute=1_000_000)
SHORT = ("--max-examples=3", "--generation-deterministic")
LONG = ("--max-examples=10", "--generation-deterministic")


def intake() -> tuple[FastAPI, str, str]:
    """The application, an administrator's key, and settings for ids that no answer leads to."""
    one = Intake(limits=NO_LIMIT)
    return one.app, one.key("admin"), ""


def queue() -> tuple[FastAPI, str, str]:
    """The same of the queue, which has flags with pictures."""
    house = House(limits=NO_LIMIT)
    for name in (names.original("doc_1"), names.page_picture("doc_1", 1), str(finding().evidence)):
        house.blobs.put(BlobRef(house.organisation_id, "case_1", name), PDF)
    text = PageText(number=1, outcome="read").model_dump_json().encode()
    house.blobs.put(BlobRef(house.organisation_id, "case_1", names.text("doc_1", 1)), text)
    house.judge(finding(), *(finding("date_missing", slot=str(number)) for number in range(60)))
    return house.app, house.key("admin"), '[parameters]\n"path.document_id" = "doc_1"\n"path.number" = 1\n'


@pytest.mark.parametrize("face", [intake, queue])
@pytest.mark.parametrize("extent", [SHORT, pytest.param(LONG, marks=pytest.mark.slow)], ids=["short", "long"])
def test_a_face_answers_as_its_document_says(face, extent: tuple[str, ...], tmp_path: Path):
    app, key, parameters = face()
    app.include_router(health_router(Health(())))
    config = tmp_path / "schemathesis.toml"
    config.write_text((CHECKOUT / "schemathesis.toml").read_text() + parameters)
    command = [sys.executable, "-m", "schemathesis.cli", "--config-file", str(config)]
    options = ["--checks=all", *extent, "--request-timeout=20", "--no-color"]
    with served(app, free_port()) as url:
        done = subprocess.run(
            [*command, "run", f"{url}/openapi.json", *options, "-H", f"Authorization: Bearer {key}"],
            cwd=tmp_path,
            env=os.environ,
            capture_output=True,
            check=False,
            text=True,
            timeout=400,
        )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "✅  Stateful" in done.stdout
