"""A wheel holds all that the packages need: migrations, catalogue, requirements, pages and their assets."""

import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

from tests.support.system import CHECKOUT

PACKAGES = ("wetink", "services")


def test_a_wheel_holds_every_file_of_the_packages(tmp_path: Path):
    source = tmp_path / "source"
    for package in PACKAGES:
        shutil.copytree(CHECKOUT / package, source / package, ignore=shutil.ignore_patterns("__pycache__"))
    for file in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(CHECKOUT / file, source / file)
    files = {
        str(path.relative_to(source)) for path in source.rglob("*") if path.parent != source and path.is_file()
    }
    build = ["pip", "wheel", "--no-deps", "--no-index", "--no-build-isolation", "--wheel-dir", str(tmp_path), "."]
    subprocess.run([sys.executable, "-m", *build], cwd=source, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    assert files - set(zipfile.ZipFile(wheel).namelist()) == set()
