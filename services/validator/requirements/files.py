"""Reads a file of requirements, or a checklist, and says in which line it is wrong.

Place in the pipeline: used at start by `requirements` and `checklists`.
Trust level: YAML is read by PyYAML's safe loader. Residual risk: none.
"""

from pathlib import Path
from typing import TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from services.validator.requirements.schema import FormRequirements

M = TypeVar("M", bound=BaseModel)


class RequirementsFileError(ValueError):
    """A requirements file cannot be used; the message names file, line and what to mend."""


def read_form_requirements(path: Path) -> FormRequirements:
    """The requirements in one file; raises `RequirementsFileError`."""
    return read_rules_file(path, FormRequirements)


def read_rules_file(path: Path, shape: type[M]) -> M:
    """What is in one YAML file of that shape; raises `RequirementsFileError`."""
    text = path.read_text(encoding="utf-8")
    try:
        node = yaml.compose(text, Loader=yaml.SafeLoader)
        return shape.model_validate(yaml.safe_load(text))
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise RequirementsFileError(f"{path.name}, line {line}: {error.problem}") from error
    except ValidationError as error:
        lines = [f"{path.name}, line {_line(node, each['loc'])}: {each['msg']}" for each in error.errors()]
        raise RequirementsFileError("\n".join(lines)) from error


def _line(node: yaml.Node | None, location: tuple[int | str, ...]) -> int:
    """The line of the innermost value that `location` leads to."""
    for step in location:
        inner = _child(node, step)
        if inner is None:
            break
        node = inner
    return node.start_mark.line + 1 if node else 1


def _child(node: yaml.Node | None, step: int | str) -> yaml.Node | None:
    if isinstance(node, yaml.SequenceNode) and isinstance(step, int):
        return node.value[step] if step < len(node.value) else None
    if isinstance(node, yaml.MappingNode):
        return next((value for key, value in node.value if key.value == step), None)
    return None
