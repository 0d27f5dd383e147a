"""The ocr service's settings.

Place in the pipeline: read once by `__main__` and `text_lane`. Trust level: the administrator's.
Residual risk: none.
"""

from pathlib import Path

from wetink.settings import SharedSettings


class OcrSettings(SharedSettings):
    """What ocr needs beyond what all processes share."""

    @property
    def temp(self) -> Path:
        """This process's own temporary folder, wiped at its start."""
        return self.data / "tmp" / self.process

    @property
    def learned(self) -> Path:
        """Catalogue folder of the forms that this installation learned."""
        return self.data / "catalogue"
