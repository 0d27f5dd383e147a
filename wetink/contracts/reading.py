"""What the ocr service says about one page: perception, no judgement.

Place in the pipeline: written by ocr as an encrypted blob, read by the validator and by `wetink read`.
Trust level: made by the sandbox from a client's file. Shapes are checked here, contents are untrusted text.
Residual risk: a hostile file may lie about itself, but only about itself.

Names and values are those of the public interface (`wetink read --json`).
"""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from wetink.contracts.events import ReadingOutcome

Source = Literal["digital", "scan", "photo", "xfa"]
IdentifiedBy = Literal["barcode", "footer", "layout", "fields", "xfa"]
Ink = Literal["present", "absent", "unsure"]
Mark = Literal["handwritten", "typed", "stamped", "pasted", "digital", "unsure"]
ValueStatus = Literal["read", "unsure", "unreadable"]
SlotKind = Literal["signature", "date"]
BoxPt = tuple[float, float, float, float]
"""left, bottom, right, top in PDF points on the blank page, origin bottom left; of a dynamic form on its block."""
Edition = Annotated[str, Field(pattern=r"^\d{4}-\d\d(-\d\d)?$")]


class SlotReading(BaseModel):
    """What is in one place to sign or date.

    `confidence` is 0..1 for `ink`; `value` is the day read from a date slot (`YYYY-MM-DD`); `reason` says in
    one code why something is unsure (e.g. `page_blurred`); `picture` is the blob name of the PNG that shows
    the place, null outside a running system.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")
    id: str
    kind: SlotKind
    party: str | None
    part: str | None
    item: str | None
    box_pt: BoxPt
    ink: Ink
    mark: Mark | None = None
    value: str | None = None
    value_status: ValueStatus | None = None
    confidence: float = Field(ge=0, le=1)
    reason: str | None = None
    picture: str | None = None
    pair: str | None = None
    """For a date the id of the signature it belongs to, for a signature that of its date; as printed."""


class FieldReading(BaseModel):
    """What is in another place that a rule needs.

    `purpose` is the catalogue's word for it, e.g. `interpreter.name`, `preparer.name`,
    `interpreter.statement`, `person.family_name`; `is_filled` is null when it cannot be told.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")
    purpose: str
    part: str | None = None
    item: str | None = None
    is_filled: bool | None
    value: str | None = None


class PageReading(BaseModel):
    """One page as it was read.

    `number` counts in the document, `form_page` in the form (from 1). `form_pages` is the number of pages the
    catalogue knows for this edition, null for a form or edition it does not know; `is_learned` says whether
    there was a catalogue entry, so whether slots were looked at. `seconds` is the CPU time spent.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")
    number: int = Field(ge=1)
    outcome: ReadingOutcome = "read"
    reason: str | None = None
    source: Source
    form: str | None = None
    edition: Edition | None = None
    form_page: int | None = Field(default=None, ge=1)
    form_pages: int | None = Field(default=None, ge=1)
    is_learned: bool = False
    identified_by: IdentifiedBy | None = None
    seconds: float = Field(ge=0)
    slots: list[SlotReading] = Field(default_factory=list)
    fields: list[FieldReading] = Field(default_factory=list)
    engine_version: str = ""
    catalogue_version: str = ""


class FileReading(BaseModel):
    """One file as `wetink read --json` prints it; `reason` is a code, null when all was read."""

    model_config = ConfigDict(frozen=True, extra="ignore")
    file: str
    status: ReadingOutcome
    reason: str | None = None
    pages: list[PageReading] = Field(default_factory=list)


class Word(BaseModel):
    """One word of a page's text with its box in pixels of the page picture: left, top, width, height."""

    model_config = ConfigDict(frozen=True, extra="ignore")
    text: str
    box_px: tuple[int, int, int, int]
    confidence: float = Field(ge=0, le=100)


class PageText(BaseModel):
    """The full text of one page, from the text lane.

    `form`, `edition` and `form_page` are what the text says of itself (footer grammar), null when it is no form.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")
    number: int = Field(ge=1)
    outcome: ReadingOutcome
    reason: str | None = None
    width_px: int = Field(default=0, ge=0)
    height_px: int = Field(default=0, ge=0)
    words: list[Word] = Field(default_factory=list)
    form: str | None = None
    edition: Edition | None = None
    form_page: int | None = Field(default=None, ge=1)
    engine_version: str = ""
