"""What would change: stored readings are judged again by other data, and nothing is written."""

from dataclasses import replace

from services.ocr.catalogue.model import Catalogue
from services.validator.replaying import replay
from services.validator.requirements import requirements_with
from tests.support.filing import i765, i765_page
from tests.support.validator import NOW, Validator
from wetink.cli.rules import as_in_catalogue
from wetink.stream.outbox import announce

THE_INTERPRETER_SIGNS = """form: I-765
source:
  citation: The fictional rule book
  as_of: 2026-01-01
  confidence: belief
places:
  - signature: part-3.item-7.a.signature
    date: part-3.item-7.b.date
    need: must_be_empty
    reason: the applicant does not sign
  - signature: part-4.item-7.a.signature
    need: required
    reason: an interpreter always signs
"""


def judged_case() -> Validator:
    validator = Validator()
    unsigned = i765(signature={"ink": "absent"})
    validator.take(validator.case_changed(), *validator.document(1, unsigned))
    with validator.database.transaction() as transaction:
        announce(transaction, validator.reviews, cause_id="test", process="validator", now=NOW)
    return validator


def test_the_same_rules_and_data_change_nothing():
    (case,) = replay(judged_case().ports)
    assert (case.case_id, case.findings, case.differences) == ("case-1", 1, ())


def test_changed_requirements_show_what_would_be_new_and_what_would_be_gone(tmp_path):
    validator = judged_case()
    (tmp_path / "own.yaml").write_text(THE_INTERPRETER_SIGNS)
    (case,) = replay(replace(validator.ports, requirements=requirements_with(tmp_path)))
    assert [(one.change, one.code, one.form_page, one.slot) for one in case.differences] == [
        ("new", "signature_missing", 5, "part-4.item-7.a.signature"),
        ("gone", "signature_missing", 4, "part-3.item-7.a.signature"),
    ]


def test_a_case_that_was_never_judged_is_passed_over():
    validator = Validator()
    validator.take(validator.opened(1, 1))
    assert list(replay(validator.ports)) == []


def test_a_changed_catalogue_renames_places_and_leaves_out_those_it_no_longer_has():
    (entry,) = [entry for entry in Catalogue.load() if entry.form == "I-765"]
    read = i765_page(4)
    plan = entry.plan.model_copy(
        update={
            "slots": [
                slot.model_copy(update={"party": "guardian"})
                for slot in entry.plan.slots
                if slot.id == "part-3.item-7.a.signature"
            ]
        }
    )

    class Changed(Catalogue):
        def find(self, form, edition):
            return type(entry)(plan, entry.arrays)

    revised = as_in_catalogue(Changed([]), read)
    assert [(slot.id, slot.party, slot.ink) for slot in revised.slots] == [
        ("part-3.item-7.a.signature", "guardian", "present")
    ]
