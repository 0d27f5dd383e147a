"""Reads what a dynamic XFA form says of itself; such a form shows one page "Please wait..." to every free engine.

Place in the pipeline: called by `pdf_cut`, for the template by `learn_dynamic`. Trust level: hostile XML, see
`xfa_xml`; the template is only searched as bytes. Residual risk: a form may name itself wrongly, and its data may
say what Adobe Reader would not show.
"""

import io
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from pypdf import PdfReader
from pypdf.generic import DictionaryObject, StreamObject

from services.ocr.reading.identity import find_footer
from services.ocr.reading.xfa_xml import Element, XmlRefusedError, parse

_MAX_PACKET = 20_000_000
_MAX_VALUES = 5_000
_MAX_VALUE = 500
_STARTS = {name: re.compile(rb"<(?:\w{1,20}:)?" + name + rb"\b") for name in (b"template", b"datasets")}
_TAGS = re.compile(r"<[^>]{0,2000}>")
_PRINTED = re.compile(r"IMM\s?\d{4}[A-Z]?\s{0,3}\(\d\d-\d{4}\)\s?[EF]?")


class XfaForm(NamedTuple):
    """Form and edition as printed in the template, and what is filled in.

    `values` is by the node's path below the data, e.g. `form1.Page3.Signature.TextField2`, the second of a name as
    `Row[1]`; null when the data cannot be read.
    """

    form: str | None
    edition: str | None
    values: dict[str, str] | None


def read_xfa(untrusted_packets: Mapping[str, object]) -> XfaForm | None:
    """What template and data say; null when there is no template."""
    template = untrusted_packets.get("template")
    if not isinstance(template, bytes):
        return None
    text = template[:_MAX_PACKET].decode("utf-8", "replace")
    printed = _PRINTED.search(text) or _PRINTED.search(_TAGS.sub("", text))
    found = find_footer(printed.group() if printed else "")
    form, edition = (found.form, found.edition) if found else (None, None)
    return XfaForm(form, edition, _read_values(untrusted_packets.get("datasets")))


def packets_of(reader: PdfReader) -> Mapping[str, object]:
    """The packets of a form that has `/XFA`, which are a list or all in one stream."""
    form = reader.root_object["/AcroForm"].get_object()
    packets = form["/XFA"].get_object() if isinstance(form, DictionaryObject) else None
    if isinstance(packets, StreamObject):
        names = ("template", "datasets")
        return {name: packet for name in names if (packet := _cut_out(packets.get_data(), name.encode()))}
    return reader.xfa or {}


def read_template(untrusted_blank: bytes) -> Element:
    """The template of a blank dynamic form; raises `XmlRefusedError`, or whatever pypdf raises."""
    reader = PdfReader(io.BytesIO(untrusted_blank), strict=False)
    if reader.is_encrypted:
        reader.decrypt("")
    template = packets_of(reader).get("template")
    if not isinstance(template, bytes):
        raise XmlRefusedError("no template")
    return parse(template)


def _cut_out(untrusted_stream: bytes, name: bytes) -> bytes | None:
    """The element of that name, from its first start to its last end."""
    start, end = _STARTS[name].search(untrusted_stream), untrusted_stream.rfind(name + b">")
    return untrusted_stream[start.start() : end + len(name) + 1] if start and end > 0 else None


def _read_values(untrusted_datasets: object) -> dict[str, str] | None:
    if not isinstance(untrusted_datasets, bytes):
        return {}
    try:
        data = parse(untrusted_datasets).child("data")
    except XmlRefusedError:
        return None
    values: dict[str, str] = {}
    for path, text in _leaves(data, "") if data else ():
        if len(values) >= _MAX_VALUES:
            return None
        values[path] = text[:_MAX_VALUE]
    return values


def _leaves(parent: Element, path: str) -> Iterator[tuple[str, str]]:
    """Path and text of every node without nodes in it that has a text."""
    seen: Counter[str] = Counter()
    for node in parent.children():
        index = f"[{seen[node.name]}]" if seen[node.name] else ""
        seen[node.name] += 1
        own_path = f"{path}.{node.name}{index}".lstrip(".")
        if next(node.children(), None) is not None:
            yield from _leaves(node, own_path)
        elif text := node.text():
            yield own_path, text
