"""How long a search in a case of 1,000 pages takes: `make bench-search`.

The pages' texts lie encrypted in a folder, as on a running system; each question goes through the whole route.
"""

import random
import tempfile
import time
from pathlib import Path

import httpx

from benchmarks.results import table, write_section
from services.notifier.app import notifier_app
from services.notifier.ports import Ports
from services.notifier.tables import cases, documents, metadata
from tests.support.calling import caller
from wetink.blobs.folder import FolderBlobs
from wetink.blobs.names import text
from wetink.blobs.port import BlobRef
from wetink.clock import SystemClock
from wetink.contracts.reading import PageText, Word
from wetink.database.fake import memory_database
from wetink.keystore.fake import FakeKeyStore

PAGES, WORDS_ON_A_PAGE = 1_000, 450
GOAL_MS = 500
_ROUNDS = 5
_SYLLABLES = ("na", "ri", "to", "mé", "la", "con", "del", "sig", "fé", "ura", "per", "ñi", "os", "est", "um")
QUESTIONS = {
    "a name on one page": "zephyrine quimby",
    "a word on no page": "xylophone",
    "a word on every page": "needle",
    "words on every page that never stand together": "needle haystack",
}


def main() -> None:
    """Fill a case, ask, write the table."""
    with tempfile.TemporaryDirectory() as folder:
        client = _filled(Path(folder))
        rows = [(title, *_asked(client, question)) for title, question in QUESTIONS.items()]
    header = ("question", "places", "pages searched", f"ms (goal {GOAL_MS})", "CPU ms")
    write_section(f"Search in a case of {PAGES} pages", "make bench-search", table(header, rows))


def _asked(client: httpx.Client, question: str) -> tuple[int, int, str, str]:
    """Places, pages searched, and the best of some rounds."""
    times = []
    for _ in range(_ROUNDS):
        wall_s, cpu_s = time.perf_counter(), time.process_time()
        answer = client.get("/v1/cases/case_1/search", params={"q": question}).raise_for_status().json()
        times.append((time.perf_counter() - wall_s, time.process_time() - cpu_s))
    wall_s, cpu_s = min(times)
    return len(answer["items"]), answer["pages"]["searched"], f"{wall_s * 1e3:.0f}", f"{cpu_s * 1e3:.0f}"


def _filled(folder: Path) -> httpx.Client:
    """A queue with one case whose pages' texts are in `folder`, and who may ask."""
    keystore, clock = FakeKeyStore(), SystemClock()
    organisation = keystore.create_organisation("A firm", "UTC").id
    keystore.create_case_key(organisation, "case_1")
    blobs, database = FolderBlobs(folder, keystore), memory_database(metadata)
    dice = random.Random(1)
    for number in range(1, PAGES + 1):
        content = _page(number, dice).model_dump_json().encode()
        blobs.put(BlobRef(organisation, "case_1", text("doc_1", number)), content)
    of_case = {"case_id": "case_1", "organisation_id": organisation}
    of_document = {"document_id": "doc_1", "document_number": 1, "status": "reviewed", "pages_total": PAGES}
    with database.transaction() as transaction:
        transaction.execute(cases.insert().values(**of_case))
        transaction.execute(documents.insert().values(**of_case, **of_document))
    app = notifier_app(Ports(database, blobs, keystore, clock, "https://queue.example"))
    secret = keystore.create_access_key(organisation, "manager")[0]
    return caller(app, headers={"Authorization": f"Bearer {secret}"})


def _page(number: int, dice: random.Random) -> PageText:
    said = ["".join(dice.choices(_SYLLABLES, k=dice.randint(1, 4))) for _ in range(WORDS_ON_A_PAGE)]
    said[100], said[200] = "needle", "haystack"
    if number == PAGES // 2:
        said[300:302] = ["Zéphyrine", "Quimby,"]
    words = [
        Word(text=word, box_px=(100 + place % 10 * 70, 80 + place // 10 * 20, 60, 14), confidence=91.5)
        for place, word in enumerate(said)
    ]
    return PageText(number=number, outcome="read", width_px=935, height_px=1210, words=words)


if __name__ == "__main__":
    main()
