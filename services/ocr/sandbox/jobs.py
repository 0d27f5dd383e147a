"""The jobs: the seam between the sandbox and the engines that open client files.

Place in the pipeline: imported by the template alone, run in its children.
Trust level: everything here works on hostile bytes; whatever it hands back is checked outside.
Residual risk: none of its own.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from services.ocr.sandbox.wire import Reply

Arguments = dict[str, Any]
_state: dict[str, Any] = {}


def preload(lane: str, catalogues: list[Path]) -> None:
    """Import what the lane's jobs need, and load the catalogue: the children find it in memory."""
    if lane == "text":
        _preload_text()
    else:
        _preload_pages(catalogues)


JOBS: dict[str, Callable[[list[bytes], Arguments], Reply]] = {}
