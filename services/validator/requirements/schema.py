"""The shape of a requirements file: who signs and dates where on one form, and where that is written.

Place in the pipeline: validates the YAML files beside it and a firm's own.
Trust level: written by people, checked here. Residual risk: a wrong slot id is found by the test that compares
with the catalogue, not here.
"""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from wetink.contracts.case_record import Channel
from wetink.contracts.judgement import Severity
from wetink.contracts.reading import Edition, Mark, SlotReading

Need = Literal["required", "conditional", "must_be_empty"]
Confidence = Literal["measured", "read", "secondary", "belief", "unconfirmed"]
"""How well a statement is founded: measured on forms, read in the source, read about it, believed, by default."""
CaseFact = Literal["spouse_abroad"]
"""What a case's record can say that frees somebody from signing."""


Relief = Literal["not_required", "unsure"]
"""What a way of filing means for a place: nothing is needed in it, or what is not in it is left to a person."""


class Source(BaseModel):
    """Where a requirement is written; `as_of` is the day it was last checked."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    citation: Annotated[str, Field(min_length=5)]
    url: str | None = None
    as_of: date
    confidence: Confidence


class Requirement(BaseModel):
    """One person's signature and its date: slot ids on a form page, and whether they are needed.

    `party` stands in place of the ids on a form whose blank was not at hand: all that this party signs.
    `used_when` names the fields (catalogue purposes) that show that the part of a conditional signature was used
    (none: only a mark in the part itself shows it); `denied_by` names those that say that nobody signs here when
    they are filled, so that a mark is a contradiction; `valid_marks` are the kinds of mark that count by way of
    filing, where this is not what the agency's policy says; `unless` is a fact of the case that frees from
    signing; `signed_in_presence_of` is the signature that the signer declares to have seen being made, so on one
    day; `by_channel` names ways of filing in which the form is signed elsewhere, as in an agency's portal;
    `reason` completes "because ...".
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    page: int | None = None
    signature: str | None = None
    date: str | None = None
    party: str | None = None
    need: Need
    used_when: tuple[str, ...] = ()
    denied_by: tuple[str, ...] = ()
    valid_marks: Mapping[Channel, frozenset[Mark]] = Field(default_factory=dict)
    unless: CaseFact | None = None
    signed_in_presence_of: str | None = None
    by_channel: Mapping[Channel, Relief] = Field(default_factory=dict)
    severity: Severity | None = None
    reason: str
    source: Source

    @model_validator(mode="after")
    def _is_complete(self) -> "Requirement":
        if not (self.signature or self.date or self.party):
            raise ValueError("a place needs a signature, a date or a party")
        if self.used_when and self.need != "conditional":
            raise ValueError("used_when belongs to conditional places alone")
        return self

    def covers(self, slot: SlotReading) -> bool:
        """Whether this is about that slot."""
        is_of_party = self.party is not None and slot.party == self.party
        return is_of_party or slot.id in (self.signature, self.date)

    def pair_of(self, slot: SlotReading) -> str | None:
        """The id of the other slot of this signature and date."""
        if not (self.signature or self.date):
            return slot.pair
        return self.date if slot.id == self.signature else self.signature


class FormRequirements(BaseModel):
    """One requirements file: a form and the editions it is right for (both ends included, null: open)."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    form: str
    from_edition: Edition | None = None
    until_edition: Edition | None = None
    source: Source
    places: tuple[Requirement, ...]

    @model_validator(mode="before")
    @classmethod
    def _hand_source_down(cls, untrusted_file: object) -> object:
        """A place without a source of its own has that of the file."""
        if not isinstance(untrusted_file, dict) or not isinstance(untrusted_file.get("places"), list):
            return untrusted_file
        source = untrusted_file.get("source")
        places = [
            {"source": source, **place} if isinstance(place, dict) else place for place in untrusted_file["places"]
        ]
        return {**untrusted_file, "places": places}

    def covers(self, edition: str | None) -> bool:
        """Whether this file is right for that edition; an unread edition is taken for one of these."""
        if edition is None:
            return True
        return (self.from_edition or "") <= edition and (not self.until_edition or edition <= self.until_edition)

    def of_slot(self, slot: SlotReading) -> Requirement | None:
        """What is required of a slot."""
        return next((place for place in self.places if place.covers(slot)), None)
