"""The jobs: the seam between the sandbox and the engines that open client files.

Place in the pipeline: imported by the template alone, run in its children.
Trust level: everything here works on hostile bytes; whatever it hands back is checked outside (`results`).
Residual risk: none of its own.

The engines are imported when the template starts, only those of its lane: each template is memory that stays.
"""

import importlib
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from services.ocr.sandbox.wire import Reply

if TYPE_CHECKING:
    from services.ocr.catalogue.model import Catalogue
    from services.ocr.reading.result import SlotPicture
    from wetink.contracts.reading import PageReading

Arguments = dict[str, Any]
_LATE = ("encodings.cp437", "pypdf._codecs._codecs", "pypdf.filters")
"""What libraries import only with their first file: in every child anew, were it not here."""
Job = Callable[[list[memoryview], Arguments], Reply]

JOBS: dict[str, Job] = {}
"""The jobs of this template's lane; filled by `preload`."""


def preload(lane: str, catalogues: list[Path]) -> list[str]:
    """Import what the lane's jobs need, and load the catalogue: the children find it in memory.

    Returns the names of the catalogue's entries that could not be read.
    """
    import cv2  # noqa: PLC0415 - see the module's docstring

    cv2.setNumThreads(1)
    if lane == "text":
        from services.ocr.reading import text  # noqa: F401, PLC0415

        JOBS["text"] = _text
        return []
    from services.ocr.catalogue.model import SHIPPED, Catalogue  # noqa: PLC0415
    from services.ocr.reading import footer, page, pages  # noqa: F401, PLC0415
    from services.ocr.sandbox.warm_up import warm_up  # noqa: PLC0415

    for module in _LATE:
        importlib.import_module(module)
    catalogue = Catalogue.load((SHIPPED, *catalogues))
    warm_up(catalogue)
    JOBS["cut"] = _cut
    JOBS["read"] = lambda files, arguments: _read(files, arguments, catalogue)
    JOBS["name"] = lambda files, arguments: _name(files, arguments, catalogue)
    JOBS["learn"] = _learn
    return catalogue.broken


def _cut(files: list[memoryview], arguments: Arguments) -> Reply:
    from services.ocr.reading.pages import count_and_cut  # noqa: PLC0415

    cut = count_and_cut(files, arguments["first_page"], arguments["last_page"], arguments["password"])
    done = {page.number: page.blob for page in cut.pages if page.blob is not None}
    failed = {page.number: page.reason or "page_damaged" for page in cut.pages if page.blob is None}
    head: dict[str, object] = {
        "outcome": cut.outcome,
        "reason": cut.reason,
        "pages_total": cut.pages_total,
        "numbers": list(done),
        "failed": failed,
    }
    return Reply(head, list(done.values()))


def _read(files: list[memoryview], arguments: Arguments, catalogue: "Catalogue") -> Reply:
    from services.ocr.reading.page import read_page  # noqa: PLC0415

    return _reply(*read_page(bytes(files[0]), arguments["number"], catalogue))


def _name(files: list[memoryview], arguments: Arguments, catalogue: "Catalogue") -> Reply:
    from services.ocr.reading.footer import name_by_footer  # noqa: PLC0415
    from services.ocr.reading.page import read_page  # noqa: PLC0415

    return _reply(*read_page(bytes(files[0]), arguments["number"], catalogue, name_by_footer))


def _reply(reading: "PageReading", pictures: "list[SlotPicture]") -> Reply:
    head: dict[str, object] = {
        "reading": reading.model_dump(mode="json"),
        "pictures": [_size(picture) for picture in pictures],
    }
    return Reply(head, [_rows(picture) for picture in pictures])


def _text(files: list[memoryview], arguments: Arguments) -> Reply:
    from services.ocr.reading.text import page_text  # noqa: PLC0415

    text, picture = page_text(bytes(files[0]), arguments["number"])
    head = {"text": text.model_dump(mode="json"), "has_picture": picture is not None}
    return Reply(head, [picture] if picture is not None else [])


def _learn(files: list[memoryview], _arguments: Arguments) -> Reply:
    from services.ocr.catalogue.cannot_learn import CannotLearnError  # noqa: PLC0415 - needed seldom
    from services.ocr.catalogue.learn import learn  # noqa: PLC0415

    try:
        entry = learn(bytes(files[0]))
    except CannotLearnError as refusal:
        return Reply({"refused": refusal.reason}, [])
    return Reply({"form": entry.form, "edition": entry.edition}, list(entry.to_files()))


def _size(picture: "SlotPicture") -> dict[str, object]:
    height, width, *colours = picture.pixels.shape
    return {"slot": picture.slot_id, "width": width, "height": height, "channels": colours[0] if colours else 1}


def _rows(picture: "SlotPicture") -> bytes:
    """The pixels row by row: grey as it is, BGR turned into RGB."""
    pixels = picture.pixels
    return (pixels if pixels.ndim == 2 else pixels[:, :, ::-1]).tobytes()
