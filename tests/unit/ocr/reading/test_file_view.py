"""A client's file is read where it lies."""

import io

import pytest

from services.ocr.reading.file_view import FileView


def test_it_reads_like_a_file_in_memory():
    ours, other = io.BufferedReader(FileView(b"0123456789"), 4), io.BytesIO(b"0123456789")
    for action in (
        "read 3",
        "tell",
        "seek 2",
        "read 5",
        "seek -1",
        "read 9",
        "seek 99",
        "read 1",
        "tell",
        "seek 0",
        "read",
    ):
        name, *numbers = action.split()
        arguments = [int(number) for number in numbers]
        if name == "seek" and arguments[0] < 0:
            arguments.append(io.SEEK_END)
        assert getattr(ours, name)(*arguments) == getattr(other, name)(*arguments), action


def test_it_cannot_be_sought_before_its_start():
    with pytest.raises(ValueError, match="before"):
        FileView(b"01").seek(-1)


def test_a_part_of_a_larger_memory_is_a_file_of_its_own():
    part = memoryview(b"head%PDF-tail")[4:9]
    assert io.BufferedReader(FileView(part)).read() == b"%PDF-"
