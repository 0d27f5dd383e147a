"""What people do to flags: decide, take back, assign; and snoozes that end.

Place in the pipeline: called by the queue's routes and by a timer; each change and its news in one transaction.
Trust level: the caller is known and may decide for this organisation; what a person typed is sealed.
Residual risk: two people who decide at the same moment without `If-Match`: the second is told that it was decided.
"""

from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import Connection, Row, select, update

from services.notifier.audit import note
from services.notifier.cases import tell_of_flag, tell_whether_clear
from services.notifier.flags import FlagStatus
from services.notifier.ports import Ports
from services.notifier.tables import decisions, flags
from services.notifier.visibility import may_see
from wetink.http.problems import ProblemError, not_found
from wetink.keystore import Caller
from wetink.sealing import CaseSeal

Decision = Literal["confirm", "dismiss", "duplicate", "snooze"]
_STATUS_AFTER: dict[Decision, FlagStatus] = {
    "confirm": "confirmed",
    "dismiss": "dismissed",
    "duplicate": "duplicate",
    "snooze": "snoozed",
}
UNDO_WITHIN = timedelta(minutes=10)


class Desk:
    """One person's work on flags inside one transaction.

    Methods return the flag's row as it is afterwards and raise `ProblemError`: 404 for a flag of nobody or of
    another organisation, 409 when it is too late, 412 when `expected_version` (None: any) is stale.
    """

    def __init__(self, transaction: Connection, ports: Ports, caller: Caller) -> None:
        self._transaction = transaction
        self._ports = ports
        self._caller = caller

    def decide(  # noqa: PLR0913 - what a decision consists of
        self,
        flag_id: str,
        decision: Decision,
        *,
        until: datetime | None,
        reason: str | None,
        seal: CaseSeal,
        expected_version: int | None,
    ) -> Row[Any]:
        """Take a decision on an open flag; `until` ends a snooze, `reason` is kept sealed."""
        flag = self._flag(flag_id, expected_version)
        if flag.status != "open":
            by = f" by {flag.decided_by or flag.resolved_by}" if flag.decided_by or flag.resolved_by else ""
            raise ProblemError(409, "Already decided", f"This flag is {flag.status}{by}. Load it again.")
        now = self._ports.clock.now()
        status = _STATUS_AFTER[decision]
        self._transaction.execute(
            decisions.insert().values(
                flag_id=flag_id,
                case_id=flag.case_id,
                decision=decision,
                decided_by_id=self._caller.id,
                decided_at=now,
                status_after=status,
                sealed_reason=seal.seal(flag_id, reason) if reason else None,
            )
        )
        changed = {"status": status, "decided_by": self._caller.name, "snoozed_until": until}
        return self._change(flag, changed, f"queue:flag:{decision}")

    def undo(self, flag_id: str, expected_version: int | None) -> Row[Any]:
        """Take the last decision back: the flag is open again."""
        flag = self._flag(flag_id, expected_version)
        last = self._last_decision(flag_id)
        if last is None or last.status_after != flag.status:
            raise ProblemError(409, "Nothing to take back", "No decision stands on this flag.")
        now = self._ports.clock.now()
        if now - last.decided_at > UNDO_WITHIN:
            raise ProblemError(409, "Too late to take back", "A decision can be taken back for ten minutes.")
        self._transaction.execute(
            update(decisions).where(decisions.c.sequence == last.sequence).values(undone_at=now)
        )
        changed = {"status": "open", "decided_by": None, "snoozed_until": None}
        return self._change(flag, changed, "queue:flag:undo")

    def assign(self, flag_id: str, user: str | None, expected_version: int | None) -> Row[Any]:
        """Give the flag to `user`, or to nobody."""
        flag = self._flag(flag_id, expected_version)
        if flag.assignee == user:
            return flag
        return self._change(flag, {"assignee": user}, "queue:flag:assign")

    def _flag(self, flag_id: str, expected_version: int | None) -> Row[Any]:
        flag = find_flag(self._transaction, self._caller, flag_id)
        if expected_version is not None and expected_version != flag.version:
            raise ProblemError(412, "The flag has changed", "Load the flag again and decide on its new version.")
        return flag

    def _last_decision(self, flag_id: str) -> Row[Any] | None:
        standing = select(decisions).where(decisions.c.flag_id == flag_id, decisions.c.undone_at.is_(None))
        return self._transaction.execute(standing.order_by(decisions.c.sequence.desc()).limit(1)).first()

    def _change(self, flag: Row[Any], changed: dict[str, Any], tag: str) -> Row[Any]:
        note(self._transaction, self._caller, tag, flag.flag_id, self._ports.clock.now())
        return change_flag(self._transaction, self._ports, flag, changed)


def find_flag(connection: Connection, caller: Caller, flag_id: str) -> Row[Any]:
    """The flag, if the caller may see it; raises 404."""
    chosen = select(flags).where(flags.c.flag_id == flag_id, may_see(flags, caller))
    row = connection.execute(chosen).first()
    if row is None:
        raise not_found("flag")
    return row


def change_flag(transaction: Connection, ports: Ports, flag: Row[Any], changed: dict[str, Any]) -> Row[Any]:
    """Write a new version of the flag and tell of it."""
    change = update(flags).where(flags.c.flag_id == flag.flag_id).values(changed | {"version": flag.version + 1})
    row = transaction.execute(change.returning(flags)).one()
    tell_of_flag(transaction, ports, "flag.changed", row)
    tell_whether_clear(transaction, ports, flag.case_id)
    return row


def end_snoozes(ports: Ports) -> None:
    """Open the flags whose snooze is over."""
    due = select(flags).where(flags.c.status == "snoozed", flags.c.snoozed_until <= ports.clock.now())
    with ports.database.reading() as connection:
        if not connection.execute(due.limit(1)).first():
            return
    with ports.database.transaction() as transaction:
        for flag in transaction.execute(due).all():
            change_flag(transaction, ports, flag, {"status": "open", "decided_by": None, "snoozed_until": None})
