"""Intake's settings.

Place in the pipeline: read once by `services.intake.__main__`. Trust level: the administrator's.
Residual risk: a limit set too high lets a few callers fill the disk.
"""

from pydantic import Field

from wetink.http.settings import HttpSettings


class IntakeSettings(HttpSettings):
    """What intake needs beyond what both faces share."""

    max_upload_mb: int = Field(default=100, ge=1, le=10_000)
    """Largest upload in MiB, all files of it together (`WETINK_MAX_UPLOAD_MB`)."""

    @property
    def max_upload_bytes(self) -> int:
        """The same in bytes."""
        return self.max_upload_mb << 20
