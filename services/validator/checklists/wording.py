"""The words of a checklist: what a line is about, and whose it is.

Place in the pipeline: used by `comparing`. Trust level: our own words. Residual risk: plain English only.
"""

from services.validator.requirements.checklist import Line
from services.validator.wording import who
from wetink.contracts.case_record import Role


def name_of(line: Line) -> str:
    """What belongs to the filing, e.g. `Form IMM 1295 or IMM 5710`, `passport`."""
    if line.name:
        return line.name
    if line.forms:
        return f"Form {' or '.join(line.forms)}"
    return " or ".join(kind.replace("_", " ") for kind in line.papers)


def title_of(line: Line, role: Role, number: int | None) -> str:
    """The same with its person, e.g. `Form I-864 of the joint sponsor 2`."""
    name = name_of(line)
    whose = f"{who(role)} {number}" if number and number > 1 else who(role)
    return f"{name[0].upper()}{name[1:]} of {whose}"
