"""What belongs to each kind of filing: data, one YAML file a filing.

Place in the pipeline: read once; compared with a case by `checklists.comparing`.
Trust level: our own data, validated with line numbers.
Residual risk: a filing without a file has no checklist, hence no missing form (a test asks for all of them).
"""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from services.validator.checklists.schema import Checklist
from services.validator.requirements.files import read_rules_file
from wetink.contracts.case_record import Filing


@cache
def shipped_checklists() -> Mapping[Filing, Checklist]:
    """Those in this folder, by filing; raises `RequirementsFileError`."""
    paths = sorted(Path(__file__).parent.glob("*.yaml"))
    return {checklist.filing: checklist for checklist in (read_rules_file(path, Checklist) for path in paths)}
