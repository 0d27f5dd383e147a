"""How well pages are read: empty, signed, unsure, named; on the simulator's untouched part (or `tuning`).

Every page with places of the part's forms goes through an office scanner, a fax machine and a phone, and is read
as `wetink read` would read it; the forms were learned from their blanks a moment ago. Each of two processes makes
and reads half of the pages. What a pale pen wrote is counted on its own on faxes, for there it may be gone.
"""

import sys
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

from benchmarks.results import table, write_section
from benchmarks.simulator.parts import TUNING, UNTOUCHED, Case, Simulator
from benchmarks.simulator.pens import FAINT
from services.ocr.catalogue.model import Catalogue
from services.ocr.reading.footer import name_by_footer
from services.ocr.reading.page import read_page
from services.ocr.reading.pages import count_and_cut
from tests.support.corpus import CORPUS
from wetink.contracts.reading import PageReading

PAGES = {"office": 300, "fax": 200, "phone": 200}
_PROCESSES = 2
_PALE = {pen.name for pen in FAINT}

Counts = Counter[tuple[str, ...]]


def main(argv: list[str]) -> None:
    """Measure and write the table; `tuning` measures the part that may be looked at, and writes nothing."""
    is_tuning = argv == ["tuning"]
    with ProcessPoolExecutor(_PROCESSES, get_context("spawn")) as pool:
        counted = list(pool.map(_count, [is_tuning] * _PROCESSES, range(_PROCESSES)))
    counts: Counts = sum(counted, Counter())
    text = _text(counts)
    if is_tuning:
        print(text)
        return
    write_section("Reading", "make bench-reading", text)


def _count(is_tuning: bool, share: int) -> Counts:  # noqa: FBT001  # a pool hands over by position
    """Make and read every second page."""
    simulator = Simulator(TUNING if is_tuning else UNTOUCHED)
    catalogue = Catalogue([*Catalogue.load(), *simulator.entries])
    counts: Counts = Counter()
    for device, pages in PAGES.items():
        for number in range(share, pages, _PROCESSES):
            _judge(simulator.case(device, number), catalogue, counts)
    return counts


def _judge(case: Case, catalogue: Catalogue, counts: Counts) -> None:
    blob = count_and_cut([case.file]).pages[0].blob or b""
    reading, _ = read_page(blob, 1, catalogue)
    if reading.form is None:
        reading, _ = read_page(blob, 1, catalogue, name_by_footer)
    counts[case.device, "page", _named(case, reading)] += 1
    if _named(case, reading) != "right":
        return
    seen = {slot.id: slot.ink for slot in reading.slots}
    for one in case.truth.slots:
        state = {True: "signed", False: "empty", None: "stamped"}[one.is_signed]
        if one.is_signed and case.device == "fax" and _PALE & set(one.how):
            state = "pale"
        counts[case.device, state, seen[one.slot.id]] += 1
    for (plan, is_filled), found in zip(case.truth.fields, reading.fields, strict=True):
        kind = "check box" if plan.is_check_box else "text box"
        counts[case.device, f"{kind} {'filled' if is_filled else 'empty'}", str(found.is_filled)] += 1


def _named(case: Case, reading: PageReading) -> str:
    if reading.form is None or reading.edition is None:
        return "not named"
    told = (reading.form, reading.edition, reading.form_page)
    return "right" if told == (case.entry.form, case.entry.edition, case.form_page) else "wrong"


def _text(counts: Counts) -> str:
    forms = "forms of the corpus and a made-up one" if CORPUS.is_dir() else "a made-up form alone (no corpus here)"
    rows = []
    for device in PAGES:
        empty, signed = _states(counts, device, "empty"), _states(counts, device, "signed")
        unsure = empty["unsure"] + signed["unsure"]
        pages = _states(counts, device, "page")
        rows.append(
            (
                device,
                _share(empty["present"], empty.total()),
                _share(signed["absent"], signed.total()),
                _share(unsure, empty.total() + signed.total()),
                _share(pages["right"], pages.total()),
                pages["wrong"],
                _some(_states(counts, device, "pale")),
            )
        )
    header = (
        "device",
        "empty called present",
        "signed called absent",
        "unsure",
        "page named",
        "wrong",
        "pale pen",
    )
    fields = [
        (device, state, _some(_states(counts, device, state)))
        for device in PAGES
        for state in ("check box empty", "check box filled", "text box empty", "text box filled")
    ]
    return f"Places on {forms}.\n\n{table(header, rows)}\n\n{table(('device', 'field', 'called'), fields)}"


def _states(counts: Counts, device: str, state: str) -> Counter[str]:
    return Counter({key[2]: number for key, number in counts.items() if key[:2] == (device, state)})


def _share(some: int, all_of_them: int) -> str:
    return f"{100 * some / max(1, all_of_them):.2f} % ({some} of {all_of_them})"


def _some(states: Counter[str]) -> str:
    return ", ".join(f"{number} {state}" for state, number in sorted(states.items())) or "none"


if __name__ == "__main__":
    main(sys.argv[1:])
