"""The three routes: alive, ready, metrics; and metrics are not for those who come through a proxy."""

import json
import sys

import httpx
import pytest
from anyio import fail_after, to_thread
from fastapi import FastAPI

from wetink import health
from wetink.health import Health, HealthServer
from wetink.health_routes import health_router


class Part:
    def __init__(self, problems=(), is_ready=True) -> None:
        self._problems = list(problems)
        self.is_ready = is_ready

    def start(self) -> None: ...

    def stop(self, timeout_s: float = 7.0) -> None: ...

    def problems(self) -> list[str]:
        return self._problems


def test_a_process_without_problems_is_alive():
    assert Health([Part()]).answer("/healthz", []).status == 200


def test_a_problem_of_any_part_is_told():
    answer = Health([Part(), Part(["the relay ended"])]).answer("/healthz", [])
    assert answer.status == 503
    assert json.loads(answer.body)["detail"] == "the relay ended"


def test_a_part_that_cannot_tell_its_health_is_a_problem_and_stops_no_watchdog():
    class Broken(Part):
        def problems(self):
            raise AttributeError("a library changed its inside")

    answer = Health([Part(), Broken(), Part(["the relay ended"])]).answer("/healthz", [])
    assert answer.status == 503
    assert json.loads(answer.body)["detail"] == "a part cannot tell its health; the relay ended"


def test_a_process_is_ready_when_all_parts_are():
    assert Health([Part(), Part()]).answer("/readyz", []).status == 200
    assert Health([Part(), Part(is_ready=False)]).answer("/readyz", []).status == 503


@pytest.mark.parametrize("header", ["Forwarded", "X-Forwarded-For", "x-forwarded-proto"])
def test_metrics_are_hidden_behind_a_proxy(header):
    assert Health([]).answer("/metrics", ["Host", header]).status == 404


def test_metrics_are_prometheus_text():
    answer = Health([]).answer("/metrics?name=x", ["Host"])
    assert answer.status == 200
    assert b"wetink_" in answer.body or b"python_info" in answer.body


def test_other_paths_are_not_found():
    assert Health([]).answer("/table", []).status == 404


async def test_the_web_services_routes_answer_the_same():
    app = FastAPI()
    app.include_router(health_router(Health([Part(["stuck"], is_ready=False)])))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://wetink.test") as client:
        answers = [await client.get(path) for path in ("/healthz", "/readyz", "/metrics")]
        proxied = await client.get("/metrics", headers={"X-Forwarded-For": "203.0.113.9"})
    assert [answer.status_code for answer in answers] == [503, 503, 200]
    assert answers[0].headers["content-type"] == "application/problem+json"
    assert proxied.status_code == 404


async def test_health_is_told_while_all_other_threads_wait():
    app = FastAPI()
    app.include_router(health_router(Health([Part()])))
    others = to_thread.current_default_thread_limiter()
    for _ in range(int(others.total_tokens)):
        others.acquire_on_behalf_of_nowait(object())
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://wetink.test") as client:
        with fail_after(5):
            answers = [await client.get(path) for path in ("/healthz", "/readyz", "/metrics")]
    assert [answer.status_code for answer in answers] == [200, 200, 200]


def test_the_small_server_answers_on_loopback():
    server = HealthServer(Health([Part()]))
    server.start()
    assert httpx.get(server.url + "/healthz").status_code == 200
    server.stop()


@pytest.mark.parametrize(("error", "lines"), [(ConnectionResetError(), 0), (ValueError(), 1)])
def test_a_caller_that_hangs_up_is_not_logged_and_a_failure_is(error, lines, monkeypatch, capsys):
    logged = []
    monkeypatch.setattr(health._log, "warning", lambda code, error: logged.append(code))
    server = HealthServer(Health([]))
    monkeypatch.setattr(sys, "exception", lambda: error)
    server._server.handle_error(None, None)
    server._server.server_close()
    assert len(logged) == lines
    assert capsys.readouterr().err == ""
