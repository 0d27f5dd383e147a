"""Real forms from `../shared/corpus`, where a developer has it; tests that ask for one are skipped elsewhere."""

from pathlib import Path

import pytest

CORPUS = Path(__file__).resolve().parents[3] / "shared" / "corpus"


def corpus_form(prefix: str) -> bytes:
    """The one form whose file name starts with `prefix`; skips the test when the corpus is absent."""
    if not CORPUS.is_dir():
        pytest.skip("the corpus of real forms is not beside this checkout")
    return next((CORPUS / "forms").glob(f"{prefix}*.pdf")).read_bytes()
