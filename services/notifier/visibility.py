"""Who may see what of an organisation: protected cases are for named people.

Place in the pipeline: asked by every query that a caller causes.
Trust level: the caller was authenticated. A person's own login sees a protected case when the person is named for
it (`wetink cases name`); administrators see all, and so do managers' keys, which are no persons.
Residual risk: a firm that hands managers' keys to people names nobody; a case whose record has not come counts as
protected for the moment.
"""

from sqlalchemy import ColumnElement, Table, and_, or_, select

from services.notifier.tables import cases, readers
from wetink.keystore import Caller

_PERSON = "usr_"
"""How the ids of personal logins begin."""


def may_see(table: Table, caller: Caller) -> ColumnElement[bool]:
    """The condition on `table` (with `organisation_id` and `case_id`) that holds for what `caller` may see."""
    is_ours = table.c.organisation_id == caller.organisation_id
    if caller.role == "admin" or not caller.id.startswith(_PERSON):
        return is_ours
    named = select(readers.c.case_id).where(readers.c.user_id == caller.id)
    closed = select(cases.c.case_id).where(cases.c.is_protected.is_(True), cases.c.case_id.not_in(named))
    return and_(is_ours, or_(table.c.case_id.is_(None), table.c.case_id.not_in(closed)))
