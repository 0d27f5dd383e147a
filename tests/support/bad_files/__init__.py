"""Hostile and odd files, made here from fixed seeds: the same bytes each time, nothing stored, nobody's data.

| module | families | source | purpose |
|---|---|---|---|
| `bombs` | stream bombs, picture bombs, recursion, tokens | PDF objects by hand | small, and cost much |
| `structure` | page trees, fields, cross-references, object streams, numbers, fonts, actions, xfa | too | lies |
| `images` | image bombs, frames, turned, odd images, cut images | headers by hand; the fictional form | decoders |
| `filters` | filters, cut filters | the fictional form, packed in each PDF filter | what scanners write |
| `papers` | truncated, bit-flipped, disguised, polyglots, locked, encrypted, broken encryption | form | damage |

Families that may only end in `read` are honest: a reader that refuses them is wrong, not safe.
"""

from functools import cache

from tests.support.bad_files.bombs import bomb_files
from tests.support.bad_files.filters import filter_files
from tests.support.bad_files.images import image_files
from tests.support.bad_files.model import BadFile
from tests.support.bad_files.papers import paper_files
from tests.support.bad_files.structure import structure_files

__all__ = ["BadFile", "bad_files"]


@cache
def bad_files() -> tuple[BadFile, ...]:
    """All of them, in a fixed order."""
    return (*image_files(), *filter_files(), *bomb_files(), *structure_files(), *paper_files())
