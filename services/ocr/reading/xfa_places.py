"""What is in the places of a dynamic XFA form: values of its data and digital signatures; it cannot carry ink.

Place in the pipeline: called by `page` for a dynamic form whose template was learned. Trust level: a client's
values. Residual risk: a client's digital signature may stand in a field that belongs to none of the places; where
several people sign it then cannot be told whose it is, which is said.
"""

from collections.abc import Mapping

from services.ocr.catalogue.model import Entry, FieldPlan, Node, SlotPlan
from services.ocr.reading.blob import Header
from services.ocr.reading.dates import read_typed_date
from services.ocr.reading.ink import InkVerdict
from services.ocr.reading.result import Findings, slot_reading
from wetink.contracts.reading import FieldReading, Mark, SlotReading

_ABSENT, _PRESENT = InkVerdict("absent", 1.0), InkVerdict("present", 1.0)
_NOT_READ = InkVerdict("unsure", 0.0, "form_data_unreadable")
_WHOSE = InkVerdict("unsure", 0.5, "digital_signature_not_placed")


def read_places(header: Header, entry: Entry) -> Findings:
    """All slots and fields of a dynamic form; slots are unsure where its data could not be read."""
    slots = [(slot, slot.node) for slot in entry.plan.slots if slot.node]
    fields = [(field, field.node) for field in entry.plan.fields if field.node]
    if header.values is None:
        return Findings(
            slots=[slot_reading(slot, _NOT_READ) for slot, _ in slots],
            fields=[_field_reading(field, is_filled=None) for field, _ in fields],
        )
    signer = _Signatures(header.signed, [slot for slot, _ in slots])
    return Findings(
        slots=[_read_slot(slot, _value(node, header.values), signer, entry) for slot, node in slots],
        fields=[_read_field(field, node, header.values) for field, node in fields],
    )


class _Signatures:
    """Which slots the client's digital signatures sign."""

    def __init__(self, signed: list[str], slots: list[SlotPlan]) -> None:
        lines = [slot for slot in slots if slot.kind == "signature"]
        self._signed = {slot.id for slot in lines if slot.node and slot.node.template in signed}
        self._is_one_unplaced = len(self._signed) < len(signed)
        if self._is_one_unplaced and len(lines) == 1:
            self._signed = {lines[0].id}

    def verdict(self, slot: SlotPlan) -> tuple[InkVerdict, Mark | None]:
        """Whether the slot is signed digitally; unsure when a signature may be any slot's."""
        if slot.id in self._signed:
            return _PRESENT, "digital"
        return (_WHOSE, "digital") if self._is_one_unplaced else (_ABSENT, None)


def _read_slot(slot: SlotPlan, value: str, signer: _Signatures, entry: Entry) -> SlotReading:
    if slot.kind == "date":
        day = read_typed_date(value, entry.plan.date_grammar)
        return slot_reading(slot, _PRESENT if value else _ABSENT, "typed", day)
    verdict, mark = signer.verdict(slot)
    if value and verdict is not _PRESENT:
        return slot_reading(slot, _PRESENT, "typed")
    return slot_reading(slot, verdict, mark)


def _read_field(field: FieldPlan, node: Node, values: Mapping[str, str]) -> FieldReading:
    value = _value(node, values)
    if field.is_check_box:
        return _field_reading(field, is_filled=value == node.ticked)
    return _field_reading(field, is_filled=bool(value), value=value or None)


def _field_reading(field: FieldPlan, *, is_filled: bool | None, value: str | None = None) -> FieldReading:
    return FieldReading(purpose=field.purpose, part=field.part, item=field.item, is_filled=is_filled, value=value)


def _value(node: Node, values: Mapping[str, str]) -> str:
    """The value of a node; parts of a date are joined."""
    return "-".join(filter(None, (values.get(path) for path in node.data)))
