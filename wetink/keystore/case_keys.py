"""The data keys of cases: made, told to the blob store, destroyed.

Place in the pipeline: part of `SqlKeyStore`. Trust level: keys stand wrapped in the database.
Residual risk: backups made before a deletion hold the wrapped key; the list of deleted cases is applied again at
every restore.
"""

from sqlalchemy import Connection, Table, delete, select, update

from wetink.errors import CaseDeletedError
from wetink.keystore.part import KeyStorePart
from wetink.keystore.port import CaseHeldError, DeletedCase
from wetink.keystore.tables import case_key, deleted_case
from wetink.keystore.wrapping import new_key, unwrap, wrap


class CaseKeys(KeyStorePart):
    """Case keys, wrapped by their organisation's key."""

    def create_case_key(self, organisation_id: str, case_id: str) -> None:
        """See `KeyStore.create_case_key`; raises `CaseDeletedError` for a deleted case."""
        with self._database.transaction() as transaction:
            if _has(transaction, deleted_case, organisation_id, case_id):
                raise CaseDeletedError(case_id)
            if _has(transaction, case_key, organisation_id, case_id):
                return
            organisation_key = self._organisation_key(transaction, organisation_id)
            wrapped = wrap(organisation_key, new_key(), "case", organisation_id, case_id)
            transaction.execute(
                case_key.insert().values(organisation_id=organisation_id, case_id=case_id, wrapped_key=wrapped)
            )

    def case_key(self, organisation_id: str, case_id: str) -> bytes:
        """See `KeyStore.case_key`."""
        query = select(case_key.c.wrapped_key).where(
            case_key.c.organisation_id == organisation_id, case_key.c.case_id == case_id
        )
        with self._database.reading() as connection:
            wrapped = connection.execute(query).scalar()
            if wrapped is None:
                raise CaseDeletedError(case_id)
            organisation_key = self._organisation_key(connection, organisation_id)
        return unwrap(organisation_key, wrapped, "case", organisation_id, case_id)

    def destroy_case_key(self, organisation_id: str, case_id: str) -> None:
        """See `KeyStore.destroy_case_key`."""
        with self._database.transaction() as transaction:
            if _is_held(transaction, case_id):
                raise CaseHeldError(case_id)
            transaction.execute(
                delete(case_key).where(
                    case_key.c.organisation_id == organisation_id, case_key.c.case_id == case_id
                )
            )
            if not _has(transaction, deleted_case, organisation_id, case_id):
                transaction.execute(
                    deleted_case.insert().values(
                        organisation_id=organisation_id, case_id=case_id, deleted_at=self._clock.now()
                    )
                )
        self._database.scrub()  # when readers are in the way, whoever finishes the deletion comes again

    def hold_case(self, case_id: str, *, is_held: bool) -> bool:
        """See `KeyStore.hold_case`."""
        held_at = self._clock.now() if is_held else None
        change = update(case_key).where(case_key.c.case_id == case_id).values(held_at=held_at)
        with self._database.transaction() as transaction:
            return transaction.execute(change).rowcount > 0

    def held_cases(self) -> set[str]:
        """See `KeyStore.held_cases`."""
        with self._database.reading() as connection:
            held = select(case_key.c.case_id).where(case_key.c.held_at.is_not(None))
            return set(connection.execute(held).scalars())

    def deleted_cases(self) -> list[DeletedCase]:
        """See `KeyStore.deleted_cases`."""
        with self._database.reading() as connection:
            rows = connection.execute(select(deleted_case).order_by(deleted_case.c.deleted_at)).all()
        return [DeletedCase(row.organisation_id, row.case_id, row.deleted_at) for row in rows]


def _is_held(connection: Connection, case_id: str) -> bool:
    held = select(case_key.c.case_id).where(case_key.c.case_id == case_id, case_key.c.held_at.is_not(None))
    return connection.execute(held).first() is not None


def _has(connection: Connection, table: Table, organisation_id: str, case_id: str) -> bool:
    query = select(table.c.case_id).where(table.c.organisation_id == organisation_id, table.c.case_id == case_id)
    return connection.execute(query).first() is not None
