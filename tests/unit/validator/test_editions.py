"""All pages of one edition, and of one that was accepted on the day of receipt."""

from dataclasses import replace
from datetime import date

import pytest

from services.validator.requirements import requirements_with
from services.validator.requirements.accepted_editions import Editions, EditionsFile, shipped_editions
from services.validator.requirements.files import RequirementsFileError
from tests.support.filing import codes, document, findings, i765, i765_page

OLD = "2024-01-01"
EMPTY = {"ink": "absent"}


def stranger(number, edition=OLD, **changes):
    """A page of another edition, whose blank is not known unless `changes` say so."""
    unknown = {"is_learned": False, "form_pages": None, "slots": []}
    return i765_page(number, edition=edition, **{**unknown, **changes})


def with_page(page, *, at):
    pages = i765()
    pages[at - 1] = page
    return pages


def told(*documents, **details):
    return [(one.code, one.form_page) for one in findings(*documents, **details)]


@pytest.mark.parametrize("edition", [OLD, "2027-05-05"])
@pytest.mark.parametrize("is_known", [True, False])
def test_one_page_of_another_edition_is_told_alone(edition, is_known):
    known = {"is_learned": True, "form_pages": 9} if is_known else {}
    pages = with_page(stranger(2, edition, **known), at=2)
    assert told(document(1, pages)) == [("page_of_other_edition", 2)]


def test_the_finding_names_both_editions_and_the_page_of_the_document():
    (finding,) = findings(document(1, [*with_page(stranger(4), at=4)]))
    assert (finding.form_copy, finding.document_page, finding.edition) == ("I-765-1", 4, OLD)
    assert "08/21/25" in finding.expected
    assert "01/01/24" in finding.found


def test_an_extra_page_of_another_edition_does_not_break_the_form_in_two():
    pages = i765()
    assert told(document(1, [*pages[:5], stranger(3), *pages[5:]])) == [("page_of_other_edition", 3)]
    assert told(document(1, [*pages[:4], stranger(4), *pages[5:]])) == [
        ("page_of_other_edition", 4),
        ("page_missing", 5),
    ]
    assert told(document(1, [*pages, stranger(3)])) == [("page_of_other_edition", 3)]


def test_a_later_page_of_another_edition_corrects_nothing():
    unsigned = document(1, i765(signature=EMPTY))
    assert told(unsigned, document(2, [stranger(4)])) == [("signature_missing", 4), ("page_of_other_edition", 4)]


def test_the_right_page_answers_it():
    pages = document(1, with_page(stranger(4), at=4))
    assert codes(pages, document(2, [i765_page(4)])) == []


def test_a_whole_form_in_another_edition_is_no_form_with_wrong_pages():
    assert codes(document(1, i765()), document(2, i765())) == []
    newer = [i765_page(n, edition="2027-05-05", form_pages=8) for n in range(1, 9)]
    assert codes(document(1, i765()), document(2, newer)) == []


def test_photos_of_a_newer_edition_take_over_when_they_are_most_of_the_form():
    old = document(1, [i765_page(n, edition="2025-01-20", form_pages=9) for n in range(1, 10)])
    photos = [document(n + 1, [i765_page(n)]) for n in range(1, 8)]
    assert "page_of_other_edition" in codes(old, *photos[:2])
    assert codes(old, *photos) == []


def test_forms_of_two_editions_in_one_document_are_two_forms():
    newer = [i765_page(n, edition="2027-05-05", name="Ben Okoro") for n in range(1, 8)]
    assert codes(document(1, [*i765(), *newer])) == []


def test_a_page_whose_edition_cannot_be_read_is_no_page_of_another_one():
    pages = with_page(i765_page(2, edition=None), at=2)
    assert codes(document(1, pages)) == []


def received(day, pages, **changes):
    return replace(document(1, pages, **changes), received_on=date.fromisoformat(day))


def whole(edition, **changes):
    return [stranger(n, edition, **changes) for n in range(1, 8)]


