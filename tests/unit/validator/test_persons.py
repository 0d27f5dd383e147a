"""Who is who: slips, accents and order are forgiven, another name is not."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.validator.persons import Person, likeness, person_in_case, person_of, shares_name
from wetink.contracts import case_record
from wetink.contracts.reading import FieldReading


def read(name="", a_number="", birth_date="", uci=""):
    values = {"full_name": name, "a_number": a_number, "birth_date": birth_date, "uci": uci}
    return person_of(
        FieldReading(purpose=f"person.{what}", is_filled=True, value=value or None)
        for what, value in values.items()
    )


def in_case(name, **more):
    return person_in_case(case_record.Person.model_validate({"role": "applicant", "name": name, **more}))


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("José Núñez-Prieto", "NUNEZ PRIETO, jose"),
        ("Søren Łukasz", "Lukasz Soren"),
        ("O'Brien Mary", "Mary OBRIEN"),
        ("L1ma Ana", "Ana Lima"),
        ("Lirna Ana", "Ana Lima"),
        ("0koro 8en", "Ben Okoro"),
        ("Maria De la Cruz", "Delacruz Maria"),
    ],
)
def test_order_accents_case_and_letters_that_look_alike_make_no_other_person(written, meant):
    assert likeness(read(written), in_case(meant)) == "same"


@pytest.mark.parametrize(
    ("one", "other"), [("Mario Lima", "Maria Lima"), ("Ana Lina", "Ana Lima"), ("Jon Smiht", "Jon Smith")]
)
def test_a_slip_of_another_kind_leaves_names_near(one, other):
    assert likeness(read(one), read(other)) == "near"


@pytest.mark.parametrize(
    ("one", "other"),
    [("Ana Lima", "Ben Okoro"), ("Ana Lima", "Tomas Lima"), ("Ana Lima", "Ana Costa"), ("Li Wei", "Wu Na")],
)
def test_other_names_are_other_people(one, other):
    assert likeness(read(one), read(other)) == "other"


def test_a_name_that_holds_the_other_leaves_it_open():
    assert likeness(read("Ana Maria Lima"), read("Ana Lima")) == "unknown"
    assert likeness(
        read("Ana Maria Lima", birth_date="03/04/1985"), read("Ana Lima", birth_date="1985-03-04")
    ) == ("same")


def test_names_in_two_scripts_cannot_be_compared():
    assert likeness(read("Іван Петренко"), read("Ivan Petrenko")) == "unknown"


def test_the_same_number_is_the_same_person_whatever_the_name():
    assert likeness(read("Ana Lima", "A012-345-678"), read("Ana Costa", "12345678")) == "same"
    assert likeness(read("Ana Lima", uci="11-2233-4455"), read("Costa", uci="1122334455")) == "same"


@pytest.mark.parametrize("written", ["A 123 456 789", "A#123-456-789", "AI23456789", "A-l234S6789", "a123456789"])
def test_a_number_is_read_through_letters_that_look_like_digits(written):
    assert read(a_number=written).a_number == "123456789"


def test_a_slip_in_a_number_is_near_and_another_number_is_another_person():
    assert likeness(read(a_number="A123456789"), read(a_number="A123456798")) == "near"
    assert likeness(read(a_number="A123456789"), read(a_number="A207118345")) == "other"
    assert likeness(read(a_number="A1234"), read(a_number="A207118345")) == "unknown"


def test_a_number_alone_does_not_tell_people_of_one_name_apart():
    assert likeness(read("Ana Lima", "A123456789"), read("Ana Lima", "A207118345")) == "same"


def test_father_and_son_of_one_name_are_told_by_their_birth_dates():
    father, son = read("Juan Paz", birth_date="1960-01-31"), read("Juan Paz", birth_date="1990-11-02")
    assert likeness(father, son) == "near"
    assert likeness(father.with_more(read(a_number="A123456789")), son.with_more(read(a_number="A20711834"))) == (
        "other"
    )


def test_birth_dates_tell_people_apart_but_a_slip_or_a_turned_day_does_not():
    assert likeness(read(birth_date="1985-03-04"), in_case(None, birth_date="1991-12-24")) == "other"
    assert likeness(read(birth_date="1985-03-04"), in_case(None, birth_date="1985-04-03")) == "near"
    assert likeness(read(birth_date="1985-03-04"), in_case(None, birth_date="1985-03-14")) == "near"
    assert likeness(read(birth_date="1985-03-04"), in_case(None, birth_date="1985-03-04")) == "unknown"
    assert likeness(read(birth_date="spring 1985"), in_case(None, birth_date="1991-12-24")) == "unknown"


def test_a_changed_surname_with_the_same_birth_date_is_near():
    one, other = read("Ana Lima", birth_date="1985-03-04"), read("Ana Costa", birth_date="1985-03-04")
    assert likeness(one, other) == "near"


def test_families_share_a_name():
    assert shares_name(read("Ana Lima"), read("Tomas Lina"))
    assert not shares_name(read("Ana Lima"), read("Ben Okoro"))


def test_nothing_read_is_nobody():
    assert not read().is_known
    assert likeness(read(), read("Ana Lima")) == "unknown"


NAMES = st.lists(st.text("abcdeilmnorstu", min_size=2, max_size=9), min_size=1, max_size=4)


@settings(max_examples=60, deadline=None)
@given(NAMES, NAMES, st.randoms())
def test_likeness_has_no_direction_and_order_does_not_matter(first, second, random):
    one, other = read(" ".join(first)), read(" ".join(second))
    shuffled = read(" ".join(random.sample(first, len(first))))
    assert likeness(one, other) == likeness(other, one)
    assert likeness(shuffled, one) == "same"
    assert likeness(one, Person()) == "unknown"
