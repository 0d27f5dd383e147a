"""Reading dynamic XFA forms: values, digital signatures, and hostile packets."""

import pytest

from services.ocr.catalogue.learn import learn
from services.ocr.catalogue.model import Catalogue
from services.ocr.reading.blob import read_blob
from services.ocr.reading.page import read_page
from services.ocr.reading.pages import count_and_cut
from services.ocr.reading.text import page_text
from services.ocr.reading.xfa_xml import XmlRefusedError, parse
from tests.support.forms.dynamic import (
    APPLICANTS_FIELD,
    CO_SIGNER_ASKED,
    DATES,
    EDITION,
    FORM,
    dynamic_form,
    learned_dynamic,
)
from wetink.contracts.reading import PageReading, SlotReading

SIGNED_IN_PLACE = "Part2.Signing.Consent.Inner.Text2"


def _blob(form: bytes) -> bytes:
    (page,) = count_and_cut([form]).pages
    assert page.blob is not None
    return page.blob


def _read(form: bytes) -> PageReading:
    reading, pictures = read_page(_blob(form), 1, Catalogue([learned_dynamic()]))
    assert pictures == []
    return reading


def _slots(form: bytes, kind: str) -> dict[str, SlotReading]:
    """The slots of a kind by party."""
    return {slot.party or "": slot for slot in _read(form).slots if slot.kind == kind}


def test_a_blank_form_has_all_its_places_and_they_are_empty() -> None:
    reading = _read(dynamic_form())
    assert (reading.form, reading.edition, reading.identified_by) == (FORM, EDITION, "xfa")
    assert (reading.source, reading.form_page, reading.form_pages) == ("xfa", None, None)
    assert reading.is_learned
    assert len(reading.slots) == 6
    assert {(slot.ink, slot.mark) for slot in reading.slots} == {("absent", None)}


def test_a_date_is_read_from_the_data() -> None:
    dates = _slots(dynamic_form({DATES["sponsor"]: "2026-03-05", DATES["applicant"]: "2026-3"}), "date")
    assert (dates["sponsor"].ink, dates["sponsor"].mark) == ("present", "typed")
    assert (dates["sponsor"].value, dates["sponsor"].value_status) == ("2026-03-05", "read")
    assert (dates["applicant"].ink, dates["applicant"].value_status) == ("present", "unreadable")
    assert dates["cosigner"].ink == "absent"


def test_a_name_in_the_field_to_sign_is_typed() -> None:
    signatures = _slots(dynamic_form({APPLICANTS_FIELD: "Ana Lima"}), "signature")
    assert (signatures["applicant"].ink, signatures["applicant"].mark) == ("present", "typed")
    assert signatures["sponsor"].ink == "absent"


def test_blanks_in_a_field_are_nothing() -> None:
    assert _slots(dynamic_form({APPLICANTS_FIELD: "  \n "}), "signature")["applicant"].ink == "absent"


def test_a_field_that_its_client_signed_is_signed_digitally() -> None:
    signatures = _slots(dynamic_form({APPLICANTS_FIELD: "Ana Lima"}, signed=[SIGNED_IN_PLACE]), "signature")
    assert (signatures["applicant"].ink, signatures["applicant"].mark) == ("present", "digital")
    assert signatures["sponsor"].ink == "absent"


def test_a_digital_signature_that_may_be_anybodys_is_a_doubt_at_every_place() -> None:
    signatures = _slots(dynamic_form(signed=["Elsewhere"]), "signature")
    assert {slot.ink for slot in signatures.values()} == {"unsure"}
    assert {slot.reason for slot in signatures.values()} == {"digital_signature_not_placed"}


def test_the_agencys_certification_is_nobodys_signature() -> None:
    header, _ = read_blob(_blob(dynamic_form()))
    assert header.signed == []


def test_the_fields_of_the_person_and_the_co_signers_question_are_read() -> None:
    values = {
        CO_SIGNER_ASKED: "1",
        "form1.Person.Name.A": "Lima",
        "form1.Person.Name.B": "Ana & Eva",
        "form1.Person.DYear": "1990",
        "form1.Person.DMonth": "02",
        "form1.Person.DDay": "03",
        "form1.Person.C": "1234567890",
        "form1.Person.OtherFirst": "Somebody",
    }
    fields = {field.purpose: field for field in _read(dynamic_form(values)).fields}
    assert {purpose: field.value for purpose, field in fields.items()} == {
        "cosigner.statement": None,
        "person.family_name": "Lima",
        "person.given_name": "Ana & Eva",
        "person.birth_date": "1990-02-03",
        "person.uci": "1234567890",
    }
    assert fields["cosigner.statement"].is_filled
    answered_no = {field.purpose: field for field in _read(dynamic_form({CO_SIGNER_ASKED: "0"})).fields}
    assert answered_no["cosigner.statement"].is_filled is False


def test_a_form_that_keeps_its_packets_in_one_stream_is_read_alike() -> None:
    values = {DATES["sponsor"]: "2026-03-05", APPLICANTS_FIELD: "Ana Lima"}
    in_one = _read(dynamic_form(values, is_one_stream=True))
    assert in_one.slots == _read(dynamic_form(values)).slots
    assert learn(dynamic_form(is_one_stream=True)).plan.slots == learned_dynamic().plan.slots


LAUGHS = b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><datasets><data><form1>&b;</form1></data></datasets>'
HOSTILE = {
    "entities": LAUGHS,
    "a file of the machine": LAUGHS.replace(b'"ha"', b'SYSTEM "file:///etc/passwd"'),
    "depth": b"<x>" * 1_000 + b"</x>" * 1_000,
    "many elements": b"<datasets>" + b"<x/>" * 100_001 + b"</datasets>",
    "no end": b"<datasets><data>",
    "no XML": b"\xff\xfe\0\0" * 100,
}


@pytest.mark.parametrize("packet", HOSTILE.values(), ids=HOSTILE)
def test_data_that_is_refused_leaves_every_place_unsure(packet: bytes) -> None:
    reading = _read(dynamic_form(datasets=packet))
    assert (reading.outcome, reading.form) == ("read", FORM)
    assert {(slot.ink, slot.reason) for slot in reading.slots} == {("unsure", "form_data_unreadable")}
    assert {field.is_filled for field in reading.fields} == {None}


@pytest.mark.parametrize("packet", HOSTILE.values(), ids=HOSTILE)
def test_hostile_xml_is_refused(packet: bytes) -> None:
    with pytest.raises(XmlRefusedError):
        parse(packet)


def test_an_entity_that_nobody_declared_stays_text() -> None:
    assert parse(b"<x>Tom &amp; Eva &c; &#65; & co</x>").text() == "Tom & Eva &c; A & co"


def test_a_form_too_full_to_be_one_leaves_every_place_unsure() -> None:
    many = b"".join(b"<v%d>x</v%d>" % (number, number) for number in range(5_001))
    reading = _read(dynamic_form(datasets=b"<datasets><data>" + many + b"</data></datasets>"))
    assert {slot.ink for slot in reading.slots} == {"unsure"}


def test_an_edition_that_was_not_learned_is_named_and_not_called_checked() -> None:
    reading, _ = read_page(_blob(dynamic_form()), 1, Catalogue([]))
    assert (reading.form, reading.is_learned, reading.slots) == (FORM, False, [])


def test_people_see_a_note_where_the_page_would_be() -> None:
    text, picture = page_text(_blob(dynamic_form()), 1)
    assert text.outcome == "read"
    assert picture is not None
    assert picture[8:12] == b"WEBP"
