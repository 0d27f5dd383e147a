"""The places of a dynamic XFA form's template: what is printed and filled in, and where.

Place in the pipeline: used by `learn_dynamic`. Trust level: the template of a form that the firm chose, parsed
where client files are opened. Residual risk: what scripts move or hide when the form is filled is not known.

Words: a *block* is the outermost part of the template inside which everything has a fixed place; what holds blocks
lets them flow one below the other.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Literal, NamedTuple

from services.ocr.reading.xfa_xml import Element

_HOLDERS = ("subform", "subformSet", "area")
_PLACES = ("field", "exclGroup", "draw")
_LENGTH = re.compile(r"^(-?[\d.]+)\s*(mm|cm|in|pt)?$")
_POINTS = {"mm": 72 / 25.4, "cm": 72 / 2.54, "in": 72.0, "pt": 1.0}

BoxFromTop = tuple[float, float, float, float]
"""Left, top, right, bottom in points from the upper left corner of the block."""


class Place(NamedTuple):
    """A field, a group of boxes of which one is ticked, or a text.

    `data` is the path of its value, null for a text and for what is not bound to data; `label` is what is printed
    in it, `hint` what is read aloud; `choices` are the labels of a group's boxes with their values.
    """

    kind: Literal["field", "exclGroup", "draw"]
    path: str
    data: str | None
    label: str
    hint: str
    widget: str
    is_visible: bool
    block: str
    block_height: float
    box: BoxFromTop
    choices: tuple[tuple[str, str], ...] = ()


def places(template: Element) -> Iterator[Place]:
    """All places of a template in their order, without what is printed on every page."""
    yield from _Walk().inside(template, _Spot())


@dataclass(frozen=True)
class _Spot:
    """Where the walk is: paths so far, the block, and the corner of the holder in it."""

    path: str = ""
    data: str = ""
    block: str = ""
    block_height: float = 0.0
    left: float = 0.0
    top: float = 0.0
    is_positioned: bool = False
    is_visible: bool = True


@dataclass
class _Walk:
    """A walk through the template; counts names, as the second of a name is called `Row[1]`."""

    seen: Counter[str] = field(default_factory=Counter)

    def inside(self, holder: Element, spot: _Spot) -> Iterator[Place]:
        for element in holder.children(*_HOLDERS, *_PLACES):
            here = self._enter(element, spot)
            if element.name in _HOLDERS:
                yield from self.inside(element, here)
            else:
                yield _place(element, here)

    def _enter(self, element: Element, spot: _Spot) -> _Spot:
        path = self._named(spot.path, element, "template")
        is_bound = element.name != "draw" and _bind(element) != "none"
        data = self._named(spot.data, element, "data") if is_bound else spot.data
        here = replace(
            spot,
            path=path,
            data=data,
            is_positioned=element.attributes.get("layout", "position") == "position",
            is_visible=spot.is_visible and element.attributes.get("presence", "visible") == "visible",
        )
        if not spot.is_positioned:
            return replace(here, block=path, block_height=_length(element, "h", "minH"), left=0.0, top=0.0)
        return replace(here, left=spot.left + _length(element, "x"), top=spot.top + _length(element, "y"))

    def _named(self, parent: str, element: Element, tree: str) -> str:
        name = element.attributes.get("name")
        if not name:
            return parent
        path = f"{parent}.{name}".lstrip(".")
        count = self.seen[f"{tree}:{path}"]
        self.seen[f"{tree}:{path}"] += 1
        return f"{path}[{count}]" if count else path


def _place(element: Element, here: _Spot) -> Place:
    width, height = _size(element)
    is_text = element.name == "draw"
    caption = element if is_text else element.child("caption")
    return Place(
        kind=element.name,  # type: ignore[arg-type]  # one of `_PLACES`
        path=here.path,
        data=None if is_text or _bind(element) == "none" else here.data,
        label=_text(caption, "value"),
        hint=_text(element.child("assist"), "speak"),
        widget=_widget(element),
        is_visible=here.is_visible,
        block=here.block,
        block_height=here.block_height,
        box=(here.left, here.top, here.left + width, here.top + height),
        choices=tuple(_choices(element)) if element.name == "exclGroup" else (),
    )


def _choices(group: Element) -> Iterator[tuple[str, str]]:
    for box in group.children("field"):
        yield _text(box.child("caption"), "value"), _text(box, "items")


def _bind(element: Element) -> str:
    bind = element.child("bind")
    return bind.attributes.get("match", "once") if bind else "once"


def _widget(element: Element) -> str:
    """Which control the field has, e.g. `dateTimeEdit`."""
    ui = element.child("ui")
    return next((item.name for item in ui.children() if item.name != "picture"), "") if ui else ""


def _text(element: Element | None, child: str) -> str:
    """The text of a child, without the star that marks a field as mandatory."""
    inner = element.child(child) if element else None
    return inner.text().lstrip("* ").replace("\u2019", "'") if inner else ""


def _size(element: Element) -> tuple[float, float]:
    """Width and height; a group without is as large as its boxes need."""
    boxes = [(_length(box, "x"), _length(box, "y"), *_size(box)) for box in element.children("field")]
    width = max((left + wide for left, _, wide, _ in boxes), default=0.0)
    height = max((top + high for _, top, _, high in boxes), default=0.0)
    return _length(element, "w", "minW") or width, _length(element, "h", "minH") or height


def _length(element: Element, *names: str) -> float:
    """A length in points: the first of the attributes that is there, 0 without one."""
    for name in names:
        found = _LENGTH.match(element.attributes.get(name, ""))
        if found:
            return float(found.group(1)) * _POINTS[found.group(2) or "in"]
    return 0.0
