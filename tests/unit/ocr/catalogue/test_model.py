"""Loading the catalogue: a mistake in one entry must not cost all the others."""

import json
from argparse import Namespace
from collections.abc import Callable
from pathlib import Path

import pytest

from services.ocr.catalogue.model import SHIPPED, Catalogue, save
from tests.support import forms
from wetink.cli import forms as forms_command


def _not_json(path: Path) -> None:
    path.write_text("{ a comma is missing")


def _without_arrays(path: Path) -> None:
    path.with_suffix(".npz").unlink()


def _with_half_its_arrays(path: Path) -> None:
    arrays = path.with_suffix(".npz")
    arrays.write_bytes(arrays.read_bytes()[:5_000])


def _with_a_slot_nobody_learned(path: Path) -> None:
    plan = json.loads(path.read_text())
    plan["slots"].append({**plan["slots"][0], "id": "part-9.item-9.signature"})
    path.write_text(json.dumps(plan))


BREAKING = [_not_json, _without_arrays, _with_half_its_arrays, _with_a_slot_nobody_learned]


@pytest.mark.parametrize("break_it", BREAKING)
def test_a_broken_entry_is_left_out_and_named(tmp_path: Path, break_it: Callable[[Path], None]) -> None:
    break_it(save(forms.learned(), tmp_path))
    catalogue = Catalogue.load((SHIPPED, tmp_path))
    assert catalogue.broken == [f"{forms.FORM}/{forms.EDITION}"]
    assert catalogue.find("I-765", "2025-08-21") is not None


def test_a_broken_replacement_leaves_the_shipped_entry_in_force(tmp_path: Path) -> None:
    shipped, learned = tmp_path / "shipped", tmp_path / "learned"
    save(forms.learned(), shipped)
    _not_json(save(forms.learned(), learned))
    assert Catalogue.load((shipped, learned)).find(forms.FORM, forms.EDITION) is not None


def test_the_command_names_broken_entries(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("WETINK_DATA", str(tmp_path))
    _not_json(save(forms.learned(), tmp_path / "catalogue"))
    assert forms_command.run(Namespace(json=False)) == 1
    said = capsys.readouterr()
    assert f"{forms.FORM}/{forms.EDITION}" in said.err
    assert "I-765  2025-08-21" in said.out
