"""`make demo`: uploads a sample filing to the running system and prints the flags that come out.

Place in the pipeline: outside; it speaks to the public interfaces alone, as a portal and a case manager would, and
learns the fictional form of the sample first. Trust level: the keys of first-run.env.
Residual risk: it leaves a case named DEMO in the system it is run against.

    python -m deploy.local.demo
"""

import contextlib
import json
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, TypeVar

import httpx

from wetink.settings import SharedSettings

T = TypeVar("T")
SAMPLES = Path(__file__).resolve().parents[1] / "demo"
PATIENCE_S = 60
"""How long the review and the webhook may take."""


class DemoError(Exception):
    """Something did not answer as expected; the message says what."""


def main() -> int:
    """Run the demo; returns the exit status."""
    try:
        keys = first_run_keys(SharedSettings().data / "first-run.env")
        demo(keys)
    except (DemoError, httpx.HTTPError) as problem:
        print(f"wetink: the demo failed: {problem}", file=sys.stderr)
        return 1
    return 0


def first_run_keys(file: Path) -> dict[str, str]:
    """Addresses and keys of the first start."""
    try:
        return dict(line.split("=", 1) for line in file.read_text().splitlines() if "=" in line)
    except FileNotFoundError:
        raise DemoError("nothing is running yet: `make up` first, in another terminal") from None


def demo(keys: dict[str, str]) -> None:
    """Learn, upload, wait, print."""
    with (
        _client(keys["WETINK_INTAKE_URL"], keys["WETINK_CLIENT_KEY"]) as intake,
        _client(keys["WETINK_QUEUE_URL"], keys["WETINK_MANAGER_KEY"]) as queue,
        _client(keys["WETINK_QUEUE_URL"], keys["WETINK_ADMIN_KEY"]) as administration,
        webhooks() as receiver,
    ):
        learn_sample_form()
        hook = _register(administration, receiver.url)
        case_id = _body(intake.post("/v1/cases", json={"reference": "DEMO"}), 201)["id"]
        with (SAMPLES / "filing.pdf").open("rb") as filing:
            sent = time.monotonic()
            path = f"/v1/cases/{case_id}/documents"
            document = _body(intake.post(path, files={"file": ("filing.pdf", filing)}), 202)
        print(f"Uploaded filing.pdf as {document['id']} of case {case_id}.")
        _until(lambda: _is_final(intake, document["id"]), "the review")
        print(f"Reviewed after {time.monotonic() - sent:.1f} s. Flags in the queue:\n")
        flags = _body(queue.get("/v1/flags", params={"case_id": case_id}), 200)["items"]
        for flag in flags:
            print(_flag_text(flag, keys["WETINK_QUEUE_URL"]))
        if not flags:
            raise DemoError("no flag came out of a filing that nobody signed")
        if hook:
            _show_webhook(receiver, flags)
            administration.delete(f"/v1/webhooks/{hook}")


def learn_sample_form() -> None:
    """Let the system learn the sample's form from its blank, if it does not know it."""
    wetink = [sys.executable, "-m", "wetink.cli"]
    learned = subprocess.run([*wetink, "learn", str(SAMPLES / "blank.pdf")], check=False, stdout=subprocess.PIPE)
    if learned.returncode:
        raise DemoError("the sample's blank form could not be learned")


def _client(url: str, key: str) -> httpx.Client:
    headers = {"Authorization": f"Bearer {key}"}
    return httpx.Client(base_url=url, headers=headers, timeout=30, trust_env=False)


def _body(answer: httpx.Response, expected: int) -> dict[str, Any]:
    if answer.status_code != expected:
        raise DemoError(f"{answer.request.url} answered {answer.status_code}: {answer.text[:300]}")
    body: dict[str, Any] = answer.json()
    return body


def _until(look: Callable[[], T | None], what: str) -> T:
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until:
        if result := look():
            return result
        time.sleep(0.05)
    raise DemoError(f"{what} did not come within {PATIENCE_S} s; see `wetink status`")


def _is_final(intake: httpx.Client, document_id: str) -> bool:
    return _body(intake.get(f"/v1/documents/{document_id}"), 200)["status"] in {"reviewed", "unreadable"}


def _flag_text(flag: dict[str, Any], queue_url: str) -> str:
    place = f"\n           picture: {queue_url}{flag['evidence_url']}" if flag.get("evidence_url") else ""
    return f"  {flag['severity']:<8} {flag['title']}{place}"


class Receiver:
    """A webhook receiver on loopback: keeps the deliveries as headers (lower case) and body."""

    def __init__(self) -> None:
        self.url = ""
        self.deliveries: list[tuple[dict[str, str], bytes]] = []


@contextlib.contextmanager
def webhooks() -> Iterator[Receiver]:
    """A receiver that listens for the length of the block."""
    receiver = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
            receiver.deliveries.append(({name.lower(): value for name, value in self.headers.items()}, body))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Stay quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    receiver.url = f"http://127.0.0.1:{server.server_address[1]}/"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield receiver
    finally:
        server.shutdown()
        server.server_close()


def _register(administration: httpx.Client, url: str) -> str | None:
    """Register the receiver; None when this system may not send to loopback, which is the default."""
    event_types = ["flag.opened", "document.reviewed"]
    answer = administration.post(
        "/v1/webhooks", json={"url": url, "event_types": event_types, "description": "demo"}
    )
    if answer.status_code == httpx.codes.UNPROCESSABLE_ENTITY:
        print("No webhook in this demo: start with WETINK_WEBHOOK_ALLOW=127.0.0.0/8 to see one.")
        return None
    return str(_body(answer, 201)["id"])


def _show_webhook(receiver: Receiver, flags: list[dict[str, Any]]) -> None:
    """Wait for the delivery that tells of the first flag, and print it."""
    wanted = flags[0]["id"]

    def arrived() -> tuple[dict[str, str], bytes] | None:
        told = (one for one in receiver.deliveries if json.loads(one[1])["data"].get("flag_id") == wanted)
        return next(told, None)

    headers, body = _until(arrived, "the webhook")
    print("\nThe signed webhook that told of the first one:\n")
    for name in ("webhook-id", "webhook-timestamp", "webhook-signature"):
        print(f"  {name}: {headers[name]}")
    print(f"  {body.decode()}")


if __name__ == "__main__":
    sys.exit(main())
