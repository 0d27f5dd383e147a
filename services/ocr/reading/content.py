"""A hash of what was filled in on a page, where that is data: the same answers give the same hash in other bytes.

Place in the pipeline: made while a page is read, kept with its reading; the validator tells by it a document that
came twice from a corrected one. Trust level: a client's values and text go in, a hash comes out.
Residual risk: what a program draws as outlines, and what is on pictures, is not in it.
"""

import hashlib
import json

from services.ocr.reading.blob import Header


def hash_of_values(header: Header) -> str | None:
    """The hash of the page's fields with their places, or of a dynamic form's values; null when there are none."""
    if header.kind == "xfa":
        return _hash(header.values) if header.values else None
    fields = sorted(([round(edge) for edge in one.box_pt], one.value or "") for one in header.widgets)
    return _hash(fields) if fields else None


def hash_of_text(untrusted_text: str) -> str | None:
    """The hash of a page's words; null when there are none."""
    words = untrusted_text.split()
    return _hash(words) if words else None


def _hash(values: object) -> str:
    return hashlib.sha256(json.dumps(values, sort_keys=True).encode()).hexdigest()
