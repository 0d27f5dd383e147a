"""What reading a page hands back, and the small steps that both ways of reading share.

Place in the pipeline: between `digital`, `scan` and `page`. Trust level: made from a client's page. Residual risk:
none of its own.
"""

from dataclasses import dataclass, field

import cv2

from services.ocr.catalogue.model import Entry, SlotPlan
from services.ocr.reading.dates import NO_DAY, DateValue
from services.ocr.reading.identity import Identity
from services.ocr.reading.ink import InkVerdict
from services.ocr.reading.raster import Pixels
from wetink.contracts.reading import FieldReading, IdentifiedBy, Mark, SlotReading

_PICTURE_SHARE = 0.75
"""Crops are made at 200 dpi and kept for people at 150."""


@dataclass(frozen=True)
class SlotPicture:
    """What a slot looks like with its surroundings: grey (h x w) or BGR (h x w x 3), upright, 150 dpi."""

    slot_id: str
    pixels: Pixels


@dataclass(frozen=True)
class Named:
    """Which page it is, how that was told, and the catalogue's entry where there is one."""

    identity: Identity
    identified_by: IdentifiedBy
    entry: Entry | None


@dataclass
class Findings:
    """What was found on a page of a known form."""

    slots: list[SlotReading] = field(default_factory=list)
    fields: list[FieldReading] = field(default_factory=list)
    pictures: list[SlotPicture] = field(default_factory=list)


def slot_reading(
    slot: SlotPlan,
    verdict: InkVerdict,
    mark: Mark | None = None,
    day: DateValue = NO_DAY,
    fingerprint: str | None = None,
) -> SlotReading:
    """The reading of one slot; `day` is what a date slot says, `fingerprint` that of a signature."""
    return SlotReading(
        **slot.in_reading(),
        ink=verdict.ink,
        confidence=verdict.confidence,
        reason=verdict.reason,
        mark=mark if verdict.ink != "absent" else None,
        value=day.value,
        value_status=day.status,
        text=day.text,
        fingerprint=fingerprint,
    )


def picture(slot: SlotPlan, crop: Pixels) -> SlotPicture:
    """The picture of a slot from its crop at 200 dpi."""
    small = cv2.resize(crop, None, fx=_PICTURE_SHARE, fy=_PICTURE_SHARE, interpolation=cv2.INTER_AREA)
    return SlotPicture(slot.id, small.astype("uint8", copy=False))
