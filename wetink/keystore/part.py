"""What the parts of the key store share: the database, the root key, the clock, the organisations.

Place in the pipeline: base of `SqlKeyStore`'s parts, one file per part. Trust level: holds the root key in memory.
Residual risk: a core dump of a process holds keys.
"""

from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy import Connection, Row, select, update

from wetink.clock import Clock
from wetink.database.port import Database
from wetink.ids import new_id
from wetink.keystore.port import Organisation
from wetink.keystore.tables import organisation
from wetink.keystore.wrapping import new_key, unwrap, wrap


class KeyStorePart:
    """Organisations and their keys."""

    def __init__(self, database: Database, root_key: bytes, clock: Clock) -> None:
        self._database = database
        self._root_key = root_key
        self._clock = clock

    def create_organisation(self, name: str, time_zone: str) -> Organisation:
        """See `KeyStore.create_organisation`."""
        _refuse_unknown(time_zone)
        with self._database.transaction() as transaction:
            row = transaction.execute(select(organisation).where(organisation.c.name == name)).first()
            if row:
                return _organisation(row)
            made = Organisation(new_id("org"), name, time_zone)
            wrapped = wrap(self._root_key, new_key(), "organisation", made.id)
            transaction.execute(
                organisation.insert().values(id=made.id, name=name, time_zone=time_zone, wrapped_key=wrapped)
            )
        return made

    def organisation(self, organisation_id: str) -> Organisation | None:
        """See `KeyStore.organisation`."""
        return next((one for one in self.organisations() if one.id == organisation_id), None)

    def organisations(self) -> list[Organisation]:
        """See `KeyStore.organisations`."""
        with self._database.reading() as connection:
            rows = connection.execute(select(organisation).order_by(organisation.c.name)).all()
        return [_organisation(row) for row in rows]

    def keep_cases(self, organisation_id: str, days: int | None) -> None:
        """See `KeyStore.keep_cases`."""
        with self._database.transaction() as transaction:
            transaction.execute(
                update(organisation).where(organisation.c.id == organisation_id).values(keep_days=days)
            )

    def seal(self, organisation_id: str, purpose: str, data: bytes) -> bytes:
        """See `KeyStore.seal`."""
        with self._database.reading() as connection:
            key = self._organisation_key(connection, organisation_id)
        return wrap(key, data, "sealed", organisation_id, purpose)

    def unseal(self, organisation_id: str, purpose: str, sealed: bytes) -> bytes:
        """See `KeyStore.unseal`."""
        with self._database.reading() as connection:
            key = self._organisation_key(connection, organisation_id)
        return unwrap(key, sealed, "sealed", organisation_id, purpose)

    def _organisation_key(self, connection: Connection, organisation_id: str) -> bytes:
        """The organisation's key; raises `ValueError` when there is no such organisation."""
        wrapped = connection.execute(
            select(organisation.c.wrapped_key).where(organisation.c.id == organisation_id)
        ).scalar()
        if wrapped is None:
            raise ValueError(f"there is no organisation {organisation_id}")
        return unwrap(self._root_key, wrapped, "organisation", organisation_id)


def _organisation(row: Row[Any]) -> Organisation:
    return Organisation(row.id, row.name, row.time_zone, row.keep_days)


def _refuse_unknown(time_zone: str) -> None:
    try:
        ZoneInfo(time_zone)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError(
            f"there is no time zone {time_zone}; use an IANA name such as America/New_York"
        ) from error
