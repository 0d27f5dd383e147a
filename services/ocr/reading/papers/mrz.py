"""The lines of a passport that machines read (ICAO 9303, TD3: two lines of 44 characters).

Place in the pipeline: called by `kind`. Trust level: untrusted words. Residual risk: check digits are not needed,
for recognition misreads them; two such lines stand on nothing else.
"""

import re
from collections.abc import Sequence

from services.ocr.reading.papers.lines import Line

_FILLERS = re.compile(r"[\u00ab\u2039(\[{]")
"""What recognition makes of the sign that fills a line up."""
_FIRST = re.compile(r"^[PF][<A-Z0-9][A-Z0-9]{3}[A-Z0-9<]{25,45}$")
_SECOND = re.compile(r"^[A-Z0-9<]{9,10}.{0,2}[A-Z0-9<]{3}\d{5,7}[A-Z0-9<]{10,30}$")
_FEWEST_FILLERS = 4


def has_passport_mrz(lines: Sequence[Line]) -> bool:
    """Whether two lines below one another are those of a passport."""
    codes = ["".join(_FILLERS.sub("<", line.text.upper()).split()) for line in lines]
    return any(
        _FIRST.match(first)
        and first.count("<") >= _FEWEST_FILLERS
        and any(map(_SECOND.match, codes[place + 1 : place + 4]))
        for place, first in enumerate(codes)
    )
