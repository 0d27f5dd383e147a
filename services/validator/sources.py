"""Sources of rules that hold for every form; those of single forms are in `requirements`.

Place in the pipeline: used by the rules. Trust level: our own data, checked on the day it names.
Residual risk: law changes; `as_of` tells how old the check is.
"""

from datetime import date

from services.validator.requirements.schema import Requirement, Source
from wetink.contracts.judgement import Rule

_CHECKED = date(2026, 11, 24)
_POLICY_MANUAL = "https://www.uscis.gov/policy-manual/volume-1-part-b-chapter-2"

ALL_PAGES = Rule(
    id="all-pages",
    citation="USCIS form filing tips: all pages of one edition are filed, also those without answers; "
    "8 CFR 103.2(a)(1): every form is completed as its instructions say",
    url="https://www.ecfr.gov/current/title-8/section-103.2",
    as_of=_CHECKED,
)
KNOWN_EDITION = Rule(
    id="known-edition",
    citation="Wetink looks for signatures only where a form's catalogue entry says that they belong",
    as_of=_CHECKED,
)
TRANSLATED_US = Rule(
    id="translated",
    citation="8 CFR 103.2(b)(3): a full English translation that the translator has certified as complete and "
    "accurate, and the translator's certification of competence",
    url="https://www.ecfr.gov/current/title-8/section-103.2",
    as_of=_CHECKED,
)
TRANSLATED_CA = Rule(
    id="translated",
    citation="IRCC guides: what is not in English or French comes with a translation, by a certified translator "
    "or with the translator's affidavit",
    url="https://www.canada.ca/en/immigration-refugees-citizenship/services/application/application-forms-guides/"
    "guide-5289-sponsor-your-spouse-common-law-partner-conjugal-partner-dependent-child-complete-guide.html",
    as_of=_CHECKED,
)
READABLE = Rule(
    id="readable",
    citation="Wetink tells what it could not read instead of passing over it",
    as_of=_CHECKED,
)
RIGHT_PERSON = Rule(
    id="right-person",
    citation="8 CFR 103.2(a)(1): a form is completed for the person whom the filing is for; the people are "
    "those of the case's record",
    url="https://www.ecfr.gov/current/title-8/section-103.2",
    as_of=_CHECKED,
)
ONE_OF_EACH = Rule(
    id="one-of-each",
    citation="Wetink tells what came twice, and which page could not be given a form, so that each paper is filed "
    "once",
    as_of=_CHECKED,
)
INK = Rule(
    id="handwritten-ink",
    citation="8 CFR 103.2(a)(7)(ii)(A); USCIS Policy Manual, volume 1, part B, chapter 2",
    url=_POLICY_MANUAL,
    as_of=_CHECKED,
)


def ink_rule(form: str, requirement: Requirement) -> Rule:
    """Why only ink counts: USCIS says so for its own forms, elsewhere it is what requires the signature."""
    return rule_of(requirement, INK.id) if form.startswith("IMM") else INK


def rule_of(requirement: Requirement, rule_id: str) -> Rule:
    """The rule behind a finding about a place that has a requirement of its own."""
    return rule_from(requirement.source, rule_id)


def rule_from(source: Source, rule_id: str) -> Rule:
    """The rule behind a finding, by where it is written."""
    return Rule(id=rule_id, citation=source.citation, url=source.url, as_of=source.as_of)
