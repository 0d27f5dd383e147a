"""The page blob: one page cut out of a document, which says of itself what it is.

Place in the pipeline: written by `pages`, stored encrypted, read by `page` and `text`, all inside the sandbox.
Trust level: the payload is a client's, the header was derived from it; both are untrusted. Residual risk: a
header repeats what the document claims (field values), never more.

Layout: `WTKP1`, four bytes of header length (big endian), the header as JSON, the payload.
"""

from typing import Literal

from pydantic import BaseModel, ConfigDict

from wetink.contracts.reading import BoxPt

_MAGIC = b"WTKP1"


class Widget(BaseModel):
    """A form field's place on the page with its value; `kind` is `Tx`, `Btn`, `Ch` or `Sig`."""

    model_config = ConfigDict(frozen=True)
    kind: str
    name: str
    box_pt: BoxPt
    value: str | None
    tooltip: str = ""
    is_read_only: bool = False


class Annotation(BaseModel):
    """Something put on the page that is no form field: `subtype` such as `Stamp`, `Ink`, `FreeText`."""

    model_config = ConfigDict(frozen=True)
    subtype: str
    box_pt: BoxPt


class Header(BaseModel):
    """What the page is.

    `kind`: `image` (payload is an image file, to be turned by EXIF `orientation`), `pdf` (one page with its
    fields) or `xfa` (no payload: a dynamic form that says what it is). Sizes are null when unknown.
    Of a dynamic form `values` are those of `XfaForm`, `signed` the names of the fields that its client signed.
    """

    model_config = ConfigDict(frozen=True)
    kind: Literal["image", "pdf", "xfa"]
    width_pt: float | None = None
    height_pt: float | None = None
    orientation: int = 1
    is_photo: bool = False
    widgets: list[Widget] = []
    annotations: list[Annotation] = []
    form: str | None = None
    edition: str | None = None
    values: dict[str, str] | None = None
    signed: list[str] = []


def write_blob(header: Header, payload: bytes) -> bytes:
    """A page blob."""
    head = header.model_dump_json(exclude_defaults=True).encode()
    return b"".join((_MAGIC, len(head).to_bytes(4, "big"), head, payload))


def read_blob(untrusted_blob: bytes) -> tuple[Header, bytes]:
    """Header and payload; `ValueError` when it is no page blob."""
    if untrusted_blob[:5] != _MAGIC:
        raise ValueError("not a page blob")
    end = 9 + int.from_bytes(untrusted_blob[5:9], "big")
    return Header.model_validate_json(untrusted_blob[9:end]), untrusted_blob[end:]
