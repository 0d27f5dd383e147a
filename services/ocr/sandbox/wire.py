"""The shape of what a job hands back: one head in JSON, then payloads, every length told and checked.

Place in the pipeline: the child writes a `Reply` into a memory file, the trusted side reads it after the child's
end. Trust level: `read_reply` reads what a possibly captured process wrote; it believes no length.
Residual risk: the head is only JSON here; `results` checks what it means.

    8 bytes magic | u32 length of the head | u32 number of payloads | head | u64 lengths | payloads
"""

import json
import os
import struct
from dataclasses import dataclass, field

_MAGIC = b"WETINK1\n"
_HEAD = struct.Struct("<8sII")
_LENGTH = struct.Struct("<Q")
MAX_HEAD_BYTES = 16 << 20
MAX_PAYLOADS = 4096


class BadReplyError(Exception):
    """What was written is no reply; the code says what is wrong."""


@dataclass(frozen=True)
class Reply:
    """What a job hands back: `head` (JSON values) and `payloads` (bytes) that the head describes."""

    head: dict[str, object]
    payloads: list[bytes] = field(default_factory=list)


def write_reply(fd: int, reply: Reply) -> None:
    """Write `reply` to `fd`; raises `OSError` when it is larger than what `fd` may hold."""
    head = json.dumps(reply.head, separators=(",", ":")).encode()
    lengths = b"".join(_LENGTH.pack(len(payload)) for payload in reply.payloads)
    with os.fdopen(os.dup(fd), "wb") as file:
        file.write(_HEAD.pack(_MAGIC, len(head), len(reply.payloads)) + head + lengths)
        for payload in reply.payloads:
            file.write(payload)


def read_reply(fd: int, limit_bytes: int) -> Reply:
    """Read and check the reply in the memory file `fd`, at most `limit_bytes` of it; raises `BadReplyError`."""
    untrusted_magic, head_bytes, count = _HEAD.unpack(_read(fd, 0, _HEAD.size))
    if untrusted_magic != _MAGIC or head_bytes > MAX_HEAD_BYTES or count > MAX_PAYLOADS:
        raise BadReplyError("bad_head")
    head = _head(_read(fd, _HEAD.size, head_bytes))
    offset = _HEAD.size + head_bytes
    lengths = [length for (length,) in _LENGTH.iter_unpack(_read(fd, offset, count * _LENGTH.size))]
    offset += count * _LENGTH.size
    if offset + sum(lengths) > limit_bytes:
        raise BadReplyError("too_long")
    payloads = []
    for length in lengths:
        payloads.append(_read(fd, offset, length))
        offset += length
    return Reply(head, payloads)


def _read(fd: int, offset: int, length: int) -> bytes:
    pieces = []
    while length:
        piece = os.pread(fd, length, offset)
        if not piece:
            raise BadReplyError("too_short")
        pieces.append(piece)
        offset += len(piece)
        length -= len(piece)
    return b"".join(pieces)


def _head(untrusted: bytes) -> dict[str, object]:
    try:
        head = json.loads(untrusted)
    except (ValueError, RecursionError) as error:
        raise BadReplyError("no_json") from error
    if not isinstance(head, dict):
        raise BadReplyError("no_object")
    return head
