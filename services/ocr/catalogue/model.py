"""The form catalogue: entries (a form in one edition) and how they are found.

Place in the pipeline: loaded once per process; an entry is a pair of files `<form>/<edition>.json` (what people
review) and `.npz` (features and masks). Trust level: shipped with the program or learned by the firm's own staff.
Residual risk: a wrong entry misplaces slots; the registration gate then says `unsure`.

Geometry on a page is in PDF points with the origin bottom left; features and masks are in points from the top
left, because pixels are.
"""

import hashlib
import io
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Literal
from zipfile import BadZipFile, ZipFile

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field

from wetink.contracts.reading import BoxPt, Edition, SlotKind

SHIPPED = Path(__file__).parent / "data"
"""The entries that come with the program."""
MASK_DPI = 200
"""Resolution of the printed template around each place."""

_VOTING = 4
"""Every fourth descriptor votes for the likest layout."""

Bytes = NDArray[np.uint8]
Numbers = NDArray[np.float32]


def _is_none(value: object) -> bool:
    return value is None


class PagePlan(BaseModel):
    """One page of a form: its size in points, the text of its barcode and of its footer, null when it has none."""

    model_config = ConfigDict(frozen=True)
    number: int
    width_pt: float
    height_pt: float
    barcode: str | None
    footer: str | None = None


class Node(BaseModel):
    """Where a place of a dynamic XFA form is: such a form is laid out when it is filled, so it has no pages.

    `template` is the node's path in the template, of a printed line that of its label. `data` are the paths of its
    value in the form's data: none for a printed line, three for a birth date (year, month, day). The box of the
    place is measured from the lower left corner of `block`, the part of the template up to which the layout is
    positioned; above it the layout flows. `ticked` is the value that means yes.
    """

    model_config = ConfigDict(frozen=True)
    block: str
    template: str
    data: tuple[str, ...]
    ticked: str | None = None


class SlotPlan(BaseModel):
    """A place to sign or date, on a page or at a node.

    `pair` is the id of the date of a signature and the other way round; `is_for_official` says that the place
    belongs to an official or an interview, so that it is expected to be empty when filed.
    """

    model_config = ConfigDict(frozen=True)
    id: str
    kind: SlotKind
    party: str | None
    part: str | None
    item: str | None
    form_page: int | None
    box_pt: BoxPt
    pair: str | None = None
    label: str
    is_for_official: bool = False
    node: Node | None = Field(default=None, exclude_if=_is_none)

    def in_reading(self) -> dict[str, Any]:
        """What a reading of this place repeats of it."""
        return self.model_dump(
            include={"id", "kind", "party", "part", "item", "box_pt", "pair", "is_for_official"}
        )


class FieldPlan(BaseModel):
    """Another place that rules need, e.g. `interpreter.name`; `is_check_box` tells a tick from text."""

    model_config = ConfigDict(frozen=True)
    purpose: str
    part: str | None
    item: str | None
    form_page: int | None
    box_pt: BoxPt
    is_check_box: bool
    node: Node | None = Field(default=None, exclude_if=_is_none)


class FormPlan(BaseModel):
    """What people review of an entry. `to_confirm` lists what the program could not be sure of."""

    model_config = ConfigDict(frozen=True)
    form: str
    edition: Edition
    source: str
    date_grammar: Literal["mm/dd/yyyy", "yyyy-mm-dd"]
    pages: list[PagePlan]
    slots: list[SlotPlan]
    fields: list[FieldPlan]
    to_confirm: list[str]

    def array_names(self) -> set[str]:
        """What must be stored beside the plan: features of each page, a mask of each place."""
        pages = {f"{kind}:{page.number}" for page in self.pages for kind in ("points", "descriptors", "boxes")}
        slots = {f"mask:{slot.form_page}:{slot.id}" for slot in self.slots if not slot.node}
        fields = {f"mask:{field.form_page}:{field_key(field)}" for field in self.fields if not field.node}
        return pages | slots | fields


class Entry:
    """A form in one edition: the plan, and its arrays, which are unpacked only when asked for."""

    def __init__(self, plan: FormPlan, arrays: bytes) -> None:
        self.plan = plan
        self.arrays = arrays

    @property
    def form(self) -> str:
        """The form's name as printed."""
        return self.plan.form

    @property
    def edition(self) -> str:
        """The edition's day or month."""
        return self.plan.edition

    def slots(self, form_page: int) -> list[SlotPlan]:
        """The slots of one page."""
        return [slot for slot in self.plan.slots if slot.form_page == form_page]

    def fields(self, form_page: int) -> list[FieldPlan]:
        """The other places of one page."""
        return [field for field in self.plan.fields if field.form_page == form_page]

    def page(self, form_page: int) -> PagePlan | None:
        """A page's plan, null when the form has no such page."""
        return next((page for page in self.plan.pages if page.number == form_page), None)

    def unpack(self, form_page: int) -> "PageArrays":
        """The features and masks of one page (about a millisecond)."""
        with np.load(io.BytesIO(self.arrays), allow_pickle=False) as stored:
            masks = {
                name.split(":", 2)[2]: _unpack_mask(stored[name])
                for name in stored.files
                if name.startswith(f"mask:{form_page}:")
            }
            return PageArrays(
                points=stored[f"points:{form_page}"].astype(np.float32) / 10,
                descriptors=stored[f"descriptors:{form_page}"],
                masks=masks,
                boxes=stored[f"boxes:{form_page}"].astype(np.float32) / 10,
            )

    def to_files(self) -> tuple[bytes, bytes]:
        """The JSON and NPZ bytes of this entry."""
        return (self.plan.model_dump_json(indent=1) + "\n").encode(), self.arrays


