"""Reads what a dynamic XFA form says of itself; such a form shows one page "Please wait..." to every free engine.

Place in the pipeline: called by `pdf_cut`. Trust level: hostile XML, searched as bytes and never parsed, so that
entities are never expanded. Residual risk: a form may name itself wrongly; values are not read yet.
"""

import re
from collections.abc import Mapping
from typing import NamedTuple

from services.ocr.reading.identity import find_footer

_MAX_PACKET = 20_000_000
_TAGS = re.compile(r"<[^>]{0,2000}>")
_PRINTED = re.compile(r"IMM\s?\d{4}[A-Z]?\s{0,3}\(\d\d-\d{4}\)\s?[EF]?")


class XfaForm(NamedTuple):
    """Form and edition as printed in the template."""

    form: str | None
    edition: str | None


def read_xfa(untrusted_packets: Mapping[str, object]) -> XfaForm | None:
    """What the template packet says; null when there is no template."""
    template = untrusted_packets.get("template")
    if not isinstance(template, bytes):
        return None
    text = template[:_MAX_PACKET].decode("utf-8", "replace")
    printed = _PRINTED.search(text) or _PRINTED.search(_TAGS.sub("", text))
    found = find_footer(printed.group() if printed else "")
    return XfaForm(found.form, found.edition) if found else XfaForm(None, None)
