"""Which database a service gets: by setting.

Place in the pipeline: called by each process at its start. Trust level: the administrator's settings.
Residual risk: none.
"""

from wetink.database.engine import EngineDatabase
from wetink.database.sqlite import open_sqlite
from wetink.settings import SharedSettings


def open_database(settings: SharedSettings, service: str) -> EngineDatabase:
    """The database of `service` (e.g. `intake`): `db/<service>.db` in the data folder, or a schema of that name.

    The key store's file lies in `keys/`, so that one folder holds all that must be kept apart.
    Raises `RetryError` when the file cannot be made. Apply the migrations before use: `migrate`.
    """
    if settings.database_url:
        from wetink.database.postgres import open_postgres  # noqa: PLC0415 - not needed on one machine

        return open_postgres(settings.database_url, service)
    folder = "keys" if service == "keystore" else "db"
    return open_sqlite(settings.data / folder / f"{service}.db")
