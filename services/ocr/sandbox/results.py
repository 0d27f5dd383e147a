"""What the sandbox hands to the rest of the service: checked values, never a file's own bytes to open.

Place in the pipeline: `box.Sandbox` turns a job's reply into one of these; handlers and the command line use them.
Trust level: shapes are checked by pydantic, sizes against payloads; texts stay untrusted.
Residual risk: page blobs and the WebP picture are opaque: a page blob is opened in the sandbox alone, the picture
by people's browsers, so only its signature is checked here.
"""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from services.ocr.sandbox.wire import BadReplyError, Reply
from wetink.contracts.events import Code, PageNumber, ReadingOutcome
from wetink.contracts.reading import Edition, PageReading, PageText

_Side = Annotated[int, Field(ge=1, le=10_000)]


@dataclass(frozen=True)
class Pixels:
    """A picture as raw pixels, rows from the top, no padding; `channels` 1 (grey) or 3 (RGB)."""

    width: int
    height: int
    channels: int
    data: bytes


@dataclass(frozen=True)
class CutResult:
    """A document was opened.

    `pages` maps page number to blob, for as much of the range as could be cut, `failed` the others to a code.
    """

    outcome: ReadingOutcome
    reason: str | None
    pages_total: int = 0
    pages: dict[int, bytes] = field(default_factory=dict)
    failed: dict[int, str] = field(default_factory=dict)


@dataclass(frozen=True)
class PageResult:
    """One page was read: its reading, and the picture of each slot by the slot's id."""

    reading: PageReading
    pictures: dict[str, Pixels] = field(default_factory=dict)


@dataclass(frozen=True)
class TextResult:
    """The full text of one page and its WebP picture (None when it could not be made)."""

    text: PageText
    picture: bytes | None = None


@dataclass(frozen=True)
class LearnResult:
    """What was learned from a blank form: `plan` is the JSON that people review, `arrays` the NPZ beside it."""

    form: str
    edition: str
    plan: bytes
    arrays: bytes

    def save(self, folder: Path) -> Path:
        """Write the entry below the catalogue `folder`; returns the path of its JSON, which comes last."""
        path = folder / self.form.replace(" ", "") / f"{self.edition}.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        for target, content in ((path.with_suffix(".npz"), self.arrays), (path, self.plan)):
            draft = target.with_suffix(f"{target.suffix}.new")
            draft.write_bytes(content)
            draft.replace(target)
        return path


@dataclass(frozen=True)
class Unreadable:
    """The job ended without a result, by itself or by its limits; `outcome` is unreadable or hostile."""

    reason: str
    outcome: ReadingOutcome = "unreadable"


@dataclass(frozen=True)
class Crashed:
    """The child ended abnormally: to be counted, and tried again a few times."""

    reason: str = "sandbox_crashed"


class _Head(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class _CutHead(_Head):
    outcome: ReadingOutcome
    reason: Code | None
    pages_total: Annotated[int, Field(ge=0, le=100_000)]
    numbers: list[PageNumber]
    failed: dict[PageNumber, Code]


class _PictureHead(_Head):
    slot: Annotated[str, Field(pattern=r"^[A-Za-z0-9_.-]{1,100}$")]
    width: _Side
    height: _Side
    channels: Annotated[int, Field(ge=1, le=3)]


class _PageHead(_Head):
    reading: PageReading
    pictures: list[_PictureHead]


class _TextHead(_Head):
    text: PageText
    has_picture: bool


class _Refused(_Head):
    refused: Code


class _LearnHead(_Head):
    form: Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9 -]{0,39}$")]
    edition: Edition


def cut_result(reply: Reply) -> CutResult:
    """Check the reply of a `cut` job; raises `BadReplyError` or `ValueError`."""
    head = _CutHead.model_validate(reply.head)
    _same(len(head.numbers), len(reply.payloads))
    pages = dict(zip(head.numbers, reply.payloads, strict=True))
    return CutResult(head.outcome, head.reason, head.pages_total, pages, head.failed)


def page_result(reply: Reply) -> PageResult:
    """Check the reply of a `read` job; raises `BadReplyError` or `ValueError`."""
    head = _PageHead.model_validate(reply.head)
    _same(len(head.pictures), len(reply.payloads))
    pictures = {}
    for told, data in zip(head.pictures, reply.payloads, strict=True):
        _same(told.width * told.height * told.channels, len(data))
        pictures[told.slot] = Pixels(told.width, told.height, told.channels, data)
    return PageResult(head.reading, pictures)


def text_result(reply: Reply) -> TextResult:
    """Check the reply of a `text` job; raises `BadReplyError` or `ValueError`."""
    head = _TextHead.model_validate(reply.head)
    _same(int(head.has_picture), len(reply.payloads))
    picture = reply.payloads[0] if head.has_picture else None
    if picture is not None and (picture[:4] != b"RIFF" or picture[8:12] != b"WEBP"):
        raise BadReplyError("no_webp")
    return TextResult(head.text, picture)


def learn_result(reply: Reply) -> LearnResult | Unreadable:
    """Check the reply of a `learn` job, which may be a refusal; raises `BadReplyError` or `ValueError`."""
    if "refused" in reply.head:
        return Unreadable(_Refused.model_validate(reply.head).refused)
    head = _LearnHead.model_validate(reply.head)
    _same(2, len(reply.payloads))
    return LearnResult(head.form, head.edition, *reply.payloads)


def _same(told: int, found: int) -> None:
    if told != found:
        raise BadReplyError("sizes_differ")
