"""The body of an upload as a sequence of files, whichever way it was sent.

Place in the pipeline: between the bytes of a request and `receiving`. Pieces are passed on as they arrive; nothing
is collected and nothing is written to a disk.
Trust level: hostile; the parser is python-multipart's, which is told its limits. Residual risk: none.
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header
from starlette.requests import Request

from services.intake.uploads import file_names
from wetink.http.problems import ProblemError

MAX_REPLACES = 64
"""Ids of ours are shorter."""


@dataclass(frozen=True)
class FileStarted:
    """A file begins; `name` is clean, `has_name` tells a chosen file from a form's empty field."""

    name: str
    has_name: bool = True


@dataclass(frozen=True)
class Piece:
    """The next bytes of the file that began last."""

    data: bytes


@dataclass(frozen=True)
class FileEnded:
    """The file that began last is whole."""


@dataclass(frozen=True)
class Replaces:
    """The upload corrects a document."""

    untrusted_document_id: str


Part = FileStarted | Piece | FileEnded | Replaces


def parts_of(request: Request) -> AsyncIterator[Part]:
    """The parts of a multipart body, or the whole body as one file. Raises 400 for a broken multipart body."""
    kind, options = parse_options_header(request.headers.get("content-type"))
    if kind == b"multipart/form-data":
        return _multipart(request, options.get(b"boundary", b""))
    return _raw(request)


async def _raw(request: Request) -> AsyncIterator[Part]:
    yield FileStarted(file_names.from_disposition(request.headers.get("content-disposition")))
    async for data in request.stream():
        yield Piece(data)
    yield FileEnded()


async def _multipart(request: Request, boundary: bytes) -> AsyncIterator[Part]:
    if not boundary:
        raise _broken()
    reader = _Reader(boundary)
    async for data in request.stream():
        for part in reader.read(data):
            yield part
    if not reader.is_complete:
        raise _broken()


class _Reader:
    """Turns the parser's callbacks into parts."""

    def __init__(self, boundary: bytes) -> None:
        self._parts: list[Part] = []
        self._header = bytearray()
        self._value = bytearray()
        self._disposition = ""
        self._field = b""
        self._is_file = False
        self.is_complete = False
        try:
            self._parser = MultipartParser(
                boundary,
                {
                    "on_part_begin": self._part_begins,
                    "on_header_field": self._header_comes,
                    "on_header_value": self._value_comes,
                    "on_header_end": self._header_ends,
                    "on_headers_finished": self._headers_end,
                    "on_part_data": self._data_comes,
                    "on_part_end": self._part_ends,
                    "on_end": self._end,
                },
            )
        except FormParserError:
            raise _broken() from None

    def read(self, data: bytes) -> list[Part]:
        try:
            self._parser.write(data)
        except FormParserError:
            raise _broken() from None
        parts, self._parts = self._parts, []
        return parts

    def _part_begins(self) -> None:
        self._disposition = ""
        self._header.clear()
        self._value.clear()

    def _header_comes(self, data: bytes, start: int, end: int) -> None:
        self._header += data[start:end]

    def _value_comes(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]

    def _header_ends(self) -> None:
        if self._header.lower() == b"content-disposition":
            self._disposition = self._value.decode("latin-1")
        self._header.clear()
        self._value.clear()

    def _headers_end(self) -> None:
        _, options = parse_options_header(self._disposition)
        self._field = options.get(b"name", b"")
        self._is_file = self._field == b"file"
        untrusted_name = options.get(b"filename", b"")
        if self._is_file:
            self._parts.append(FileStarted(file_names.from_part(untrusted_name), has_name=bool(untrusted_name)))
        elif b"filename" in options:
            raise ProblemError(422, "A file in another field", "Send files in the field `file`.")

    def _data_comes(self, data: bytes, start: int, end: int) -> None:
        if self._is_file:
            self._parts.append(Piece(bytes(data[start:end])))
        elif self._field == b"replaces":
            self._value += data[start:end]
            if len(self._value) > MAX_REPLACES:
                raise ProblemError(422, "`replaces` is too long", "It must be the id of a document of this case.")

    def _part_ends(self) -> None:
        if self._is_file:
            self._parts.append(FileEnded())
        elif self._field == b"replaces" and self._value:
            self._parts.append(Replaces(self._value.decode("utf-8", errors="replace")))

    def _end(self) -> None:
        self.is_complete = True


def _broken() -> ProblemError:
    return ProblemError(
        400, "The upload is broken", "The multipart body cannot be read. Nothing was stored. Send it again."
    )
