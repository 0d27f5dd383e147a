"""A sandbox that opens nothing: documents are texts such as `known known unknown`, a word for each page."""

from services.ocr.sandbox.results import Crashed, CutResult, PageResult, Pixels, TextResult, Unreadable
from wetink.contracts.reading import PageReading, PageText, SlotReading

_SLOT = SlotReading(
    id="part-1.item-1.signature",
    kind="signature",
    party="applicant",
    part="1",
    item="1",
    box_pt=(0, 0, 100, 20),
    ink="absent",
    confidence=1,
)


class FakeSandbox:
    """A page is `known` (a form), `unknown`, `half` (cut short), `damaged`, `slow` (out of time) or `crashing`."""

    def __init__(self) -> None:
        self.jobs = []
        self.crashes_left = 0

    def cut(self, untrusted_files, first_page, last_page, password=None):
        words = b" ".join(b"".join(file) for file in untrusted_files).decode().split()
        self.jobs.append(("cut", first_page))
        if self._crashes():
            return Crashed()
        if "locked" in words and password != "sesame":
            return CutResult("locked", "password_needed")
        if "bomb" in words:
            return Unreadable("out_of_memory")
        chosen = {n: word for n, word in enumerate(words, 1) if first_page <= n <= last_page}
        failed = {n: "page_damaged" for n, word in chosen.items() if word == "damaged"}
        pages = {n: word.encode() for n, word in chosen.items() if n not in failed}
        outcome, reason = ("partial", "page_damaged") if failed else ("read", None)
        return CutResult(outcome, reason, len(words), pages, failed)

    def read_page(self, untrusted_page_blob, number):
        self.jobs.append(("read", number))
        if self._crashes() or untrusted_page_blob == b"crashing":
            return Crashed()
        if untrusted_page_blob == b"slow":
            return Unreadable("out_of_time")
        if untrusted_page_blob == b"half":
            return PageResult(
                PageReading(number=number, outcome="partial", reason="picture_cut_short", source="scan", seconds=0)
            )
        if untrusted_page_blob == b"unknown":
            return PageResult(PageReading(number=number, source="scan", seconds=0))
        reading = PageReading(
            number=number, source="scan", seconds=0, form="I-1", edition="2025-01-20", form_page=1, slots=[_SLOT]
        )
        return PageResult(reading, {_SLOT.id: Pixels(2, 2, 1, b"\x00\x40\x80\xff")})

    def page_text(self, untrusted_page_blob, number):
        self.jobs.append(("text", number))
        if self._crashes():
            return Crashed()
        return TextResult(PageText(number=number, outcome="read"), b"RIFF....WEBP")

    def _crashes(self):
        self.crashes_left -= 1
        return self.crashes_left >= 0
