"""Are two forms one person's? Told from the name and A-Number fields that could be read on both.

Place in the pipeline: used by `copies` to keep the forms of a family apart.
Trust level: values are untrusted text, compared and never shown.
Residual risk: two people of one name are one; a corrected spelling is another person, so that the flags of the
first one stay until somebody looks.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from wetink.contracts.reading import FieldReading


@dataclass(frozen=True)
class Person:
    """What a form says of its person: words of the name (folded) and digits of the A-Number; empty if unread."""

    name: frozenset[str] = frozenset()
    a_number: str = ""

    def with_more(self, other: "Person") -> "Person":
        """The same person, with what another page adds."""
        return Person(self.name or other.name, self.a_number or other.a_number)


def person_of(fields: Iterable[FieldReading]) -> Person:
    """The person that the fields `person.*_name` and `person.a_number` name."""
    words: set[str] = set()
    a_number = ""
    for field in fields:
        if field.purpose.startswith("person.") and field.purpose.endswith("name"):
            words.update(_words(field.value or ""))
        elif field.purpose == "person.a_number":
            a_number = re.sub(r"\D", "", field.value or "").lstrip("0") or a_number
    return Person(frozenset(words), a_number)


def is_same_person(one: Person, other: Person) -> bool | None:
    """True or False when it can be told, None when it cannot.

    The same A-Number is the same person; otherwise names decide, whatever their order, accents and case. A name
    that holds the other one (a second given name, a part that could not be read) leaves it open. Slips are not
    forgiven: Mario's form must never count as a correction of Maria's. A number alone never tells people apart:
    it may be what was corrected.
    """
    if one.a_number and one.a_number == other.a_number:
        return True
    if one.name and one.name == other.name:
        return True
    return None if one.name <= other.name or other.name <= one.name else False


def _words(untrusted_text: str) -> list[str]:
    letters = unicodedata.normalize("NFKD", untrusted_text.casefold())
    plain = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return re.findall(r"\w+", plain.replace("'", "").replace("\N{RIGHT SINGLE QUOTATION MARK}", ""))
