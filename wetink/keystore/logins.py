"""Personal logins of case managers.

Place in the pipeline: part of `SqlKeyStore`. Trust level: names and passwords that people type are untrusted.
Residual risk: guessing is slowed by scrypt here and limited by the web face.
"""

import unicodedata
from functools import cached_property

from sqlalchemy import select, update

from wetink.clock import Clock
from wetink.database.port import Database
from wetink.ids import new_id
from wetink.keystore.part import KeyStorePart
from wetink.keystore.passwords import COST, hash_password, is_password
from wetink.keystore.port import AccessRole, Caller, User
from wetink.keystore.tables import login


class Logins(KeyStorePart):
    """Users by name; capitals and forms of the same letter make no difference."""

    def __init__(self, database: Database, root_key: bytes, clock: Clock, password_cost: int = COST) -> None:
        super().__init__(database, root_key, clock)
        self._password_cost = password_cost

    @cached_property
    def _nobody(self) -> str:
        """The hash that is checked when there is no such user; made at the first login."""
        return hash_password("nobody has this password", self._password_cost)

    def create_user(self, organisation_id: str, name: str, role: AccessRole, password: str) -> User:
        """See `KeyStore.create_user`; raises `ValueError` for an unknown organisation or an empty name, too."""
        if not name.strip():
            raise ValueError("a user needs a name")
        password_hash = hash_password(password, self._password_cost)
        made = User(new_id("usr"), organisation_id, name.strip(), role, is_disabled=False)
        with self._database.transaction() as transaction:
            self._organisation_key(transaction, organisation_id)
            if transaction.execute(select(login.c.id).where(login.c.folded_name == _folded(name))).first():
                raise ValueError("there is a user of that name already")
            transaction.execute(
                login.insert().values(
                    id=made.id,
                    organisation_id=organisation_id,
                    name=made.name,
                    folded_name=_folded(name),
                    role=role,
                    password_hash=password_hash,
                    is_disabled=False,
                )
            )
        return made

    def reset_user(self, name: str, password: str) -> bool:
        """See `KeyStore.reset_user`; raises `ValueError` when the password is too short."""
        return self._change(name, password_hash=hash_password(password, self._password_cost))

    def disable_user(self, name: str) -> bool:
        """See `KeyStore.disable_user`."""
        return self._change(name, is_disabled=True)

    def users(self, organisation_id: str | None = None) -> list[User]:
        """See `KeyStore.users`."""
        query = select(login).order_by(login.c.folded_name)
        if organisation_id is not None:
            query = query.where(login.c.organisation_id == organisation_id)
        with self._database.reading() as connection:
            rows = connection.execute(query).all()
        return [User(row.id, row.organisation_id, row.name, row.role, row.is_disabled) for row in rows]

    def user_caller(self, untrusted_name: str, untrusted_password: str) -> Caller | None:
        """See `KeyStore.user_caller`: a password is always hashed, also for nobody."""
        with self._database.reading() as connection:
            row = connection.execute(select(login).where(login.c.folded_name == _folded(untrusted_name))).first()
        nobody = self._nobody
        matches = is_password(untrusted_password, row.password_hash if row else nobody)
        if row is None or row.is_disabled or not matches:
            return None
        return Caller(row.id, row.organisation_id, row.role, row.name)

    def _change(self, name: str, **values: object) -> bool:
        with self._database.transaction() as transaction:
            changed = transaction.execute(
                update(login).where(login.c.folded_name == _folded(name)).values(**values)
            )
        return changed.rowcount == 1


def _folded(name: str) -> str:
    return unicodedata.normalize("NFKC", name.strip()).casefold()
