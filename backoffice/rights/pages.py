"""Pages of consents and erasures."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import Response

from backoffice.case.permissions import get_changeable_case
from backoffice.clock import ClockDep
from backoffice.database import DbSession, ReadSession
from backoffice.errors import BackofficeError
from backoffice.referral.forms import OfferForm
from backoffice.referral.pages import offer_form
from backoffice.rights.erasures import done_erasures, grant_erasure, open_requests, waiting_orders
from backoffice.rights.requests import Question, ask_consent
from backoffice.staff.models import Staff
from backoffice.staff.roles import Role
from backoffice.staff.sign_in import SignedInCaseStaff, require_role
from backoffice.templating import redirect, render

router = APIRouter(include_in_schema=False)

Coordinator = Annotated[Staff, Depends(require_role(Role.COORDINATOR))]


@router.post("/cases/{case_id}/consent-requests")
def submit_request(
    request: Request,
    case_id: str,
    form: Annotated[OfferForm, Form()],
    session: DbSession,
    staff: SignedInCaseStaff,
    clock: ClockDep,
) -> Response:
    """Ask the person of a case whether another body may see parts of it, or say what the form lacks."""
    case, now = get_changeable_case(session, staff, case_id), clock()
    wanted = form.offer(now)
    question = Question(
        organisation_id=wanted.organisation_id,
        parts=wanted.parts,
        purpose=wanted.purpose,
        until=wanted.until,
        restricted=wanted.restricted,
        aim=form.aim or None,
    )
    try:
        ask_consent(session, case, question, by=staff.id, now=now)
    except BackofficeError as refused:  # it is raised before anything is written
        return offer_form(request, session, staff, case, form, refused)
    return redirect(f"/cases/{case.id}", notice="consent_asked")


@router.get("/erasures")
def erasures_page(request: Request, session: ReadSession, staff: Coordinator) -> Response:
    """Show who asks to be erased, what is granted, and what was done."""
    return render(
        request,
        "rights/erasures.html",
        staff=staff,
        asked=open_requests(session, staff.organisation_id),
        waiting=waiting_orders(session, staff.organisation_id),
        done=done_erasures(session, staff.organisation_id),
    )


@router.post("/erasures/{case_id}")
def submit_erasure(case_id: str, session: DbSession, staff: Coordinator, clock: ClockDep) -> Response:
    """Grant the erasure that the person of a case asked for."""
    case = get_changeable_case(session, staff, case_id)
    grant_erasure(session, case, by=staff.id, now=clock())
    return redirect("/erasures", notice="erasure_granted")
