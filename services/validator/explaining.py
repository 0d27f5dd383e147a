"""Why a place to sign or date was not flagged, in one plain sentence; `wetink check --explain`.

Place in the pipeline: beside the rules, on the same view. Trust level: our own words and the requirements'.
Residual risk: it tells the verdict's ground again from the requirement; one that `verdicts` learns and that is not
named here is told as "nothing shows that it is needed".
"""

from services.validator.case_view import SlotView
from services.validator.verdicts import holds
from services.validator.wording import who
from wetink.contracts.case_record import CaseDetails, Channel
from wetink.contracts.reading import Mark

_MARKS: dict[Mark, str] = {
    "handwritten": "handwriting",
    "typed": "typed text",
    "stamped": "a stamp",
    "pasted": "a pasted picture",
    "digital": "a digital signature",
}
_CHANNELS: dict[Channel, str] = {"paper": "on paper", "online": "online", "pr_portal": "in the PR Portal"}
_FACTS = {"spouse_abroad": "the case says that this person lives abroad"}


def why_not_flagged(slot: SlotView, details: CaseDetails) -> str:
    """The ground on which nothing is said of this place."""
    required = slot.requirement
    match slot.verdict:
        case "signed":
            mark = _MARKS.get(slot.reading.mark or "unsure", "a mark")
            return f"There is {mark} of {who(slot.reading.party)}, as required: {required.reason}."
        case "must_be_empty":
            return f"It is empty, as it must be when filed: {required.reason}."
        case "not_required":
            return f"Nothing is needed here: {_no_need(slot, details)}."
        case "empty" | "unsure" | "invalid":
            return "Another finding about this form says what there is to say of it."


def _no_need(slot: SlotView, details: CaseDetails) -> str:
    required = slot.requirement
    if required.by_channel.get(details.channel) == "not_required":
        return f"the form is filed {_CHANNELS[details.channel]}, where it is signed elsewhere"
    if required.unless and holds(required.unless, details):
        return _FACTS[required.unless]
    if required.need == "conditional" and required.used_when:
        return f"no field shows that the part of {who(slot.reading.party)} was used"
    return "nothing shows that it is needed"
