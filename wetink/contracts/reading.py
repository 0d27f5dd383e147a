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
PaperKind = Literal[
    "passport",
    "birth_certificate",
    "marriage_certificate",
    "divorce_certificate",
    "death_certificate",
    "police_certificate",
    "translation_certificate",
    "letter",
    "financial_record",
    "medical_report",
    "photo",
    "form",
    "evidence",
]
"""`form` is a form that the catalogue does not have, `evidence` any other paper."""
TranslatorStatement = Literal["complete_and_accurate", "competent", "name", "contact", "date", "signature"]
"""What a translator's certificate must contain (8 CFR 103.2(b)(3)), as far as the page contains it."""
BoxPt = tuple[float, float, float, float]
"""left, bottom, right, top in PDF points on the blank page, origin bottom left; of a dynamic form on its block."""
Edition = Annotated[str, Field(pattern=r"^\d{4}-\d\d(-\d\d)?$")]


class SlotReading(BaseModel):
    """What is in one place to sign or date.

    `confidence` is 0..1 for `ink`; `value` is the day read from a date slot (`YYYY-MM-DD`). `text` is what a date
    slot says, untrusted and as written, where that is certain: with the status `unreadable` it is no day in the
    form's grammar; with `unsure` it is null. `reason` says in one code why something is unsure (e.g.
    `page_blurred`), or that a mark lies outside its box (`mark_outside_box`). `fingerprint` (hex) is what a mark
    looks like, null where there is none: see `services.ocr.reading.fingerprint`. `picture` is the blob name of
    the PNG that shows the place, null outside a running system.
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
    text: str | None = None
    confidence: float = Field(ge=0, le=1)
    reason: str | None = None
    fingerprint: str | None = None
    picture: str | None = None
    is_for_official: bool = False
    """The place belongs to an official or an interview, as printed: it stays empty until then."""
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
    there was a catalogue entry, so whether slots were looked at. `seconds` is the CPU time spent. `content` is a
    hash of all that was filled in where that is data, null where it is pixels.
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
    content: str | None = None
    engine_version: str = ""
    catalogue_version: str = ""


class Word(BaseModel):
    """One word of a page's text with its box in pixels of the page picture: left, top, width, height."""

    model_config = ConfigDict(frozen=True, extra="ignore")
    text: str
    box_px: tuple[int, int, int, int]
    confidence: float = Field(ge=0, le=100)


class LineToSign(BaseModel):
    """A line of a paper that is no form where somebody signs, found by its label.

    `label` is what is printed there (untrusted); `box_px` as of a word. `date` is the day written beside it
    where that could be read.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")
    label: str
    box_px: tuple[int, int, int, int]
    ink: Ink
    date: str | None = None


class PageText(BaseModel):
    """The full text of one page, from the text lane.

    `form`, `edition` and `form_page` are what the text says of itself (footer grammar), null when it is no form.
    `kind` is the kind of paper, null when it cannot be told; `language` as in BCP 47, null when it
    cannot be told. `states` are the statements of a translator that the page makes. `advice` says in codes what a
    retake should do better (e.g. `blurred`, `too_small`, `cut_off`).
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
    kind: PaperKind | None = None
    language: str | None = None
    states: list[TranslatorStatement] = Field(default_factory=list)
    lines_to_sign: list[LineToSign] = Field(default_factory=list)
    advice: list[str] = Field(default_factory=list)
    engine_version: str = ""


class FileReading(BaseModel):
    """One file as `wetink read --json` prints it; `reason` is a code, null when all was read.

    `texts` are those of pages that are no known form, where they were asked for.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")
    file: str
    status: ReadingOutcome
    reason: str | None = None
    pages: list[PageReading] = Field(default_factory=list)
    texts: list[PageText] = Field(default_factory=list)
