"""Draws the sample filing of `make demo` again: `python -m tests.support.forms.demo`."""

from pathlib import Path

from tests.support.forms import blank_form, filled_form

FOLDER = Path(__file__).resolve().parents[3] / "deploy" / "demo"


def main() -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    (FOLDER / "blank.pdf").write_bytes(blank_form())
    (FOLDER / "filing.pdf").write_bytes(filled_form(dated=("applicant",)))


if __name__ == "__main__":
    main()
