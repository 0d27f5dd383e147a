"""Review cases: everything that a careful case manager would say is said, and nothing else."""

import re

import pytest

from services.validator.rules import RULES
from tests.support.review_cases import SAID, all_cases, expected, found_in, in_full, in_short

CASES = all_cases()


@pytest.mark.parametrize(("code", "review"), CASES, ids=[f"{code}: {one['name']}" for code, one in CASES])
def test_what_is_said_of_the_case(code, review):
    assert sorted(map(in_short, found_in(review))) == expected(review)


def test_there_are_many_cases():
    assert len(CASES) >= 120


@pytest.mark.parametrize("code", [check.__module__.rpartition(".")[2] for check in RULES])
def test_every_code_is_expected_twice_and_has_a_trap(code):
    expecting = [one for said, one in CASES if said == code and any(code == e.split()[0] for e in one["expect"])]
    traps = [one for said, one in CASES if said == code and one["name"].startswith("trap: ")]
    assert len(expecting) >= 2
    assert traps
    assert not any(code == e.split()[0] for one in traps for e in one["expect"])


def test_every_word_that_is_said_was_reviewed():
    assert in_full() == SAID.read_text(encoding="utf-8"), "look at the difference, then write SAID.md anew"


def test_findings_inform_and_never_advise():
    advice = re.compile(
        r"\b(you should|should you|we recommend|we advise|you must|legal advice|entitled)\b", re.IGNORECASE
    )
    said = [
        word for _, review in CASES for one in found_in(review) for word in (one.title, one.expected, one.found)
    ]
    assert [words for words in said if advice.search(words)] == []
