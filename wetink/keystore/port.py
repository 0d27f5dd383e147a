"""The port to the key store.

Place in the pipeline: intake and notifier ask who is calling; the blob store asks for case keys.
Trust level: secrets are returned once, at creation; afterwards only their SHA-256 is known.
Residual risk: a stolen access key works until it is revoked.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

AccessRole = Literal["admin", "manager", "client"]


@dataclass(frozen=True)
class Organisation:
    """A firm or clinic; organisations never see one another."""

    id: str
    name: str
    time_zone: str
    keep_days: int | None = None
    """Days after its last activity when a case is deleted; None keeps cases until somebody deletes them."""


class CaseHeldError(Exception):
    """The case is on legal hold and cannot be deleted."""


@dataclass(frozen=True)
class DeletedCase:
    """A case whose key was destroyed."""

    organisation_id: str
    case_id: str
    deleted_at: datetime


@dataclass(frozen=True)
class Caller:
    """Who is calling: an access key or a person of one organisation.

    `id` is the key's or the user's id (never the secret); `name` is for people to read.
    """

    id: str
    organisation_id: str
    role: AccessRole
    name: str


@dataclass(frozen=True)
class AccessKey:
    """An access key as it is listed: without its secret."""

    id: str
    organisation_id: str
    role: AccessRole
    prefix: str
    created_at: datetime
    revoked_at: datetime | None


@dataclass(frozen=True)
class User:
    """A case manager's personal login as it is listed."""

    id: str
    organisation_id: str
    name: str
    role: AccessRole
    is_disabled: bool


class KeyStore(Protocol):
    """Organisations, access keys, users and case keys.

    Methods raise `RetryError` when the database is away.
    """

    def create_organisation(self, name: str, time_zone: str) -> Organisation:
        """The organisation of that name, made if it is new; raises `ValueError` for an unknown time zone."""
        ...

    def organisation(self, organisation_id: str) -> Organisation | None:
        """One organisation."""
        ...

    def organisations(self) -> list[Organisation]:
        """All of them, by name."""
        ...

    def keep_cases(self, organisation_id: str, days: int | None) -> None:
        """Delete the organisation's cases that many days after their last activity; None: never."""
        ...

    def create_access_key(
        self, organisation_id: str, role: AccessRole, secret: str | None = None
    ) -> tuple[str, AccessKey]:
        """A new key: its secret (`wtk_` and 256 random bits, base64url), told only here, and its listing."""
        ...

    def access_keys(self, organisation_id: str | None = None) -> list[AccessKey]:
        """All keys, or those of one organisation."""
        ...

    def revoke_access_key(self, key_id: str) -> bool:
        """End a key; False when there is none of that id."""
        ...

    def caller_of(self, untrusted_secret: str) -> Caller | None:
        """Whose secret that is; None when unknown or revoked. Takes the same time whatever is presented."""
        ...

    def create_user(self, organisation_id: str, name: str, role: AccessRole, password: str) -> User:
        """A personal login; the password is kept as scrypt hash.

        Raises `ValueError` when the name is taken or the password shorter than 12 characters.
        """
        ...

    def reset_user(self, name: str, password: str) -> bool:
        """A new password; False when there is no such user."""
        ...

    def disable_user(self, name: str) -> bool:
        """No more logins; False when there is no such user."""
        ...

    def users(self, organisation_id: str | None = None) -> list[User]:
        """All users, or those of one organisation."""
        ...

    def user_caller(self, untrusted_name: str, untrusted_password: str) -> Caller | None:
        """Who logs in; None when unknown, wrong or disabled, in the same time."""
        ...

    def create_case_key(self, organisation_id: str, case_id: str) -> None:
        """Make the case's data key (256 bits, wrapped by the organisation's); nothing happens when it exists."""
        ...

    def case_key(self, organisation_id: str, case_id: str) -> bytes:
        """The case's data key; raises `CaseDeletedError` when it was destroyed or never made."""
        ...

    def destroy_case_key(self, organisation_id: str, case_id: str) -> None:
        """Destroy it for ever and remember that the case is deleted; nothing happens when it is gone.

        Raises `CaseHeldError` for a case on hold.
        """
        ...

    def hold_case(self, case_id: str, *, is_held: bool) -> bool:
        """Put a case on legal hold, or end that; False when there is no such case."""
        ...

    def held_cases(self) -> set[str]:
        """The ids of all cases on hold."""
        ...

    def deleted_cases(self) -> list[DeletedCase]:
        """All cases that were ever deleted."""
        ...

    def seal(self, organisation_id: str, purpose: str, data: bytes) -> bytes:
        """`data` encrypted under the organisation's key, bound to organisation and `purpose`."""
        ...

    def unseal(self, organisation_id: str, purpose: str, sealed: bytes) -> bytes:
        """What was sealed for that organisation and purpose; raises `ValueError` for anything else."""
        ...
