"""The port to the blob store: what every service may ask of it.

Place in the pipeline: the folder store and the fake of the unit tests pass one contract test; others will.
Trust level: callers hand in names of ours, never a client's file name. Residual risk: none.
"""

from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol

from wetink.errors import PoisonError


class BlobNotFoundError(PoisonError):
    """There is no such blob, or it was altered and cannot be opened; `reason` says which."""


@dataclass(frozen=True)
class BlobRef:
    """Which blob: the organisation and case it belongs to (they choose the key) and its name in the case.

    Names are paths such as `documents/doc_1/original`; they are deterministic, so that work done twice
    overwrites the same blob with the same content.
    """

    organisation_id: str
    case_id: str
    name: str


class BlobWriter(Protocol):
    """Takes the content piece by piece."""

    def write(self, data: bytes) -> None:
        """Append `data` (any length)."""
        ...


class BlobStore(Protocol):
    """Encrypted blobs by name.

    All methods raise `RetryError` when the disk or its server is away or full, `CaseDeletedError` when the
    case's key is destroyed.
    """

    def writing(self, ref: BlobRef) -> AbstractContextManager[BlobWriter]:
        """Write a blob in pieces with constant memory.

        When the block ends without an error the blob is on the disk (fsync of file and folder) and visible at
        once as a whole, replacing an older one; after an error nothing is left of it.
        """
        ...

    def put(self, ref: BlobRef, data: bytes) -> None:
        """Write a whole blob, as `writing` does."""
        ...

    def get(self, ref: BlobRef) -> bytes:
        """The whole content; raises `BlobNotFoundError`."""
        ...

    def get_those_there(
        self, organisation_id: str, case_id: str, names: Iterable[str]
    ) -> Iterator[tuple[str, bytes]]:
        """Name and content of many blobs of one case, in order; those that are not there are left out."""
        ...

    def stream(self, ref: BlobRef) -> Iterator[bytes]:
        """The content in pieces of at most 1 MiB, each checked before it is given; raises `BlobNotFoundError`."""
        ...

    def exists(self, ref: BlobRef) -> bool:
        """Whether the blob is there (it may still fail to open)."""
        ...

    def delete(self, ref: BlobRef) -> None:
        """Remove one blob; nothing happens when it is not there."""
        ...

    def delete_case(self, organisation_id: str, case_id: str) -> None:
        """Remove every blob of the case; nothing happens when there is none."""
        ...
