"""What is said of a date: the first rule that holds, and never two."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.validator.case_view import Days
from services.validator.dates import day_in, possible_days
from services.validator.judge import judge
from services.validator.requirements import Requirements
from services.validator.requirements.schema import FormRequirements
from services.validator.view import build_case_view
from tests.support.filing import (
    TODAY,
    case,
    codes,
    document,
    findings,
    i765,
    i765_page,
    signed,
    slot,
)
from wetink.contracts.case_record import CaseDetails
from wetink.contracts.reading import FieldReading

EMPTY = {"ink": "absent"}
BIRTH = date(2026, 2, 1)


def read(day, **changes):
    """A date slot that says `day` in the form's grammar."""
    return signed(value=str(day), value_status="read") | changes


def written(text):
    """A date slot whose text is certain and no day in the form's grammar."""
    return signed(value_status="unreadable", text=text)


def dated(day, **changes):
    """A whole I-765 (edition 2025-08-21) whose applicant's date slot is `day`."""
    return document(1, i765(day=day), **changes)


def canadian(day):
    """An IMM form with one signer, whose date slot is `day`."""
    slots = [
        slot("signature", "applicant", "1", "1", pair="part-1.item-1.date", **signed()),
        slot("date", "applicant", "1", "1", pair="part-1.item-1.signature", **day),
    ]
    page = i765_page(1, name=None, form="IMM 9999", edition="2023-09", form_pages=1, slots=slots)
    return document(1, [page])


def only(*documents, **details):
    """The one finding about dates, as code and severity; None when there is none."""
    found = [one for one in findings(*documents, **details) if one.code.startswith("date_")]
    assert len(found) <= 1
    return (found[0].code, found[0].severity) if found else None


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (EMPTY, ("date_missing", "high")),
        ({"ink": "unsure"}, ("date_unsure", "medium")),
        (signed(value_status="unsure"), ("date_unsure", "low")),
        (signed(value_status="unreadable"), ("date_unsure", "low")),
        (written("02/30/2026"), ("date_impossible", "critical")),
        (written("31/11/2026"), ("date_impossible", "critical")),
        (written("13/25/2026"), ("date_impossible", "critical")),
        (written("00/00/0000"), ("date_impossible", "critical")),
        (written("03/2026"), ("date_impossible", "critical")),
        (written("N/A"), ("date_impossible", "critical")),
        (written("45/67/89"), ("date_impossible", "critical")),
        (written("25/03/2026"), ("date_ambiguous", "medium")),
        (written("2026-03-05"), ("date_ambiguous", "medium")),
        (written("5 March 2026"), ("date_ambiguous", "medium")),
        (written("5 août 2025"), ("date_ambiguous", "medium")),
        (written("20260305"), ("date_ambiguous", "medium")),
        (written("03/05/26"), ("date_ambiguous", "high")),
        (written("030526"), ("date_ambiguous", "high")),
        (read(BIRTH), ("date_same_as_other_date", "high")),
        (read(TODAY + timedelta(days=2)), ("date_in_future", "critical")),
        (read("2062-03-05"), ("date_in_future", "critical")),
        (read("2025-08-20"), ("date_before_edition", "high")),
        (read("1989-12-31"), ("date_before_edition", "high")),
        (read("0026-03-05"), ("date_before_edition", "high")),
    ],
)
def test_a_date_that_is_wrong_is_told_by_the_first_rule_that_holds(day, expected):
    assert only(dated(day), people=[{"role": "applicant", "birth_date": str(BIRTH)}]) == expected


@pytest.mark.parametrize(
    "day",
    [
        signed(),
        read(TODAY),
        read(TODAY + timedelta(days=1)),
        read("2025-08-21"),
        read(BIRTH + timedelta(days=1)),
        read("2026-03-05", text="3/5/2026"),
        read("2026-02-02", mark="typed"),
    ],
)
def test_a_date_that_is_right_is_not_flagged(day):
    assert only(dated(day), people=[{"role": "applicant", "birth_date": str(BIRTH)}]) is None


