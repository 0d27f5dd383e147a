"""Opens the key store: its database and the root key that belongs to it.

Place in the pipeline: called by each process at its start. Trust level: the administrator's settings.
Residual risk: none; a root key that is missing or another one is refused before anything is written with it.
"""

from sqlalchemy import select

from wetink.clock import SystemClock
from wetink.database import Database, migrate, open_database
from wetink.keystore.root_key import RootKeyError, make_root_key, read_root_key
from wetink.keystore.sql import SqlKeyStore
from wetink.keystore.tables import organisation
from wetink.keystore.wrapping import unwrap
from wetink.settings import SharedSettings


def open_keystore(settings: SharedSettings) -> SqlKeyStore:
    """The key store: `keys/keystore.db` in the data folder or schema `keystore`, and the root key's file.

    The very first start makes both. Raises `RootKeyError` when the database holds keys but the root key is missing
    or another one, `RetryError` when the database is away.
    """
    database = open_database(settings, "keystore")
    migrate(database, "wetink.keystore")
    path = settings.root_key_file or settings.data / "keys" / "root.key"
    root_key = read_root_key(path)
    if root_key is None:
        _refuse_when_in_use(database, str(path))
        root_key = make_root_key(path)
    _refuse_another_key(database, root_key, str(path))
    return SqlKeyStore(database, root_key, SystemClock())


def _refuse_when_in_use(database: Database, path: str) -> None:
    with database.reading() as connection:
        if connection.execute(select(organisation.c.id)).first():
            raise RootKeyError(
                f"the root key file {path} is missing, but there are keys that only it can open: restore it from "
                "its backup, or set WETINK_ROOT_KEY_FILE to where it is"
            )


def _refuse_another_key(database: Database, root_key: bytes, path: str) -> None:
    with database.reading() as connection:
        row = connection.execute(select(organisation)).first()
    if row is None:
        return
    try:
        unwrap(root_key, row.wrapped_key, "organisation", row.id)
    except ValueError as error:
        raise RootKeyError(f"the root key in {path} is not the one that this data was written with") from error
