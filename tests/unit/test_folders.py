"""What a job made of its folder is measured and removed, however deep it nested and whatever it forbade."""

import os

import pytest

from services.ocr.sandbox.usage import size_of_folder
from wetink.folders import remove


@pytest.fixture
def folder(tmp_path):
    """A folder that is removed in any case."""
    made = tmp_path / "job"
    made.mkdir()
    yield made
    remove(made)


def nest(folder, depth: int, name: str) -> None:
    here = os.open(folder, os.O_RDONLY)
    for _ in range(depth):
        os.mkdir(name, dir_fd=here)
        below = os.open(name, os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = below
    os.close(os.open("file", os.O_CREAT | os.O_WRONLY, dir_fd=here))
    os.close(here)


@pytest.mark.parametrize("name", ["a", "a" * 200], ids=["deeper than recursion", "longer than a path"])
def test_nested_folders_are_removed(folder, name):
    nest(folder, 2_000, name)
    remove(folder)
    assert not folder.exists()


def test_what_may_not_be_read_or_written_is_removed(folder):
    (folder / "a" / "b").mkdir(parents=True)
    (folder / "a" / "b" / "file").touch(0o000)
    (folder / "a" / "b").chmod(0o000)
    (folder / "a").chmod(0o000)
    remove(folder)
    assert not folder.exists()


def test_a_link_is_removed_and_what_it_points_to_stays_as_it_is(folder, tmp_path):
    (tmp_path / "kept").mkdir()
    (tmp_path / "kept").chmod(0o750)
    (tmp_path / "kept" / "file").touch()
    (folder / "below").mkdir()
    for link in (folder / "link", folder / "below" / "link"):
        link.symlink_to(tmp_path / "kept")
    remove(folder)
    assert not folder.exists()
    assert (tmp_path / "kept").stat().st_mode & 0o777 == 0o750
    assert (tmp_path / "kept" / "file").exists()


def test_a_folder_that_is_not_there_is_no_error(tmp_path):
    remove(tmp_path / "none")


def test_the_size_counts_files_at_every_depth(folder):
    empty = size_of_folder(folder)
    (folder / "a" / "b").mkdir(parents=True)
    (folder / "a" / "b" / "file").write_bytes(bytes(1_000_000))
    assert 1_000_000 <= size_of_folder(folder) - empty < 1_100_000


def test_what_is_too_deep_to_be_looked_at_is_too_much(folder):
    nest(folder, 2_000, "a" * 200)
    assert size_of_folder(folder) > 1 << 60