@pytest.mark.parametrize("is_known", [True, False])
def test_an_edition_older_than_what_is_accepted_is_outdated_known_or_not(is_known):
    known = {"is_learned": True, "form_pages": 7} if is_known else {}
    (finding,) = findings(document(1, whole("2020-08-25", **known)))
    assert (finding.code, finding.severity, finding.edition) == ("edition_outdated", "critical", "2020-08-25")
    assert "08/21/25" in finding.expected
    assert ("were not checked" in finding.found) is not is_known


def test_the_signatures_of_an_outdated_form_whose_blank_is_known_are_told_too():
    old = [i765_page(n, edition="2020-08-25", **({"signature": EMPTY} if n == 4 else {})) for n in range(1, 8)]
    assert codes(document(1, old)) == ["edition_outdated", "signature_missing"]


def test_a_newer_edition_than_the_known_ones_is_unknown_and_not_outdated():
    assert codes(document(1, whole("2027-05-05"))) == ["edition_unknown"]


def test_a_form_of_which_no_edition_is_listed_is_never_outdated():
    assert codes(document(1, whole("1999-01-01", form="Q-1"))) == ["edition_unknown"]


def test_the_day_of_receipt_decides():
    before = received("2025-08-20", whole("2025-01-20", is_learned=True, form_pages=7))
    after = received("2025-08-21", whole("2025-01-20", is_learned=True, form_pages=7))
    assert codes(before) == []
    assert codes(after) == ["edition_outdated"]


SOURCE = {"citation": "A firm's note", "as_of": "2026-11-24", "confidence": "read"}
TWO = Editions(
    [
        EditionsFile.model_validate(
            {
                "source": SOURCE,
                "forms": {
                    "X-1": [
                        {"edition": "2024-01-01", "accepted_from": "2024-01-01", "until": "2025-03-31"},
                        {"edition": "2025-01-20", "accepted_from": "2025-02-01"},
                    ]
                },
            }
        )
    ]
)


@pytest.mark.parametrize(
    ("edition", "day", "instead"),
    [
        ("2024-01-01", "2025-01-31", None),
        ("2024-01-01", "2025-03-31", None),
        ("2024-01-01", "2025-04-01", "2025-01-20"),
        ("2023-06-06", "2025-01-31", "2024-01-01"),
        ("2023-06-06", "2025-03-31", "2025-01-20"),
        ("2024-06-06", "2025-03-31", None),
        ("2025-01-20", "2025-04-01", None),
        ("2026-01-01", "2025-04-01", None),
        ("2023-06-06", "2023-12-31", None),
        (None, "2025-04-01", None),
    ],
)
def test_an_edition_is_too_old_after_its_last_day_and_before_all_that_are_accepted(edition, day, instead):
    accepted = TWO.in_place_of("X-1", edition, date.fromisoformat(day))
    assert (accepted.edition if accepted else None) == instead


def test_every_shipped_edition_has_a_source_and_a_day():
    forms = [editions for file in shipped_editions() for editions in file.forms.values()]
    assert len(forms) >= 17
    assert all(one.source.citation and one.source.as_of for editions in forms for one in editions)


FIRM = """
source: {citation: The firm's reading of the form's page, as_of: 2026-11-24, confidence: read}
forms:
  I-765:
    - {edition: "2026-12-01", accepted_from: 2026-02-01}
"""


def test_a_firms_own_file_stands_for_the_forms_that_it_names(tmp_path):
    (tmp_path / "editions").mkdir()
    (tmp_path / "editions" / "US.yaml").write_text(FIRM)
    editions = requirements_with(tmp_path).editions
    assert editions.in_place_of("I-765", "2025-08-21", date(2026, 3, 10))
    assert not editions.in_place_of("N-400", "2025-01-20", date(2026, 3, 10))


def test_a_wrong_file_is_told_with_its_line(tmp_path):
    (tmp_path / "editions").mkdir()
    (tmp_path / "editions" / "US.yaml").write_text(FIRM.replace("2026-12-01", "12/01/26"))
    with pytest.raises(RequirementsFileError, match=r"US\.yaml, line 5"):
        requirements_with(tmp_path)
