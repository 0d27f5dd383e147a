"""The errors that decide what happens to an event.

Place in the pipeline: raised by `prepare` and `handle` of every service, read by the stream's processor.
Trust level: messages may reach logs and dead letters, so they carry ids and codes, never client data.
Residual risk: an exception that is none of these counts as our own mistake: a few attempts, then a dead letter.

    WetinkError
    ├── RetryError     infrastructure is away (broker, database, disk): the same event again, for ever
    ├── PoisonError    this event can never succeed: a dead letter at once, and the service's own consequence
    └── CaseDeletedError   the case's key is destroyed: late events of it are dropped
"""

import errno

DISK_FULL = frozenset({errno.ENOSPC, errno.EDQUOT})
"""The system's codes for a disk without room."""
DISK_READ_ONLY = frozenset({errno.EROFS})
"""And for one that takes no writing."""


class WetinkError(Exception):
    """Root of the tree; never raised itself."""


class RetryError(WetinkError):
    """A part the event needs is away for now; nothing is wrong with the event."""


class PoisonError(WetinkError):
    """The event can never succeed.

    Attributes:
        reason: a short code, e.g. `sandbox_crashed`; safe to log.
        attempts: how many it took to know that, where they were counted.
    """

    def __init__(self, reason: str, attempts: int = 1) -> None:
        super().__init__(reason)
        self.reason = reason
        self.attempts = attempts


class CaseDeletedError(WetinkError):
    """The case was deleted, its key no longer exists."""


def is_disk_trouble(error: BaseException) -> bool:
    """Whether the system said that the disk is full or read-only: that passes, nothing is wrong with the work."""
    return isinstance(error, OSError) and error.errno in DISK_FULL | DISK_READ_ONLY