class PageArrays:
    """Arrays of one page.

    Attributes:
        points: n x 2, features in points from the page's top left.
        descriptors: n x 32, their ORB descriptors.
        masks: place (slot id or `field_key`) to a boolean array at `MASK_DPI`: what is printed around it.
        boxes: n x 4, everything that can be filled in on the page (points, origin bottom left).
    """

    def __init__(
        self, points: Numbers, descriptors: Bytes, masks: dict[str, NDArray[np.bool_]], boxes: Numbers
    ) -> None:
        self.points = points
        self.descriptors = descriptors
        self.masks = masks
        self.boxes = boxes


class Catalogue:
    """All entries a process knows; `version` is a hash of them, `broken` the names of those left out."""

    def __init__(self, entries: Iterable[Entry], broken: Iterable[str] = ()) -> None:
        self._entries = {(entry.form, entry.edition): entry for entry in entries}
        self.broken = list(broken)
        self._descriptors: list[tuple[Entry, PagePlan, Bytes]] | None = None
        digest = hashlib.sha256()
        for key in sorted(self._entries):
            for part in self._entries[key].to_files():
                digest.update(part)
        self.version = digest.hexdigest()[:16]

    @classmethod
    def load(cls, folders: Iterable[Path] = (SHIPPED,)) -> "Catalogue":
        """All entries in the folders that exist; an entry in a later folder replaces an earlier one.

        Entries that cannot be read are left out: a mistake in one must not stop the reading of all other forms.
        """
        entries, broken = [], []
        for path in (path for folder in folders for path in sorted(folder.glob("*/*.json"))):
            try:
                entries.append(_load_entry(path))
            except (OSError, ValueError, BadZipFile):
                broken.append(f"{path.parent.name}/{path.stem}")
        return cls(entries, broken)

    def __iter__(self) -> Iterator[Entry]:
        return iter(self._entries[key] for key in sorted(self._entries))

    def all_descriptors(self) -> Iterator[tuple[Entry, PagePlan, Bytes]]:
        """Some of the ORB descriptors of every page, enough to vote with; unpacked once and kept (6 kB a page)."""
        if self._descriptors is None:
            self._descriptors = [
                (entry, page, entry.unpack(page.number).descriptors[::_VOTING])
                for entry in self
                for page in entry.plan.pages
            ]
        return iter(self._descriptors)

    def find(self, form: str, edition: str | None) -> Entry | None:
        """The entry of a form in an edition."""
        return self._entries.get((form, edition)) if edition else None


def _load_entry(path: Path) -> Entry:
    """An entry whose arrays are complete; `ValueError`, `OSError` or `BadZipFile` for any other."""
    entry = Entry(FormPlan.model_validate_json(path.read_bytes()), path.with_suffix(".npz").read_bytes())
    with ZipFile(io.BytesIO(entry.arrays)) as stored:
        there = {name.removesuffix(".npy") for name in stored.namelist()}
    if missing := entry.plan.array_names() - there:
        raise ValueError(f"{len(missing)} arrays are missing")
    return entry


def save(entry: Entry, folder: Path) -> Path:
    """Write an entry below `folder`; returns the path of its JSON."""
    path = folder / entry.form.replace(" ", "") / f"{entry.edition}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    plan, arrays = entry.to_files()
    path.with_suffix(".npz").write_bytes(arrays)
    path.write_bytes(plan)
    return path


def field_key(field: FieldPlan) -> str:
    """The name of a field's mask: purpose and place."""
    return f"{field.purpose}@{field.box_pt[0]:.0f},{field.box_pt[1]:.0f}"


def pack(pages: dict[int, PageArrays]) -> bytes:
    """The NPZ bytes of an entry's arrays; the same arrays always give the same bytes."""
    stored: dict[str, NDArray[np.generic]] = {}
    for number, arrays in sorted(pages.items()):
        stored[f"points:{number}"] = np.rint(arrays.points * 10).astype(np.int16)
        stored[f"descriptors:{number}"] = arrays.descriptors
        stored[f"boxes:{number}"] = np.rint(arrays.boxes * 10).astype(np.int16)
        for name, mask in sorted(arrays.masks.items()):
            stored[f"mask:{number}:{name}"] = _pack_mask(mask)
    target = io.BytesIO()
    np.savez_compressed(target, **stored)  # type: ignore[arg-type]  # the stub takes `allow_pickle` for an array
    return target.getvalue()


def _pack_mask(mask: NDArray[np.bool_]) -> Bytes:
    height, width = mask.shape
    shape = np.frombuffer(height.to_bytes(2, "big") + width.to_bytes(2, "big"), np.uint8)
    return np.concatenate([shape, np.packbits(mask)])


def _unpack_mask(stored: Bytes) -> NDArray[np.bool_]:
    height, width = int.from_bytes(stored[:2].tobytes(), "big"), int.from_bytes(stored[2:4].tobytes(), "big")
    return np.unpackbits(stored[4:], count=height * width).reshape(height, width).astype(np.bool_)
