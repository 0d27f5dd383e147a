"""Parses a packet of an XFA form into a small tree, whatever a hostile writer put there.

Place in the pipeline: used on a client's data by `xfa`, and on the template by `learn`; both in the sandbox. Trust
level: hostile. A document type is refused, so there are no entities to expand and nothing to fetch; size, depth
and number of elements are limited. Residual risk: expat is a C library.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.parsers import expat

_MAX_BYTES = 20_000_000
_MAX_DEPTH = 100
_MAX_ELEMENTS = 100_000
_LOOSE_AMPERSAND = re.compile(rb"&(?!(?:amp|lt|gt|quot|apos|#\d{1,7}|#x[0-9A-Fa-f]{1,6});)")
"""Programs that fill forms in write `Humanitarian & Compassionate` unescaped."""


class XmlRefusedError(ValueError):
    """The packet is no XML that we take: malformed, with a document type, or beyond a limit."""


@dataclass(slots=True)
class Element:
    """An element: its name and attributes without namespace prefixes, text and elements in their order."""

    name: str
    attributes: dict[str, str]
    content: "list[Element | str]" = field(default_factory=list)

    def children(self, *names: str) -> "Iterator[Element]":
        """Child elements, those with one of the names where names are given."""
        for item in self.content:
            if isinstance(item, Element) and (not names or item.name in names):
                yield item

    def child(self, name: str) -> "Element | None":
        """The first child element of that name."""
        return next(self.children(name), None)

    def text(self) -> str:
        """All text in it, white space folded."""
        return " ".join(" ".join(self._texts()).split())

    def _texts(self) -> Iterator[str]:
        for item in self.content:
            if isinstance(item, str):
                yield item
            else:
                yield from item._texts()  # noqa: SLF001 - the same class


def parse(untrusted_packet: bytes) -> Element:
    """The root element of a packet in UTF-8; raises `XmlRefusedError`."""
    if len(untrusted_packet) > _MAX_BYTES:
        raise XmlRefusedError("too large")
    builder = _Builder()
    parser = expat.ParserCreate("utf-8")
    parser.buffer_text = True
    parser.StartElementHandler = builder.start
    parser.EndElementHandler = builder.end
    parser.CharacterDataHandler = builder.text
    parser.StartDoctypeDeclHandler = builder.refuse
    try:
        parser.Parse(_LOOSE_AMPERSAND.sub(b"&amp;", untrusted_packet), True)  # noqa: FBT003 - expat's own flag
    except expat.ExpatError as error:
        raise XmlRefusedError("malformed") from error
    return next(builder.root.children())


class _Builder:
    def __init__(self) -> None:
        self.root = Element("", {})
        self._open = [self.root]
        self._elements = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self._elements += 1
        if len(self._open) > _MAX_DEPTH or self._elements > _MAX_ELEMENTS:
            raise XmlRefusedError("too deep or too many elements")
        plain = {_local(key): value for key, value in attributes.items()}
        element = Element(_local(name), plain)
        self._open[-1].content.append(element)
        self._open.append(element)

    def end(self, _name: str) -> None:
        self._open.pop()

    def text(self, text: str) -> None:
        self._open[-1].content.append(text)

    def refuse(self, *_declaration: object) -> None:
        raise XmlRefusedError("a document type")


def _local(name: str) -> str:
    return name.rpartition(":")[2]
