"""Does a condition of a checklist hold in a case? Yes, no, or nobody can tell.

Place in the pipeline: pure functions, used by `comparing`.
Trust level: the case's record is the firm's; what was read from a form is untrusted and only compared.
Residual risk: a family with several applications for work shares the categories of all of them.
"""

import re
from collections.abc import Collection, Iterable
from datetime import date

from services.validator.case_view import CaseView, FormCopy
from services.validator.requirements.checklist import Condition
from services.validator.verdicts import filled_purposes
from wetink.contracts.case_record import CaseDetails, Person

_CATEGORY = "eligibility_category"
"""Purpose of the fields that hold it on an I-765, in their order: `c`, `33`."""


def holds(condition: Condition, person: Person | None, case: CaseView, today: date) -> bool | None:
    """True or False when it can be told, None when it cannot; `person` is whose line it is, if recorded."""
    answers = list(_answers(condition, person, case, today))
    if False in answers:
        return False
    return None if None in answers else True


def _answers(condition: Condition, person: Person | None, case: CaseView, today: date) -> Iterable[bool | None]:
    if condition.has or condition.ticked:
        yield _is_told(condition, case)
    if condition.lives_abroad is not None:
        abroad = person.lives_abroad if person else None
        yield None if abroad is None else abroad is condition.lives_abroad
    if condition.age_from is not None:
        born = person.birth_date if person else None
        yield None if born is None else _age(born, today) >= condition.age_from
    if condition.category:
        yield _is_of_category(condition.category, case.copies)
    if condition.unless:
        ticked = _ticked(condition.unless, case.copies)
        yield None if ticked is None else not ticked


def _is_told(condition: Condition, case: CaseView) -> bool | None:
    """By the people of the case or by a ticked box: one is enough."""
    told = [_has(condition, case.details)] if condition.has else []
    told += [_ticked(condition.ticked, case.copies)] if condition.ticked else []
    return True if True in told else None if None in told else False


def _has(condition: Condition, details: CaseDetails) -> bool | None:
    roles = {one.role for one in details.people}
    if roles & set(condition.has):
        return True
    return None if not roles or roles & set(condition.open_with) else False


def _age(born: date, today: date) -> int:
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))


def _is_of_category(categories: Collection[str], copies: Iterable[FormCopy]) -> bool | None:
    read = [_category(copy) for copy in copies if copy.form == "I-765"]
    if any(category in categories for category in read):
        return True
    return None if None in read or not read else False


def _ticked(purpose: str, copies: Iterable[FormCopy]) -> bool | None:
    fields = (field for copy in copies for page in copy.pages.values() for field in page.reading.fields)
    return filled_purposes(fields).get(purpose, False)


def _category(copy: FormCopy) -> str | None:
    """The category as `c33`; None when it is empty or could not be read for certain."""
    boxes = [field for page in copy.pages.values() for field in page.reading.fields if field.purpose == _CATEGORY]
    if any(box.is_filled is not False and not box.value for box in boxes):
        return None
    untrusted_text = "".join(box.value or "" for box in boxes)
    return re.sub(r"\W", "", untrusted_text).casefold() or None
