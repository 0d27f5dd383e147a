"""A portal that does not give up, and what its cases must end as: for tests that kill what it speaks to."""

import json
import subprocess
import sys
import uuid
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import httpx

from tests.support import forms
from tests.support.eventually import eventually
from tests.support.system import CHECKOUT, System

MISSING = [("date_missing", "part-2.item-2.b.date"), ("signature_missing", "part-2.item-2.a.signature")]
FINAL = ("reviewed", "unreadable")


@dataclass(frozen=True)
class Paper:
    """What is sent to a case, one document after the other, and the flags that are open in the end."""

    versions: tuple[bytes, ...]
    flags: list[tuple[str, str | None]]


@cache
def papers() -> tuple[Paper, ...]:
    """A scan, a digital form, a scan and its correction, a letter."""
    unsigned = forms.filled_form()
    signed = forms.filled_form(signed=("applicant",), dated=("applicant",))
    return (
        Paper((forms.as_scan(unsigned),), MISSING),
        Paper((unsigned,), MISSING),
        Paper((forms.as_scan(unsigned, seed=2), forms.as_scan(signed)), []),
        Paper((forms.letter(),), []),
    )


@dataclass
class Sent:
    """A case, its documents that were answered 202, and what it must end as."""

    case: str
    documents: list[str]
    flags: list[tuple[str, str | None]]


@dataclass
class Portal:
    """Sends to `system`; `refusals` counts every answer and broken connection that made it send again."""

    system: System
    patience_s: float = 120
    refusals: Counter[str] = field(default_factory=Counter)
    sent: list[Sent] = field(default_factory=list)

    def send(self, paper: Paper) -> Sent:
        """Open a case and send the paper's documents."""
        case = self.open_case()
        documents = [self.upload(case, content) for content in paper.versions]
        self.sent.append(Sent(case, documents, paper.flags))
        return self.sent[-1]

    def open_case(self) -> str:
        """A new case's id."""
        return str(self._again(201, lambda intake: intake.post("/v1/cases", json={"reference": "P"})).json()["id"])

    def upload(self, case: str, content: bytes) -> str:
        """The id of the document that was entered."""
        headers = {"Idempotency-Key": uuid.uuid4().hex}
        files = {"file": ("paper.pdf", content)}
        path = f"/v1/cases/{case}/documents"
        return str(self._again(202, lambda intake: intake.post(path, files=files, headers=headers)).json()["id"])

    def delete(self, case: str) -> None:
        """Delete the case, as an administrator."""
        key = "WETINK_ADMIN_KEY"
        self._again(202, lambda intake: intake.delete(f"/v1/cases/{case}"), key=key, or_status=404)

    def is_deleted(self, case: str) -> bool:
        """Whether every service has said that it has forgotten the case."""
        line = [sys.executable, "-m", "wetink.cli", "cases", "deleted"]
        environment = self.system.environment
        told = subprocess.run(line, cwd=CHECKOUT, env=environment, capture_output=True, check=True, text=True)
        return any(row["case_id"] == case and row["done"] for row in map(json.loads, told.stdout.splitlines()))

    def _again(
        self,
        status: int,
        call: Callable[[httpx.Client], httpx.Response],
        key: str = "WETINK_CLIENT_KEY",
        or_status: int = 0,
    ) -> httpx.Response:
        def attempt() -> httpx.Response | None:
            try:
                with self.system.intake(key) as intake:
                    answer = call(intake)
            except httpx.TransportError as error:
                self.refusals[type(error).__name__] += 1
                return None
            if answer.status_code in (status, or_status):
                return answer
            assert answer.status_code >= 500, answer.text
            self.refusals[str(answer.status_code)] += 1
            return None

        return eventually(attempt, timeout_s=self.patience_s, what=f"an answer {status}")


@dataclass
class Account:
    """What became of all that was sent: ids of documents and cases, and what is not at rest."""

    documents: int = 0
    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    stuck: list[str] = field(default_factory=list)

    @property
    def is_clean(self) -> bool:
        """Whether nothing was lost or flagged twice, every case has its flags, and all is at rest."""
        return not (self.lost or self.doubled or self.wrong or self.stuck)


def settled(system: System, sent: list[Sent], timeout_s: float = 120) -> Account:
    """The account once it is clean, or after `timeout_s` as it is then."""

    def clean() -> bool:
        return not _restless(system) and _account(system, sent).is_clean

    with suppress(AssertionError):
        eventually(clean, timeout_s=timeout_s, what="a clean account")
    return _account(system, sent)


def _account(system: System, sent: list[Sent]) -> Account:
    """Look at every document and flag once."""
    found = Account(stuck=_restless(system))
    for one in sent:
        found.documents += len(one.documents)
        found.lost += [document for document in one.documents if not _is_final(system.document(document))]
        every = [(flag["code"], flag["slot"]) for flag in system.flags(one.case, status="all")]
        if len(set(every)) < len(every):
            found.doubled.append(one.case)
        if system.codes(one.case) != one.flags:
            found.wrong.append(one.case)
    return found


def _is_final(document: dict[str, Any]) -> bool:
    """Its status is final, and all its pages are told of."""
    return document["status"] in FINAL and document["pages"]["total"] == document["pages"]["read"]


def _restless(system: System) -> list[str]:
    """Processes that are not ready, and what is still on its way."""
    status = system.status()
    if not status:
        return ["status"]
    late = [process["name"] for process in status["processes"] if not process["ready"]]
    waiting = [name for name in ("documents_in_flight", "outbox") if status[name]]
    return late + waiting
