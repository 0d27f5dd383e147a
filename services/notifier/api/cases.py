"""Cases over HTTP, as the queue knows them: the checklist.

Place in the pipeline: `/v1/cases`. Trust level: the caller is of the firm and may see the case.
Residual risk: none of its own.
"""

from fastapi import APIRouter

from services.notifier.api.access import ViewerHere
from services.notifier.checklists import Checklist, find_checklist
from services.notifier.ports import Ports
from wetink.http.problems import responses


def case_routes(ports: Ports) -> APIRouter:
    """The routes under `/v1/cases`."""
    router = APIRouter(prefix="/v1/cases", tags=["cases"])

    @router.get("/{case_id}/checklist", responses=responses(404))
    def get_checklist(case_id: str, caller: ViewerHere) -> Checklist:
        """What belongs to the filing: there, missing, not required, unsure or filed separately, and why."""
        return find_checklist(ports, caller, case_id)

    return router
