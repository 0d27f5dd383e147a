"""Which fields of a dynamic form its client signed digitally.

Place in the pipeline: called by `pdf_cut`. Trust level: hostile; the tree of fields is walked to a limit. Residual
risk: that a signature is there is told, never that it is valid; an agency's signature that the document does not
name as its certification counts as the client's.
"""

import re
from collections.abc import Iterator
from typing import Any

from pypdf.generic import DictionaryObject

_MAX_FIELDS = 5_000
_MAX_DEPTH = 12
_FIRST = re.compile(r"\[0\]")


def client_signatures(untrusted_root: DictionaryObject) -> list[str]:
    """Full names of the signed `/Sig` fields, without the one by which the agency certified its form.

    Names are like paths in the template: `form1.Page3.SignatureField1`.
    """
    certifying = certifications(untrusted_root)
    form = _resolve(untrusted_root.get("/AcroForm"))
    fields = _resolve(form.get("/Fields")) if isinstance(form, DictionaryObject) else None
    found = []
    for count, (name, field) in enumerate(_fields(fields, "", 0)):
        if count >= _MAX_FIELDS:
            break
        signature = _resolve(field.get("/V"))
        is_signed = (
            field.get("/FT") == "/Sig" and isinstance(signature, DictionaryObject) and "/ByteRange" in signature
        )
        if is_signed and not any(signature is other for other in certifying):
            found.append(_FIRST.sub("", name))
    return found


def certifications(untrusted_root: DictionaryObject) -> list[object]:
    """The signatures that the document names as its own: an agency's, by which it certified its form."""
    return [_resolve(value) for value in _values(untrusted_root.get("/Perms"))]


def _fields(untrusted_fields: object, parent: str, depth: int) -> Iterator[tuple[str, DictionaryObject]]:
    if not isinstance(untrusted_fields, list) or depth > _MAX_DEPTH:
        return
    for item in untrusted_fields[:_MAX_FIELDS]:
        field = _resolve(item)
        if isinstance(field, DictionaryObject):
            name = f"{parent}.{str(_resolve(field.get('/T', '')))[:100]}".strip(".")
            yield name, field
            yield from _fields(_resolve(field.get("/Kids")), name, depth + 1)


def _values(untrusted_dictionary: object) -> list[object]:
    dictionary = _resolve(untrusted_dictionary)
    return list(dictionary.values()) if isinstance(dictionary, DictionaryObject) else []


def _resolve(value: Any) -> Any:  # noqa: ANN401  # PDF objects are of any type until looked at
    return value.get_object() if hasattr(value, "get_object") else value
