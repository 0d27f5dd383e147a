"""The shipped catalogue, and the real forms of the corpus where a developer has it."""

import csv
import shutil

import pytest

from services.ocr.catalogue.learn import learn
from services.ocr.catalogue.model import Catalogue
from services.ocr.reading.blob import read_blob
from services.ocr.reading.footer import name_by_footer
from services.ocr.reading.page import read_page
from services.ocr.reading.pages import count_and_cut
from tests.support import forms
from tests.support.corpus import CORPUS, corpus_form


def test_the_example_of_the_interface_is_in_the_catalogue() -> None:
    entry = Catalogue.load().find("I-765", "2025-08-21")
    assert entry is not None
    slots = {slot.id: slot for slot in entry.slots(4)}
    signature = slots["part-3.item-7.a.signature"]
    assert (signature.part, signature.item, signature.party) == ("3", "7.a", "applicant")
    assert signature.box_pt == (342.0, 330.0, 576.0, 348.0)
    assert signature.pair == "part-3.item-7.b.date"


def test_slot_ids_are_unique_within_a_form() -> None:
    for entry in Catalogue.load():
        ids = [slot.id for slot in entry.plan.slots]
        assert len(ids) == len(set(ids)), entry.form


def test_every_signature_widget_of_the_corpus_is_a_slot() -> None:
    if not CORPUS.is_dir():
        pytest.skip("the corpus of real forms is not beside this checkout")
    catalogue = Catalogue.load()
    with (CORPUS / "forms" / "FIELDS.csv").open(newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["ft"] == "/Tx"]
    for row in rows:
        entry = catalogue.find(row["form"], row["edition"])
        assert entry is not None
        box = tuple(float(number) for number in row["rect"].split())
        kind = "signature" if row["kind"] == "sig" else "date"
        near = [
            slot
            for slot in entry.slots(int(row["page"]))
            if slot.kind == kind and all(abs(a - b) < 1 for a, b in zip(slot.box_pt, box, strict=True))
        ]
        assert len(near) == 1, row


@pytest.mark.parametrize(
    "prefix", ["I-765_20250821_official", "I-90_20250120", "G-28_20180917_official-encrypted_"]
)
def test_a_real_blank_form_is_known_and_empty(prefix: str) -> None:
    catalogue = Catalogue.load()
    for page in count_and_cut([corpus_form(prefix)]).pages:
        reading, _ = read_page(page.blob or b"", page.number, catalogue)
        assert (reading.form_page, reading.is_learned) == (page.number, True)
        assert {slot.ink for slot in reading.slots} <= {"absent"}


@pytest.mark.skipif(shutil.which("tesseract") is None, reason="tesseract is not installed")
def test_a_scan_of_a_real_form_without_its_barcode_is_named_among_all_that_are_known() -> None:
    catalogue = Catalogue.load()
    scan = forms.as_scan(corpus_form("I-765_20250821_official"), has_barcode=False)
    for page in count_and_cut([scan], 3, 5).pages:
        reading, _ = read_page(page.blob or b"", page.number, catalogue, name_by_footer)
        assert (reading.form, reading.edition, reading.form_page) == ("I-765", "2025-08-21", page.number)
        assert {slot.ink for slot in reading.slots} <= {"absent"}


DYNAMIC = {
    "IMM1344": ("IMM 1344", "2019-06", {"sponsor", "cosigner", "applicant"}),
    "IMM5257": ("IMM 5257", "2023-09", {"applicant"}),
    "IMM5710": ("IMM 5710", "2023-09", {"applicant"}),
}


@pytest.mark.parametrize("prefix", DYNAMIC)
def test_a_real_dynamic_form_that_nobody_signed_is_known_and_empty(prefix: str) -> None:
    form, edition, parties = DYNAMIC[prefix]
    page = count_and_cut([corpus_form(prefix)]).pages[0]
    reading, _ = read_page(page.blob or b"", 1, Catalogue.load())
    assert (reading.source, reading.form, reading.edition, reading.is_learned) == ("xfa", form, edition, True)
    assert {slot.party for slot in reading.slots if slot.kind == "signature"} == parties
    assert {slot.party for slot in reading.slots if slot.kind == "date"} == parties
    assert {slot.ink for slot in reading.slots} == {"absent"}


@pytest.mark.parametrize("prefix", DYNAMIC)
def test_the_shipped_entry_of_a_dynamic_form_is_what_is_learned_from_it(prefix: str) -> None:
    form, edition, _ = DYNAMIC[prefix]
    shipped = Catalogue.load().find(form, edition)
    assert shipped is not None
    assert learn(corpus_form(prefix)).to_files() == shipped.to_files()


def test_what_somebody_filled_in_is_in_no_entry() -> None:
    page = count_and_cut([corpus_form("IMM1344")]).pages[0]
    header, _ = read_blob(page.blob or b"")
    names = {value for path, value in (header.values or {}).items() if path.endswith("Name")}
    assert len(names) >= 4
    entry = Catalogue.load().find("IMM 1344", "2019-06")
    assert entry is not None
    assert not [name for name in names if name in entry.plan.model_dump_json()]
