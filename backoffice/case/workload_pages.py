"""The page on which a coordinator sees who has how much to do, and gives cases out."""

from __future__ import annotations

from functools import partial
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import Response

from backoffice.case.models import Case
from backoffice.case.permissions import get_changeable_case, is_own_readable, readable_cases, shows
from backoffice.case.queries import NOBODY, CaseFilters, assignable_staff, filtered, page_of
from backoffice.case.service import assign_case
from backoffice.case.workload import loads, overdue_rows
from backoffice.clock import ClockDep
from backoffice.database import DbSession, ReadSession
from backoffice.staff.models import Staff
from backoffice.staff.roles import Role
from backoffice.staff.sign_in import require_role
from backoffice.templating import redirect, render

router = APIRouter(include_in_schema=False)

SHOWN = 30

SignedInCoordinator = Annotated[Staff, Depends(require_role(Role.COORDINATOR))]


@router.get("/cases/workload")
def workload_page(
    request: Request, session: ReadSession, staff: SignedInCoordinator, clock: ClockDep
) -> Response:
    """Show the work of every colleague and what nobody has taken."""
    today, mine = clock().date(), Case.organisation_id == staff.organisation_id
    free = readable_cases(staff).where(mine, Case.closed_at.is_(None))
    statement = filtered(session, free, CaseFilters(assignee=NOBODY), partial(shows, staff))
    return render(
        request,
        "case/workload.html",
        staff=staff,
        loads=loads(session, staff.organisation_id, today=today),
        free=page_of(session, statement, limit=SHOWN, cursor=None).cases,
        overdue=overdue_rows(session, is_own_readable(staff), today=today, limit=SHOWN),
        colleagues=assignable_staff(session, staff.organisation_id),
    )


@router.post("/cases/{case_id}/workload")
def submit_assignment(
    case_id: str,
    session: DbSession,
    staff: SignedInCoordinator,
    clock: ClockDep,
    assignee: Annotated[str, Form(max_length=36)] = "",
) -> Response:
    """Give a case to a colleague."""
    case = get_changeable_case(session, staff, case_id)
    assign_case(session, case, session.get(Staff, assignee), by=staff.id, now=clock())
    return redirect("/cases/workload", notice="case_assigned")
