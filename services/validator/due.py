"""Judges cases although no event comes: quiet ones, those of which an event was given up, and all once a day.

Place in the pipeline: a timer of the validator's worker.
The record's event counts as the cause of such a judgement: announced again, it lets the judgement be sent again.
A judgement that says what the last one said is not announced: on most days nothing changes.
Trust level: our own rows. Residual risk: a case that cannot be judged is tried at every turn, and logged.
"""

from services.validator.judging import conclude
from services.validator.ports import Ports
from services.validator.state import CaseRow, Change, due_cases, write
from wetink.contracts.events import CaseChanged
from wetink.errors import CaseDeletedError
from wetink.faults import reach
from wetink.stream.handler import Timer
from wetink.stream.outbox import announce

_BATCH = 20
_INTERVAL_S = 1.0


def judge_due_cases(ports: Ports) -> None:
    """Judge what is due; one case that fails does not keep the others, its error is raised at the end."""
    with ports.database.reading() as view:
        due = due_cases(view, ports.clock.now(), _BATCH)
    failures: list[Exception] = []
    for case in due:
        try:
            _judge(case, ports)
        except CaseDeletedError:
            continue
        except Exception as error:  # noqa: BLE001 - raised below
            failures.append(error)
    if failures:
        raise failures[0]


def _judge(case: CaseRow, ports: Ports) -> None:
    conclusion = conclude(Change(case), ports, only_news=True)
    reach("due.judged")
    cause_id = CaseChanged.id_of(case.case_id, case.case_version)
    with ports.database.transaction() as transaction:
        write(transaction, conclusion.change)
        announce(transaction, conclusion.events, cause_id=cause_id, process=ports.process, now=ports.clock.now())
    reach("due.committed")


DUE_CASES = Timer("due_cases", _INTERVAL_S, judge_due_cases)