def test_the_day_of_receipt_is_that_of_the_documents_arrival_not_today():
    late = dated(read("2026-03-05"), received_on=date(2026, 3, 1))
    assert only(late) == ("date_in_future", "critical")


def test_no_form_was_signed_before_1990_also_when_its_edition_could_not_be_read():
    for day, expected in (("1990-01-01", None), ("1989-12-31", ("date_before_edition", "high"))):
        pages = [page.model_copy(update={"edition": None}) for page in i765(day=read(day))]
        assert only(document(1, pages)) == expected


def test_a_date_before_the_edition_is_told_with_it():
    (finding,) = findings(dated(read("2025-08-20")))
    assert finding.found == "The place says 20 August 2025; the edition is 08/21/25."


def test_a_birth_expiry_or_marriage_date_on_a_form_counts_too():
    for purpose, is_told in [
        ("person.birth_date", True),
        ("passport.expiry_date", True),
        ("person.marriage_date", True),
        ("person.arrival_date", False),
    ]:
        field = FieldReading(purpose=purpose, is_filled=True, value="02/01/2026")
        found = only(document(1, i765(day=read(BIRTH), fields=[field])))
        assert (found is not None) == is_told, purpose


def test_a_date_of_a_form_is_read_by_that_forms_grammar():
    field = FieldReading(purpose="person.birth_date", is_filled=True, value="01/02/2026")
    assert only(document(1, i765(day=read(BIRTH), fields=[field]))) is None


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (EMPTY, ("date_missing", "critical")),
        (written("03/25/2026"), ("date_ambiguous", "medium")),
        (read(TODAY - timedelta(days=90)), None),
        (read(TODAY - timedelta(days=91)), ("date_stale", "critical")),
        (read(TODAY + timedelta(days=2)), ("date_in_future", "critical")),
        (read("2023-08-31"), ("date_before_edition", "high")),
    ],
)
def test_canadian_forms_have_dates_of_their_own(day, expected):
    assert only(canadian(day), jurisdiction="CA") == expected
    assert only(canadian(day)) == expected


def test_a_date_grows_old_while_the_case_waits():
    waiting = case(canadian(read(TODAY)))
    received = {"doc-1": TODAY}
    assert judge(waiting, Days(TODAY + timedelta(days=90), received)) == []
    (finding,) = judge(waiting, Days(TODAY + timedelta(days=91), received))
    assert (finding.code, finding.found) == ("date_stale", "The place says 10 March 2026, 91 days ago.")
    assert "90 days" in finding.rule.citation


def test_no_age_is_too_old_for_an_american_form():
    assert only(dated(read("2025-08-21")), jurisdiction="US") is None


def helped(helper_day, applicant_day="2026-03-05", helper="preparer"):
    page = 5 if helper == "interpreter" else 6
    pages = i765(day=read(applicant_day))
    pages[page - 1] = i765_page(page, signature=signed(), day=read(helper_day))
    return document(1, pages)


@pytest.mark.parametrize("helper", ["interpreter", "preparer"])
def test_a_helper_does_not_sign_before_the_applicant(helper):
    assert only(helped("2026-03-04", helper=helper)) == ("date_wrong_order", "medium")
    assert only(helped("2026-03-05", helper=helper)) is None
    assert only(helped("2026-03-06", helper=helper)) is None


def witnessed(preparer_day, applicant_day="2026-03-05"):
    """A form whose preparer declares to have seen the applicant sign."""
    places = [
        {"signature": "part-3.item-7.a.signature", "date": "part-3.item-7.b.date", "need": "required"},
        {
            "signature": "part-5.item-8.a.signature",
            "date": "part-5.item-8.b.date",
            "need": "conditional",
            "used_when": ["preparer.name"],
            "signed_in_presence_of": "part-3.item-7.a.signature",
        },
    ]
    source = {"citation": "The fictional rule book", "as_of": "2026-01-01", "confidence": "belief"}
    form = {"form": "I-765", "source": source, "places": [{"reason": "so", **place} for place in places]}
    requirements = Requirements([FormRequirements.model_validate(form)])
    view = build_case_view(
        CaseDetails(reference="R-1"), [helped(preparer_day, applicant_day)], requirements, is_settled=True
    )
    return [finding.code for finding in judge(view, Days(TODAY, {"doc-1": TODAY}))]


