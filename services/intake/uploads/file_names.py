"""File names as people may safely see them again.

Place in the pipeline: between a request's headers and everything that shows a name; no file is stored under it.
Trust level: hostile text in, harmless text out. Residual risk: letters that look like others.
"""

import re
import unicodedata
from email.message import Message

_NAMELESS = "document"
_MAX_CHARACTERS = 150
_SEPARATORS = "/\\"
_DIRECTION = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff"
_ESCAPED_CONTROL = re.compile("%[01][0-9A-Fa-f]|%7[Ff]")
_UNSEEN = ("Cc", "Cs", "Zl", "Zp")
"""Unicode's control characters, surrogates, line and paragraph separators."""


def clean(untrusted_name: str) -> str:
    """The name without path separators, control and direction characters; at most 150 with its ending."""
    kept = (
        letter
        for letter in unicodedata.normalize("NFC", untrusted_name)
        if letter not in _SEPARATORS and letter not in _DIRECTION and unicodedata.category(letter) not in _UNSEEN
    )
    name = "".join(kept).strip(" .")
    if len(name) <= _MAX_CHARACTERS:
        return name or _NAMELESS
    stem, dot, ending = name.rpartition(".")
    tail = f"{dot}{ending}" if stem and len(ending) <= 10 else ""
    return name[: _MAX_CHARACTERS - len(tail)] + tail


def from_disposition(untrusted_header: str | None) -> str:
    """The name in a `Content-Disposition` header (RFC 6266, `filename*` too), cleaned."""
    message = Message()
    message["Content-Disposition"] = (untrusted_header or "").replace("\r", "").replace("\n", "")
    try:
        return clean(_utf8(message.get_filename() or ""))
    except UnicodeError:  # a charset that does not decode it
        return _NAMELESS


def from_part(untrusted_name: bytes) -> str:
    """The name of a part of a multipart body, cleaned.

    Browsers send UTF-8 with quotes and line ends escaped (HTML standard), others all control characters.
    """
    name = untrusted_name.decode("utf-8", errors="replace")
    return clean(_ESCAPED_CONTROL.sub("", name).replace("%22", '"'))


def _utf8(text: str) -> str:
    """Headers arrive as Latin-1; many callers meant UTF-8."""
    try:
        return text.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return text
