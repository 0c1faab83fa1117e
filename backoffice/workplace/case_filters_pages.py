"""The lists of cases that somebody has kept."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import Response

from backoffice.case.forms import read_search
from backoffice.clock import ClockDep
from backoffice.database import DbSession, ReadSession
from backoffice.staff.sign_in import SignedInCaseStaff
from backoffice.templating import redirect, render
from backoffice.workplace.models import FilterKind
from backoffice.workplace.permissions import get_own_filter
from backoffice.workplace.queries import saved_filters
from backoffice.workplace.service import keep_case_filter

router = APIRouter(include_in_schema=False)


@router.get("/saved-case-filters/list")
def case_filters_fragment(request: Request, session: ReadSession, staff: SignedInCaseStaff) -> Response:
    """Show them above the list of cases."""
    kept = saved_filters(session, staff.id, FilterKind.CASE)
    return render(request, "workplace/_saved_case_filters.html", staff=staff, filters=kept)


@router.post("/saved-case-filters")
def submit_case_filter(
    session: DbSession,
    staff: SignedInCaseStaff,
    clock: ClockDep,
    name: Annotated[str, Form(max_length=200)],
    query: Annotated[str, Form(max_length=2000)],
) -> Response:
    """Keep the list that is open under a name."""
    kept = keep_case_filter(session, staff=staff, name=name, query=query, now=clock())
    return redirect(read_search(kept.query).address(), notice="filter_kept")


@router.post("/saved-case-filters/{filter_id}/delete")
def submit_case_filter_deletion(filter_id: str, session: DbSession, staff: SignedInCaseStaff) -> Response:
    """Forget a kept list."""
    session.delete(get_own_filter(session, staff, filter_id))
    return redirect("/cases", notice="filter_deleted")