def test_a_helper_who_saw_the_applicant_sign_dates_the_same_day():
    assert witnessed("2026-03-06") == ["date_wrong_order"]
    assert witnessed("2026-03-04") == ["date_wrong_order"]
    assert witnessed("2026-03-05") == []
    assert witnessed("2026-03-05", applicant_day="2062-03-05") == ["date_in_future"]


def test_a_slip_in_the_applicants_date_is_told_once_not_of_the_helper_too():
    assert only(helped("2026-03-05", applicant_day="2062-03-05")) == ("date_in_future", "critical")


def test_a_helper_beside_an_applicant_without_a_date_is_in_order():
    pages = i765(day=EMPTY)
    pages[5] = i765_page(6, signature=signed(), day=read("2026-03-04"))
    assert codes(document(1, pages)) == ["date_missing"]


def test_the_finding_quotes_what_is_written_and_names_the_grammar():
    (finding,) = findings(dated(written("25/03/2026")))
    assert finding.found == 'The place says "25/03/2026", which is not written as mm/dd/yyyy.'
    assert finding.slot == "part-3.item-7.b.date"


DAYS = st.dates(date(1900, 1, 1), date(2099, 12, 31))
DATE_SLOTS = st.one_of(
    st.just(EMPTY),
    st.just({"ink": "unsure"}),
    st.just(signed(value_status="unsure")),
    DAYS.map(read),
    st.text("0123456789/-. ", max_size=12).map(written),
    DAYS.map(lambda day: written(f"{day:%d/%m/%Y}")),
)


@given(DATE_SLOTS, DATE_SLOTS, st.integers(0, 4000))
def test_a_date_never_has_two_findings(applicant, preparer, age):
    pages = i765(day=applicant)
    pages[5] = i765_page(6, signature=signed(), day=preparer)
    for form in (document(1, pages), canadian(applicant)):
        view = case(form, people=[{"role": "applicant", "birth_date": str(BIRTH)}])
        found = judge(view, Days(TODAY + timedelta(days=age), {"doc-1": TODAY}))
        slots = [one.slot for one in found if one.code.startswith("date_")]
        assert len(slots) == len(set(slots))


@given(DAYS)
def test_a_day_in_the_forms_grammar_is_read_by_it(day):
    assert day_in("mm/dd/yyyy", f"{day:%m/%d/%Y}") == day
    assert day_in("yyyy-mm-dd", f"{day:%Y-%m-%d}") == day
    assert day_in("mm/dd/yyyy", f"{day:%Y-%m-%d}") is None
    assert day_in("mm/dd/yyyy", f"{day:%m/%d/%y}") is None


@given(DAYS, st.permutations(["%d", "%m", "%Y"]), st.sampled_from(["/", "-", ".", " "]))
def test_a_day_is_among_those_that_its_numbers_may_mean_whatever_their_order(day, order, mark):
    assert day in possible_days(day.strftime(mark.join(order))).days


@given(st.integers(32, 99), st.integers(13, 99), st.integers(1000, 9999), st.permutations([0, 1, 2]))
def test_numbers_that_are_no_day_in_any_order_mean_none(day, month, year, order):
    numbers = (day, month, year)
    assert not any(possible_days("/".join(str(numbers[place]) for place in order)))


@given(DAYS, st.permutations(["%d", "%m", "%y"]))
def test_a_year_of_two_digits_is_never_a_certain_day(day, order):
    possible = possible_days(day.strftime("/".join(order)))
    assert not possible.days
    assert possible.days_of_short_year


@given(st.text(max_size=300))
def test_any_text_can_be_asked_for_its_days(untrusted_text):
    possible_days(untrusted_text)
    day_in("mm/dd/yyyy", untrusted_text)
