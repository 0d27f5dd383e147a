"""What a blank page looks like: its features, and the print around each of its places.

Place in the pipeline: the last step of `learn`. Trust level: a blank form chosen by the firm. Residual risk: none.
"""

import numpy as np

from services.ocr.catalogue.model import MASK_DPI, PageArrays, field_key
from services.ocr.catalogue.sheet import Sheet
from services.ocr.reading.ink import DARK
from services.ocr.reading.place import FIELD_MARGIN_PT, SLOT_MARGIN_PT, around, size_px
from services.ocr.reading.raster import Pixels, open_page, render
from services.ocr.reading.registration import features
from wetink.contracts.reading import BoxPt

_FEATURE_WIDTH = 1_150
_FEATURES, _FEATURES_WITH_PLACES = 500, 1_200


def draw(sheet: Sheet) -> PageArrays:
    """Features of the page, the print around each of its places, and all that can be filled in."""
    with open_page(sheet.payload) as page:
        dpi = _FEATURE_WIDTH / sheet.width_pt * 72
        count = _FEATURES_WITH_PLACES if sheet.slots or sheet.fields else _FEATURES
        points, descriptors = features(render(page, dpi), (_FEATURE_WIDTH, count))
        masks = {}
        for slot in sheet.slots:
            part = around(slot.box_pt, SLOT_MARGIN_PT, sheet.width_pt, sheet.height_pt)
            masks[slot.id] = _printed(render(page, MASK_DPI, part), part)
        for one in sheet.fields:
            part = around(one.box_pt, FIELD_MARGIN_PT, sheet.width_pt, sheet.height_pt)
            masks[field_key(one)] = _printed(render(page, MASK_DPI, part), part)
    boxes = np.array([widget.box_pt for widget in sheet.widgets], np.float32).reshape(-1, 4)
    return PageArrays(points * np.float32(72 / dpi), descriptors, masks, boxes)


def _printed(crop: Pixels, part: BoxPt) -> "np.ndarray[tuple[int, ...], np.dtype[np.bool_]]":
    width, height = size_px(part)
    mask = np.zeros((height, width), np.bool_)
    high, wide = min(height, crop.shape[0]), min(width, crop.shape[1])
    mask[:high, :wide] = crop[:high, :wide] < DARK
    return mask
