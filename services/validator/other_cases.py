"""The people of the organisation's other cases: where does a stranger's document belong?

Place in the pipeline: asked by a judgement that found a misfiled document, and then only; slow, no transaction.
Trust level: our own rows and blobs. Of other cases nothing but ids comes out; protected cases neither ask nor are
looked at.
Residual risk: with thousands of cases the first such question opens thousands of records.
"""

from collections.abc import Iterator
from dataclasses import replace

from services.validator.belonging import cases_of
from services.validator.case_view import CaseView
from services.validator.ports import Ports
from services.validator.state import CaseRow, other_cases
from wetink.blobs.port import BlobRef
from wetink.contracts.case_record import CaseDetails
from wetink.errors import CaseDeletedError


def with_owners(view: CaseView, case: CaseRow, ports: Ports) -> CaseView:
    """The view with, for each misfiled document, the cases that have its person; raises `RetryError`."""
    if not view.misfiled or view.details.protected:
        return view
    others = list(_others(case, ports))
    located = (replace(one, belongs_to=cases_of(one, others)) for one in view.misfiled)
    return replace(view, misfiled=tuple(located))


def _others(case: CaseRow, ports: Ports) -> Iterator[tuple[str, CaseDetails]]:
    with ports.database.reading() as connection:
        rows = other_cases(connection, case)
    for row in rows:
        try:
            record = ports.readings.record(BlobRef(row.organisation_id, row.case_id, row.record_blob or ""))
        except CaseDeletedError:
            continue
        if record:
            yield row.case_id, record.details
