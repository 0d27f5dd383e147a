"""`wetink backup FOLDER`: everything that is kept, copied while the system runs.

Place in the pipeline: beside it. The databases come first, from the notifier up to intake, then the key store,
then the blobs. So a row of the copy never names a blob that is missing (blobs are written before rows and go only
with their case), and a service of the copy knows at most what the services before it have announced: a restore
sends all announcements again, and what was handled already is known as such.
Trust level: the administrator's own shell; what is copied is encrypted, save ids, codes and days. Without the root
key a backup opens nothing; `--with-root-key` makes it as valuable as the system itself.
Residual risk: a case that is deleted while the copy is made may be in it in part; its key and the list of deleted
cases see to it that it stays deleted.
"""

import argparse
import json
import os
import shutil
import sqlite3
from contextlib import closing, suppress
from pathlib import Path

from wetink.cli.audit import verified
from wetink.cli.keys import refused
from wetink.keystore import deleted_list, open_keystore
from wetink.settings import SharedSettings

DATABASES = ("db/notifier.db", "db/validator.db", "db/ocr.db", "db/intake.db", "keys/keystore.db")
"""In the order in which they are copied: who is told first, who tells last."""
MANIFEST = "backup.json"
FORMAT = 1


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `wetink backup`."""
    parser.add_argument("folder", type=Path, help="new or empty; made for you alone (mode 700)")
    parser.add_argument(
        "--with-root-key",
        action="store_true",
        help="copy the root key and first-run.env, too: whoever gets the folder can then read everything",
    )


def run(arguments: argparse.Namespace) -> int:
    """Make the backup; 2 when it cannot be made there."""
    settings = SharedSettings()
    folder: Path = arguments.folder.resolve()
    if settings.database_url:
        return refused("with PostgreSQL make the copy by pg_dump first and then copy blobs/, keys/ and catalogue/")
    if not (settings.data / "keys" / "keystore.db").exists():
        return refused(f"there is nothing to copy in {settings.data}; set WETINK_DATA")
    if folder.exists() and any(folder.iterdir()):
        return refused(f"{folder} is not empty")
    if folder.is_relative_to(settings.data.resolve()):
        return refused("a backup inside the data folder is none; name a folder elsewhere")
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.chmod(0o700)
    deleted_list.remember_backup(settings, folder)
    _copy(settings, folder, with_root_key=arguments.with_root_key)
    print(f"backed up to {folder}")
    return 0


def _copy(settings: SharedSettings, folder: Path, *, with_root_key: bool) -> None:
    for name in DATABASES:
        if (settings.data / name).exists():
            copy_database(settings.data / name, folder / name)
    copy_files(settings.data / "blobs", folder / "blobs")
    copy_files(settings.data / "catalogue", folder / "catalogue")
    if with_root_key:
        root_key = settings.root_key_file or settings.data / "keys" / "root.key"
        shutil.copyfile(root_key, folder / "keys" / "root.key")
        with suppress(FileNotFoundError):
            shutil.copyfile(settings.data / "first-run.env", folder / "first-run.env")
    with closing(open_keystore(settings)) as keystore:
        deleted_list.write(settings, keystore.deleted_cases())
    manifest = {"format": FORMAT, "has_root_key": with_root_key, "audit": list(verified(settings))}
    draft = folder / f"{MANIFEST}.new"
    draft.write_text(json.dumps(manifest, indent=2) + "\n")
    os.sync()
    draft.replace(folder / MANIFEST)


def copy_database(source: Path, target: Path) -> None:
    """A consistent copy of an SQLite database that is in use; writers need not wait."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with closing(sqlite3.connect(source)) as there, closing(sqlite3.connect(target)) as here:
        there.backup(here)


def copy_files(source: Path, target: Path) -> None:
    """All finished files below `source` (none is ever changed in place); what vanishes meanwhile was deleted."""
    target.mkdir(parents=True, exist_ok=True)
    for folder, folders, names in os.walk(source):
        folders[:] = [name for name in folders if name != ".drafts"]
        copied = target / Path(folder).relative_to(source)
        copied.mkdir(exist_ok=True)
        for name in names:
            with suppress(FileNotFoundError):
                shutil.copyfile(Path(folder) / name, copied / name)
