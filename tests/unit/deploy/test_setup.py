"""What setup says when it cannot install something."""

import os
import subprocess
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[3]


def run_setup(tmp_path: Path, *tools: str) -> subprocess.CompletedProcess[str]:
    """Run a copy of the setup with nothing on the PATH but a few tools of the system."""
    checkout, path = tmp_path / "checkout", tmp_path / "bin"
    (checkout / "deploy").mkdir(parents=True)
    path.mkdir()
    for name in ("setup.sh", "debian-packages.txt"):
        (checkout / "deploy" / name).write_text((CHECKOUT / "deploy" / name).read_text())
    for tool in ("bash", "cat", "dirname", "sed", "xargs", "echo", "id", *tools):
        (path / tool).symlink_to(Path("/usr/bin") / tool)
    return subprocess.run(
        ["/bin/bash", str(checkout / "deploy" / "setup.sh")],
        env={"PATH": str(path), "HOME": os.environ["HOME"]},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )


def test_without_apt_it_lists_exactly_what_to_install(tmp_path):
    done = run_setup(tmp_path)
    assert done.returncode == 2
    assert "apt-get install python3-venv tesseract-ocr default-jre-headless maven" in done.stderr


def test_what_is_installed_is_not_asked_for(tmp_path):
    done = run_setup(tmp_path, "true")
    assert done.returncode == 2
    (tmp_path / "bin" / "tesseract").symlink_to("/bin/true")
    again = subprocess.run(
        ["/bin/bash", str(tmp_path / "checkout" / "deploy" / "setup.sh")],
        env={"PATH": str(tmp_path / "bin")},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert "apt-get install python3-venv default-jre-headless maven" in again.stderr
