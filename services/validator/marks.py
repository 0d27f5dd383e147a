"""Is a signature of this case the same picture as an earlier one in another case of the organisation?

Place in the pipeline: between the rows and the view that rules look at. Looked for once for each new mark: rows
with a shape alike are found in the database, then the few nearest readings are opened and compared.
Trust level: fingerprints come from the sandbox; nothing beyond the organisation is looked at, no picture leaves
the blobs; protected cases neither ask nor are looked at.
Residual risk: of two cases that are judged in the same moment neither sees the other's marks; a picture in the
same place of the same form, with no other date and nobody else's name, may be one sheet that came twice: not told.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from sqlalchemy import and_

from services.validator.case_view import CaseView, FormCopy, MarkElsewhere, SlotView
from services.validator.persons import likeness, person_of
from services.validator.ports import Ports
from services.validator.same_picture import comparable, is_same_picture
from services.validator.state import CaseRow, MarkRow, PageRow, read_all, read_marks
from services.validator.tables import SHAPE, marks
from wetink.blobs.port import BlobRef
from wetink.contracts.reading import PageReading
from wetink.errors import CaseDeletedError
from wetink.fingerprints import SHAPE_REACH, shape_of

_NEAREST = 10
"""How many marks of other cases are opened for a new one: a copy is as good as always the nearest of all."""
_Place = tuple[FormCopy, SlotView]


def compared(
    case: CaseRow, view: CaseView, pages: Iterable[PageRow], ports: Ports
) -> tuple[CaseView, tuple[MarkRow, ...] | None]:
    """The view with what its marks are copies of, and the marks' rows where they changed."""
    with ports.database.reading() as connection:
        before = {row.mark_id: row for row in read_marks(connection, marks.c.case_id == case.case_id)}
    blobs = {(page.document_number, page.page_number): page.reading_blob for page in pages}
    comparables = [] if view.details.protected else comparable(view)
    places = {f"{case.case_id}/{slot.place}": (copy, slot) for copy, slot in comparables}
    rows = {
        mark_id: row
        for mark_id, place in places.items()
        if (row := before.get(mark_id) or _new_row(mark_id, case, place, blobs, ports))
    }
    originals = _originals(rows.values(), ports)
    copied = replace(view, copied_from={places[mark_id][1].place: there for mark_id, there in originals.items()})
    return copied, tuple(rows.values()) if rows.keys() != before.keys() else None


def _new_row(
    mark_id: str, case: CaseRow, place: _Place, blobs: Mapping[tuple[int, int], str | None], ports: Ports
) -> MarkRow | None:
    slot = place[1]
    blob = blobs.get(slot.page.place)
    try:
        shape = shape_of(slot.reading.fingerprint or "")
    except ValueError:
        return None
    if blob is None:
        return None
    row = MarkRow(
        mark_id=mark_id,
        case_id=case.case_id,
        organisation_id=case.organisation_id,
        document_number=slot.page.document.number,
        reading_blob=blob,
        form=slot.page.form,
        slot_id=slot.reading.id,
        shape=shape,
    )
    original = next((other for other in _nearest(row, ports) if _is_copy(place, other, ports)), None)
    return replace(row, same_as=original.mark_id) if original else row


def _nearest(row: MarkRow, ports: Ports) -> list[MarkRow]:
    """The marks of other cases whose shape is most alike, the nearest first."""
    alike = (
        marks.c[name].between(number - reach, number + reach)
        for name, number, reach in zip(SHAPE, row.shape, SHAPE_REACH, strict=True)
    )
    is_elsewhere = and_(marks.c.organisation_id == row.organisation_id, marks.c.case_id != row.case_id)
    with ports.database.reading() as connection:
        found = read_marks(connection, is_elsewhere, *alike)

    def distance(other: MarkRow) -> int:
        return sum(abs(one - two) for one, two in zip(row.shape, other.shape, strict=True))

    return sorted(found, key=distance)[:_NEAREST]


def _is_copy(place: _Place, other: MarkRow, ports: Ports) -> bool:
    copy, slot = place
    try:
        page = _reading(other, other.reading_blob, ports)
        there = next((one for one in page.slots if one.id == other.slot_id), None) if page else None
        if not page or not there or not is_same_picture(there.fingerprint or "", slot.reading.fingerprint or ""):
            return False
        is_same_place = (other.form, other.slot_id) == (slot.page.form, slot.reading.id)
        return not is_same_place or not (
            _have_same_dates(page, slot.page.reading) and _may_be_of_one(copy, other, ports)
        )
    except CaseDeletedError:
        return False


def _have_same_dates(one: PageReading, other: PageReading) -> bool:
    """Whether no date that could be read on both pages differs."""
    days = {slot.id: slot.value for slot in one.slots if slot.value}
    return all(days.get(slot.id, slot.value) == slot.value for slot in other.slots if slot.value)


def _may_be_of_one(copy: FormCopy, other: MarkRow, ports: Ports) -> bool:
    """Whether both forms may be one person's: then it may be one sheet that came twice, and that is no copy."""
    with ports.database.reading() as connection:
        rows = read_all(connection, other.case_id)[1]
    blobs = [row.reading_blob for row in rows if row.document_number == other.document_number]
    pages = [page for blob in blobs if blob and (page := _reading(other, blob, ports)) and page.form == other.form]
    theirs = person_of(field for page in pages for field in page.fields)
    ours = person_of(field for page in copy.pages.values() for field in page.reading.fields)
    return likeness(ours, theirs) in ("same", "unknown")


def _reading(mark: MarkRow, blob: str, ports: Ports) -> PageReading | None:
    return ports.readings.page(BlobRef(mark.organisation_id, mark.case_id, blob), mark.document_number)


def _originals(rows: Iterable[MarkRow], ports: Ports) -> dict[str, MarkElsewhere]:
    """What the marks are copies of, as long as it is there."""
    copies = {row.mark_id: row.same_as for row in rows if row.same_as}
    if not copies:
        return {}
    with ports.database.reading() as connection:
        there = {row.mark_id: row for row in read_marks(connection, marks.c.mark_id.in_(copies.values()))}
    return {
        mark_id: MarkElsewhere(original.mark_id, original.case_id, original.form, original.slot_id)
        for mark_id, same_as in copies.items()
        if (original := there.get(same_as))
    }
