"""Who signs at a place, told by its printed words, and whether the place belongs to an official.

Place in the pipeline: used by all ways of learning a form. Trust level: words of a form that the firm chose.
Residual risk: a label in words that are not known here names nobody, and a human is asked.
"""

import re

_PARTIES = (
    ("cosigner", r"\bco-?signer"),
    ("officer", r"\bofficer"),
    ("judge", r"\bjudge\b"),
    ("official", r"\bofficial\b|\bcommissioner\b|\bnotary\b"),
    ("civil_surgeon", r"\bcivil surgeon"),
    ("law_student", r"\blaw student"),
    ("attorney", r"\battorney"),
    ("representative", r"\brepresentative"),
    ("client", r"\bclient"),
    ("interpreter", r"\binterpreter"),
    ("preparer", r"\bpreparer|\bperson preparing"),
    ("spouse", r"\bspouse"),
    ("household_member", r"\bhousehold member"),
    ("petitioner", r"\bpetitioner"),
    ("joint_sponsor", r"\bjoint sponsor"),
    ("sponsor", r"\bsponsor(?!ed|ing|ship)"),
    ("requestor", r"\brequest[oe]r"),
    ("beneficiary", r"\bbeneficiary"),
    ("co_applicant", r"\bco-?applicant"),
    ("applicant", r"\bapplicant|\bsponsored person"),
    ("guardian", r"\b(?:legal )?guardian"),
)
_WORDS = re.compile("|".join(f"(?P<{party}>{words})" for party, words in _PARTIES), re.IGNORECASE)
_POSSESSIVE = re.compile(r"'s?\s+")
_OFFICIAL_PART = re.compile(
    r"\b(interview|oath|officer|judge|removal hearing|solemn declaration|use only)\b", re.IGNORECASE
)
_OFFICIALS = ("officer", "judge", "official")


def party_of(text: str) -> str | None:
    """The first party that a label or title names: of "sponsor's spouse" the spouse, whoever co-signs as such."""
    found = list(_WORDS.finditer(text))
    if any(one.lastgroup == "cosigner" for one in found):
        return "cosigner"
    for one in found:
        possessive = _POSSESSIVE.match(text, one.end())
        if not possessive or not _WORDS.match(text, possessive.end()):
            return one.lastgroup
    return None


def is_for_official(party: str | None, title: str) -> bool:
    """Whether a place is filled by an official or at an interview: printed in its part's title, or its party's."""
    return party in _OFFICIALS or bool(_OFFICIAL_PART.search(title))
