"""What is done from the list to many cases at once."""

from __future__ import annotations

from functools import partial
from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import Response
from pydantic import BaseModel, Field

from backoffice.case.bulk import BulkResult, Unchanged, all_found, assign_many, chosen_by_id
from backoffice.case.errors import AssigneeUnknown
from backoffice.case.forms import read_search
from backoffice.case.permissions import readable_cases, shows
from backoffice.case.queries import filtered
from backoffice.clock import ClockDep
from backoffice.database import DbSession
from backoffice.staff.models import Staff
from backoffice.staff.sign_in import SignedInCaseStaff
from backoffice.templating import render

router = APIRouter(include_in_schema=False)


class BulkAssignForm(BaseModel):
    """Who shall be responsible (empty: nobody), and for what: the chosen cases, or all that a list finds."""

    assignee: str = Field(default="", max_length=36)
    case: list[str] = []
    everything: bool = False
    query: str = Field(default="", max_length=2000)


@router.post("/cases/assign-many")
def submit_assignees(
    request: Request,
    form: Annotated[BulkAssignForm, Form()],
    session: DbSession,
    staff: SignedInCaseStaff,
    clock: ClockDep,
) -> Response:
    """Make somebody responsible for many cases; the page says what was not changed, and why."""
    now, search, unreadable = clock(), read_search(form.query), 0
    if form.everything:
        statement = filtered(
            session, readable_cases(staff), search.filters(staff.id, now), partial(shows, staff)
        )
        cases = all_found(session, statement)
    else:
        cases, unreadable = chosen_by_id(session, staff, form.case)
    chosen = session.get(Staff, form.assignee) if form.assignee else None
    if form.assignee and chosen is None:
        raise AssigneeUnknown
    result = assign_many(session, cases, chosen, by=staff, now=now)
    unknown = [Unchanged(None, "unknown")] * unreadable
    return render(
        request,
        "case/bulk.html",
        staff=staff,
        search=search,
        assignee=chosen,
        result=BulkResult(result.changed, [*result.unchanged, *unknown]),
    )
