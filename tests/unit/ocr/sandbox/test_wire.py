"""Replies of the sandbox: what is written comes back, what is wrong is refused."""

import os
import struct

import pytest

from services.ocr.sandbox.wire import BadReplyError, Reply, read_reply, write_reply

LIMIT = 1 << 20


@pytest.fixture
def memory_file():
    fd = os.memfd_create("reply")
    yield fd
    os.close(fd)


@pytest.mark.parametrize("reply", [Reply({}), Reply({"a": 1, "b": "é"}, [b"", b"x" * 70_000])])
def test_a_reply_comes_back(memory_file, reply):
    write_reply(memory_file, reply)
    assert read_reply(memory_file, LIMIT) == reply


def head(magic=b"WETINK1\n", head_bytes=2, payloads=0):
    return struct.pack("<8sII", magic, head_bytes, payloads)


@pytest.mark.parametrize(
    ("untrusted", "code"),
    [
        (b"", "too_short"),
        (head(b"WETINK2\n") + b"{}", "bad_head"),
        (head(head_bytes=1 << 30), "bad_head"),
        (head(payloads=1 << 30) + b"{}", "bad_head"),
        (head(head_bytes=5) + b"{}", "too_short"),
        (head(head_bytes=2) + b"[]", "no_object"),
        (head(head_bytes=2) + b"{[", "no_json"),
        (head(head_bytes=40_000) + b"[" * 40_000, "no_json"),
        (head(payloads=2) + b"{}" + struct.pack("<Q", 1), "too_short"),
        (head(payloads=1) + b"{}" + struct.pack("<Q", 1 << 62), "too_long"),
        (head(payloads=1) + b"{}" + struct.pack("<Q", 9) + b"short", "too_short"),
    ],
)
def test_a_bad_reply_is_refused_before_memory_is_taken(memory_file, untrusted, code):
    os.write(memory_file, untrusted)
    with pytest.raises(BadReplyError, match=code):
        read_reply(memory_file, LIMIT)
