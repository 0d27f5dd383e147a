"""`wetink restore FOLDER`: makes the data folder out of a backup.

Place in the pipeline: beside it, before the first start. Everything that was ever announced is marked as not yet
sent: Kafka is new, and the services pick up where each of them was. Cases that were deleted since the backup lose
their keys and blobs here, before anything runs; intake removes their rows at its start, in the way of every
deletion.
Trust level: the administrator's own shell; the backup is believed as the data itself would be.
Residual risk: see `wetink.keystore.deleted_list` for what a backup can know of later deletions.
"""

import argparse
import json
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

from wetink.cli.backup import DATABASES, FORMAT, MANIFEST, copy_database, copy_files
from wetink.cli.keys import refused
from wetink.keystore import DeletedCase, deleted_list
from wetink.settings import SharedSettings


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `wetink restore`."""
    parser.add_argument("folder", type=Path, help="a folder that `wetink backup` made")
    parser.add_argument(
        "--deleted",
        type=Path,
        action="append",
        default=[],
        metavar="FILE",
        help=f"a {deleted_list.NAME} of the system that was backed up, newer than the backup",
    )


def run(arguments: argparse.Namespace) -> int:
    """Restore into `WETINK_DATA`; 2 when that holds data already or the folder is no backup."""
    settings = SharedSettings()
    folder: Path = arguments.folder.resolve()
    if settings.database_url:
        return refused("with PostgreSQL restore the dump by pg_restore and copy the folders back")
    if (reason := _why_not(settings, folder)) is not None:
        return refused(reason)
    try:
        deleted = _deleted_cases(settings, folder, arguments.deleted)
    except (OSError, ValueError) as error:
        return refused(f"the list of deleted cases cannot be read: {error}")
    _restore(settings, folder, deleted)
    print(f"restored to {settings.data}; {len(deleted)} deleted cases stay deleted")
    root_key = settings.root_key_file or settings.data / "keys" / "root.key"
    if not root_key.exists():
        print(f"The backup holds no root key: put it at {root_key} (mode 600) before the start.")
    return 0


def _why_not(settings: SharedSettings, folder: Path) -> str | None:
    manifest = folder / MANIFEST
    if not manifest.exists():
        return f"{folder} is no complete backup: it has no {MANIFEST}"
    if json.loads(manifest.read_text()).get("format") != FORMAT:
        return f"{folder} was made by another version of Wetink"
    if any((settings.data / name).exists() for name in DATABASES):
        return f"{settings.data} holds data already; set WETINK_DATA to a new folder"
    return None


def _deleted_cases(settings: SharedSettings, folder: Path, given: list[Path]) -> set[DeletedCase]:
    missing = [path for path in given if not path.exists()]
    if missing:
        raise FileNotFoundError(str(missing[0]))
    places = [folder, deleted_list.root_key_folder(settings)]
    lists = [*(place / deleted_list.NAME for place in places), *given]
    return set().union(*(deleted_list.read(path) for path in lists))


def _restore(settings: SharedSettings, folder: Path, deleted: set[DeletedCase]) -> None:
    data = settings.data
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    data.chmod(0o700)
    copy_files(folder / "blobs", data / "blobs")
    copy_files(folder / "catalogue", data / "catalogue")
    for name in DATABASES:
        if (folder / name).exists():
            copy_database(folder / name, data / name)
            with closing(sqlite3.connect(data / name)) as database, database:
                if name.startswith("db/"):
                    database.execute("UPDATE outbox SET published_at = NULL")
                else:
                    _delete_keys(database, deleted)
    for case in deleted:
        shutil.rmtree(data / "blobs" / case.organisation_id / case.case_id, ignore_errors=True)
    _copy_root_key(settings, folder)
    if (folder / "first-run.env").exists():
        shutil.copyfile(folder / "first-run.env", data / "first-run.env")


def _delete_keys(keystore: sqlite3.Connection, deleted: set[DeletedCase]) -> None:
    keystore.execute("PRAGMA secure_delete=ON")
    for case in deleted:
        ids = (case.organisation_id, case.case_id)
        keystore.execute("DELETE FROM case_key WHERE organisation_id = ? AND case_id = ?", ids)
        keystore.execute(
            "INSERT OR IGNORE INTO deleted_case (organisation_id, case_id, deleted_at) VALUES (?, ?, ?)",
            (*ids, case.deleted_at.strftime("%Y-%m-%d %H:%M:%S.%f")),
        )


def _copy_root_key(settings: SharedSettings, folder: Path) -> None:
    """Put the backup's root key where it belongs, unless one is there."""
    target = settings.root_key_file or settings.data / "keys" / "root.key"
    if (folder / "keys" / "root.key").exists() and not target.exists():
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        shutil.copyfile(folder / "keys" / "root.key", target)
