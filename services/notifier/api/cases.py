"""Cases over HTTP, as the queue knows them: the checklist.

Place in the pipeline: `/v1/cases`. Trust level: the caller is of the firm and may see the case.
Residual risk: none of its own.
"""

from fastapi import APIRouter
from sqlalchemy import select

from services.notifier.api.access import ViewerHere
from services.notifier.checklists import Checklist, checklist_of
from services.notifier.ports import Ports
from services.notifier.tables import cases
from services.notifier.visibility import may_see
from wetink.errors import CaseDeletedError
from wetink.http.problems import not_found, responses


def case_routes(ports: Ports) -> APIRouter:
    """The routes under `/v1/cases`."""
    router = APIRouter(prefix="/v1/cases", tags=["cases"])

    @router.get("/{case_id}/checklist", responses=responses(404))
    def get_checklist(case_id: str, caller: ViewerHere) -> Checklist:
        """What belongs to the filing: there, missing, not required, unsure or filed separately, and why."""
        chosen = select(cases).where(cases.c.case_id == case_id, may_see(cases, caller))
        with ports.database.reading() as connection:
            case = connection.execute(chosen.where(cases.c.deleted_at.is_(None))).first()
            if case is None:
                raise not_found("case")
            try:
                seal = ports.seal_of(case.organisation_id, case.case_id)
            except CaseDeletedError:
                raise not_found("case") from None
            return checklist_of(connection, case, seal)

    return router
