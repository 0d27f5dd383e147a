"""The list of deleted cases as a file, in every place from which a backup could be restored.

Place in the pipeline: written by intake after each deletion and by `wetink backup`; read by `wetink restore`.
It lies beside the root key (without which no backup opens) and in each backup that was made, as far as its folder
can be reached; what is written is never fewer than what stands there.
Trust level: ids only. Residual risk: a backup on a disk that is away, restored with a copy of the root key that
was taken before the deletion, knows nothing of it; keep one list with both.
"""

import json
import os
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from wetink.keystore.port import DeletedCase
from wetink.logs import Log
from wetink.settings import SharedSettings

_log = Log(__name__)
NAME = "deleted-cases.jsonl"


def read(path: Path) -> set[DeletedCase]:
    """What the file at `path` lists, nothing when there is none; raises `ValueError` for another kind of file."""
    if not path.exists():
        return set()
    return {_case(line) for line in path.read_text("utf-8").splitlines() if line}


def write(settings: SharedSettings, cases: Iterable[DeletedCase]) -> None:
    """Add `cases` to the list in every place that can be reached."""
    told = set(cases)
    for folder in (root_key_folder(settings), *known_backups(settings)):
        try:
            add(folder / NAME, told)
        except (OSError, ValueError) as error:
            _log.warning("deleted_cases_not_listed", error=error)


def add(path: Path, cases: set[DeletedCase]) -> None:
    """Add `cases` to the list at `path` (mode 600), as a whole; raises `OSError`."""
    there = read(path)
    if cases <= there:
        return
    draft = path.with_suffix(".new")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.writelines(_line(case) for case in sorted(there | cases, key=lambda case: case.deleted_at))
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)


def root_key_folder(settings: SharedSettings) -> Path:
    """The folder of the root key."""
    return (settings.root_key_file or settings.data / "keys" / "root.key").parent


def known_backups(settings: SharedSettings) -> list[Path]:
    """The folders of the backups that were made of this data, those that can be reached now."""
    path = _backups_file(settings)
    lines = path.read_text("utf-8").splitlines() if path.exists() else []
    return [folder for line in lines if (folder := Path(line)).is_dir()]


def remember_backup(settings: SharedSettings, folder: Path) -> None:
    """From now on, deletions are told to the backup in `folder`."""
    path = _backups_file(settings)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(f"{folder.resolve()}\n")


def _backups_file(settings: SharedSettings) -> Path:
    return settings.data / "keys" / "backups"


def _line(case: DeletedCase) -> str:
    values = {"organisation_id": case.organisation_id, "case_id": case.case_id}
    return json.dumps({**values, "deleted_at": case.deleted_at.isoformat()}) + "\n"


def _case(line: str) -> DeletedCase:
    try:
        values = json.loads(line)
        deleted_at = datetime.fromisoformat(values["deleted_at"])
        return DeletedCase(str(values["organisation_id"]), str(values["case_id"]), deleted_at)
    except (KeyError, TypeError, ValueError) as error:
        raise ValueError("this is not a list of deleted cases") from error
