"""Access keys: how programs say who they are.

Place in the pipeline: part of `SqlKeyStore`. Trust level: a secret is random enough (256 bits) that its plain
SHA-256 tells nothing. Residual risk: a stolen key works until it is revoked.
"""

import hashlib
import re
import secrets
from typing import Any

from sqlalchemy import Row, select, update

from wetink.ids import new_id
from wetink.keystore.part import KeyStorePart
from wetink.keystore.port import AccessKey, AccessRole, Caller
from wetink.keystore.tables import access_key

_PREFIX_LENGTH = 10
_SECRET = re.compile(r"wtk_[A-Za-z0-9_-]{43,}")


def new_secret() -> str:
    """`wtk_` and 256 random bits, base64url."""
    return f"wtk_{secrets.token_urlsafe(32)}"


class AccessKeys(KeyStorePart):
    """Access keys by the hash of their secret."""

    def create_access_key(
        self, organisation_id: str, role: AccessRole, secret: str | None = None
    ) -> tuple[str, AccessKey]:
        """See `KeyStore.create_access_key`; a secret that is stored already gives its listing again.

        Raises `ValueError` when there is no such organisation or a given secret is not of the form above.
        """
        told = secret or new_secret()
        if not _SECRET.fullmatch(told):
            raise ValueError("a secret is wtk_ and 256 random bits in base64url")
        digest = _sha256(told)
        with self._database.transaction() as transaction:
            self._organisation_key(transaction, organisation_id)
            stored = select(access_key).where(access_key.c.secret_sha256 == digest)
            if transaction.execute(stored).first() is None:
                transaction.execute(
                    access_key.insert().values(
                        id=new_id("key"),
                        organisation_id=organisation_id,
                        role=role,
                        prefix=told[:_PREFIX_LENGTH],
                        secret_sha256=digest,
                        created_at=self._clock.now(),
                    )
                )
            return told, _listing(transaction.execute(stored).one())

    def access_keys(self, organisation_id: str | None = None) -> list[AccessKey]:
        """See `KeyStore.access_keys`."""
        query = select(access_key).order_by(access_key.c.created_at, access_key.c.id)
        if organisation_id is not None:
            query = query.where(access_key.c.organisation_id == organisation_id)
        with self._database.reading() as connection:
            return [_listing(row) for row in connection.execute(query)]

    def revoke_access_key(self, key_id: str) -> bool:
        """See `KeyStore.revoke_access_key`."""
        with self._database.transaction() as transaction:
            transaction.execute(
                update(access_key)
                .where(access_key.c.id == key_id, access_key.c.revoked_at.is_(None))
                .values(revoked_at=self._clock.now())
            )
            found = transaction.execute(select(access_key.c.id).where(access_key.c.id == key_id)).first()
        return found is not None

    def caller_of(self, untrusted_secret: str) -> Caller | None:
        """See `KeyStore.caller_of`: one look-up by hash, so timing tells nothing about the secret."""
        query = select(access_key).where(
            access_key.c.secret_sha256 == _sha256(untrusted_secret), access_key.c.revoked_at.is_(None)
        )
        with self._database.reading() as connection:
            row = connection.execute(query).first()
        return Caller(row.id, row.organisation_id, row.role, row.prefix) if row else None


def _sha256(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def _listing(row: Row[*tuple[Any, ...]]) -> AccessKey:
    return AccessKey(row.id, row.organisation_id, row.role, row.prefix, row.created_at, row.revoked_at)
