"""What is wrong or doubtful in the requirements, compared with the slots that the catalogue has.

Place in the pipeline: beside it, for `wetink rules check` and a test over what is shipped.
Trust level: our own data and the firm's. Residual risk: whether a citation says what it is cited for, no program
can tell.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from services.validator.requirements import Requirements
from services.validator.requirements.checklist import Checklist
from services.validator.requirements.policy import Policy
from services.validator.requirements.schema import FormRequirements, Source
from wetink.contracts.reading import SlotReading

STALE_AFTER = timedelta(days=365)
"""Sources that nobody has looked at for longer are remarked."""

RemarkCode = Literal[
    "slot_without_requirement",
    "requirement_without_slot",
    "field_unknown",
    "citation_without_address",
    "source_unconfirmed",
    "source_stale",
    "not_learned",
]


@dataclass(frozen=True)
class Remark:
    """One thing to mend, or to know: `not_learned` says only that the blank was not at hand."""

    code: RemarkCode
    form: str
    edition: str | None
    what: str

    @property
    def is_to_mend(self) -> bool:
        """Whether it is more than a note."""
        return self.code != "not_learned"


@dataclass(frozen=True)
class KnownForm:
    """What a catalogue entry offers: its slots, empty, and the purposes of its other fields."""

    form: str
    edition: str
    slots: tuple[SlotReading, ...]
    purposes: frozenset[str]


def remarks(requirements: Requirements, known: Iterable[KnownForm], today: date) -> list[Remark]:
    """All remarks, form by form."""
    forms = list(known)
    found = [remark for form in forms for remark in _on_form(requirements, form)]
    found += [remark for file in requirements.forms for remark in _on_file(file, forms, today)]
    found += [remark for policy in requirements.policies.values() for remark in _on_policy(policy, today)]
    found += [remark for one in requirements.checklists.values() for remark in _on_checklist(one, today)]
    return sorted(found, key=lambda remark: (remark.form, remark.edition or "", remark.code, remark.what))


def _on_form(requirements: Requirements, known: KnownForm) -> Iterator[Remark]:
    files = [file for file in requirements.forms if file.form == known.form and file.covers(known.edition)]
    for slot in known.slots:
        if not any(file.of_slot(slot) for file in files):
            yield Remark("slot_without_requirement", known.form, known.edition, slot.id)
    ids = {slot.id for slot in known.slots}
    for place in (place for file in files for place in file.places):
        for slot_id in {place.signature, place.date} - {None} - ids:
            yield Remark("requirement_without_slot", known.form, known.edition, str(slot_id))
        for purpose in {one for one in place.used_when if one.endswith(".name")} - known.purposes:
            yield Remark("field_unknown", known.form, known.edition, purpose)


def _on_file(file: FormRequirements, known: Iterable[KnownForm], today: date) -> Iterator[Remark]:
    if not any(form.form == file.form and file.covers(form.edition) for form in known):
        yield Remark("not_learned", file.form, file.from_edition, "no blank of it was learned")
    for source in dict.fromkeys((file.source, *(place.source for place in file.places))):
        yield from _on_source(file.form, file.from_edition, source, today)


def _on_policy(policy: Policy, today: date) -> Iterator[Remark]:
    """What a firm decides for itself has no address."""
    for statement in (policy.blank_dates, policy.old_dates, policy.guardians, policy.valid_marks):
        if statement.source.confidence != "belief":
            yield from _on_source(f"every form ({policy.jurisdiction})", None, statement.source, today)


def _on_checklist(checklist: Checklist, today: date) -> Iterator[Remark]:
    for source in dict.fromkeys((checklist.source, *(line.source for line in checklist.lines))):
        yield from _on_source(f"checklist {checklist.filing}", None, source, today)


def _on_source(form: str, edition: str | None, source: Source, today: date) -> Iterator[Remark]:
    if source.url is None:
        yield Remark("citation_without_address", form, edition, source.citation)
    if source.confidence == "unconfirmed":
        yield Remark("source_unconfirmed", form, edition, source.citation)
    if today - source.as_of > STALE_AFTER:
        yield Remark("source_stale", form, edition, f"{source.citation} ({source.as_of})")
