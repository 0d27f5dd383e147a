"""`Idempotency-Key`: the same request again gets the first answer, another one is refused.

Place in the pipeline: asked before a request has effects, written in the transaction that has them.
Trust level: keys are callers' words and count only within the sender's own. Fingerprint and answer are sealed
under the case's key. Residual risk: a key used again after its case was deleted counts as new.
"""

import json
from typing import Annotated, Any

from fastapi import Header
from sqlalchemy import Connection, insert, select

from services.intake.ports import Ports
from services.intake.tables import first_answers
from wetink.http.problems import ProblemError

IdempotencyKey = Annotated[
    str | None,
    Header(
        min_length=1,
        max_length=200,
        pattern=r"^[\x21-\x7e]+$",
        description="Of your choice; the same request sent again with it gets the first answer.",
    ),
]


def first_answer(
    connection: Connection, ports: Ports, sender_id: str, key: str | None, fingerprint: str
) -> Any | None:  # noqa: ANN401 - the JSON of an earlier answer
    """What was answered the first time, None when there was none; raises 409 when it was another request."""
    if key is None:
        return None
    query = select(first_answers).where(
        first_answers.c.sender_id == sender_id, first_answers.c.idempotency_key == key
    )
    row = connection.execute(query).first()
    if row is None:
        return None
    seal = ports.seal_of(row.organisation_id, row.case_id)
    kept = json.loads(seal.open(_name(sender_id, key), row.sealed))
    if kept["fingerprint"] != fingerprint:
        raise ProblemError(
            409, "This Idempotency-Key was used", "It belongs to another request. Use a new key for a new request."
        )
    return kept["answer"]


def remember(  # noqa: PLR0913 - a row's columns
    transaction: Connection,
    ports: Ports,
    *,
    sender_id: str,
    key: str | None,
    organisation_id: str,
    case_id: str,
    fingerprint: str,
    answer: Any,  # noqa: ANN401 - any JSON
) -> None:
    """Keep the answer, when there is a key to keep it under."""
    if key is None:
        return
    text = json.dumps({"fingerprint": fingerprint, "answer": answer})
    transaction.execute(
        insert(first_answers).values(
            sender_id=sender_id,
            idempotency_key=key,
            case_id=case_id,
            organisation_id=organisation_id,
            sealed=ports.seal_of(organisation_id, case_id).seal(_name(sender_id, key), text),
            answered_at=ports.clock.now(),
        )
    )


def _name(sender_id: str, key: str) -> str:
    return f"first_answers {sender_id} {key}"
