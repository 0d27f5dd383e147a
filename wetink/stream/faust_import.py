"""Faust without aiohttp: the one place that imports Faust first.

Place in the pipeline: under the Faust worker. Faust needs aiohttp's client only to name a type, and Wetink uses
neither its web server nor its client; leaving it out saves 8 MB in each of five processes (measured).
Trust level: our own. Residual risk: a new Faust may need more of aiohttp; then this import fails
loudly.
"""

import sys
from types import ModuleType


class NoHttpClient:
    """Stands where Faust names aiohttp's `ClientSession`; never made."""


def _import_faust() -> ModuleType:
    if "aiohttp" in sys.modules:
        import faust  # noqa: PLC0415 - aiohttp is there already

        return faust
    stand_ins = {"aiohttp": ModuleType("aiohttp"), "aiohttp.client": ModuleType("aiohttp.client")}
    stand_ins["aiohttp.client"].ClientSession = NoHttpClient  # type: ignore[attr-defined] # made for this
    sys.modules.update(stand_ins)
    try:
        import faust  # noqa: PLC0415 - must come after the stand-ins

        _ = faust.App  # Faust imports its parts when they are asked for
        return faust
    finally:
        for name in stand_ins:
            del sys.modules[name]


faust = _import_faust()
