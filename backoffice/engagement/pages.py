"""The pages of contracts: the list, one with what is next, and what is posted from it."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response
from sqlalchemy.orm import Session

from backoffice.attempt import Refused
from backoffice.care_match.errors import table_name
from backoffice.care_match.models import CareSide
from backoffice.care_match.permissions import get_match
from backoffice.case.errors import CursorInvalid
from backoffice.case.queries import names_of_staff
from backoffice.case_card.pdf import card_pdf
from backoffice.client.schemas import CareLevel, DomesticTask, NightKind, PayPeriod, Phase
from backoffice.clock import ClockDep
from backoffice.database import DbSession, ReadSession
from backoffice.document.queries import documents_of
from backoffice.engagement import forms
from backoffice.engagement.acts import act_on, record_read
from backoffice.engagement.drafting import draft_from_match
from backoffice.engagement.ending import severance_estimate
from backoffice.engagement.letter import make_letter
from backoffice.engagement.models import Engagement, EngagementEnd, EngagementState
from backoffice.engagement.moves import UNKNOWN_CONFIRMED
from backoffice.engagement.payslips import difference
from backoffice.engagement.permissions import get_engagement, may_confirm_unknown, readable_engagements
from backoffice.engagement.permit import permit_problem
from backoffice.engagement.posted import POSTED, Posted
from backoffice.engagement.queries import (
    EngagementFilters,
    cases_of,
    filtered,
    late_steps_of,
    page_of_engagements,
)
from backoffice.engagement.rates import trial_days
from backoffice.engagement.states import AT_WORK, BINDING, WRITTEN
from backoffice.engagement.view import view_engagement
from backoffice.errors import NotFound
from backoffice.italy import day_in_italy
from backoffice.paging import InvalidCursor
from backoffice.posted import Fields, first_of_each
from backoffice.question.forms import PostedFields
from backoffice.staff.models import Staff
from backoffice.staff.sign_in import SignedIn, SignedInCaseStaff
from backoffice.templating import redirect, render

router = APIRouter(include_in_schema=False)

PAGE = 30


@router.get("/care/engagements")
def list_page(
    request: Request,
    session: ReadSession,
    staff: SignedInCaseStaff,
    search: Annotated[forms.EngagementSearch, Query()],
    clock: ClockDep,
) -> Response:
    """Show the contracts that the reader may see, those that changed last first, with filters."""
    today = day_in_italy(clock())
    filters = EngagementFilters(
        state=search.chosen, case_id=search.case or None, late_on=today if search.late == "yes" else None
    )
    statement = filtered(readable_engagements(staff), filters)
    try:
        page = page_of_engagements(session, statement, limit=PAGE, cursor=search.cursor or None)
    except InvalidCursor as wrong:
        raise CursorInvalid from wrong
    return render(
        request,
        "engagement/list.html",
        staff=staff,
        search=search,
        page=page,
        cases=cases_of(session, page.engagements),
        late=late_steps_of(session, page.engagements, today=today),
        states=list(EngagementState),
    )


@router.post("/care/matches/{care_match_id}/engagement")
def submit_draft(care_match_id: str, session: DbSession, staff: SignedIn, clock: ClockDep) -> Response:
    """Draft the contract of a match, or lead to the one that it has."""
    match, now = get_match(session, staff, care_match_id), clock()
    engagement = draft_from_match(session, match, by=staff.id, now=now)
    record_read(session, engagement, by=staff.id, now=now)
    return redirect(f"/care/engagements/{engagement.id}")


@router.get("/care/engagements/{engagement_id}")
def engagement_page(
    request: Request, engagement_id: str, session: DbSession, staff: SignedIn, clock: ClockDep
) -> Response:
    """Show a contract: what is next first; who reads it is noted in the audit trail."""
    engagement, now = get_engagement(session, staff, engagement_id), clock()
    record_read(session, engagement, by=staff.id, now=now)
    return _show(request, session, staff, engagement, clock)


@router.get("/care/engagements/{engagement_id}/letter")
def letter_file(engagement_id: str, session: DbSession, staff: SignedIn, clock: ClockDep) -> Response:
    """Send the draft of the letter in Italian and in the worker's language."""
    engagement, now = get_engagement(session, staff, engagement_id), clock()
    letter = make_letter(session, engagement, today=day_in_italy(now))
    record_read(session, engagement, by=staff.id, now=now)
    name = f"sportello-{letter.number}-letter.pdf"
    return Response(
        card_pdf(letter),
        media_type="application/pdf",
        headers={"Content-Disposition": f'inline; filename="{name}"'},
    )


@router.post("/care/engagements/{engagement_id}/{engagement_act}")
def submit_act(
    request: Request,
    engagement_id: str,
    engagement_act: str,
    session: DbSession,
    staff: SignedIn,
    clock: ClockDep,
    fields: PostedFields,
) -> Response:
    """Do one act on a contract; what is refused changes nothing and shows what was typed."""
    engagement, now = get_engagement(session, staff, engagement_id, lock=True), clock()
    act = POSTED.get(engagement_act)
    if act is None:
        raise NotFound
    posted = Posted(session, staff, engagement, fields, now)
    refused = act_on(session, engagement, lambda: act(posted), what=engagement_act, by=staff.id, now=now)
    place = engagement_act
    if refused is None:
        return redirect(f"/care/engagements/{engagement.id}#{place}", notice="engagement_saved")
    typed = {name: values for name, values in fields.items() if values}
    return _show(request, session, staff, engagement, clock, refused=refused, place=place, typed=typed)


def _show(
    request: Request,
    session: Session,
    staff: Staff,
    engagement: Engagement,
    clock: ClockDep,
    *,
    refused: Refused | None = None,
    place: str | None = None,
    typed: Fields | None = None,
) -> Response:
    today = day_in_italy(clock())
    view = view_engagement(session, engagement, today=today)
    cases = cases_of(session, [engagement])
    family, worker = cases[engagement.request_id], cases[engagement.worker_id]
    people = {event.actor for event in view.events} | {step.row.done_by for step in view.steps}
    return render(
        request,
        "engagement/engagement.html",
        staff=staff,
        status=refused.status if refused else 200,
        made=engagement,
        view=view,
        family=family,
        worker=worker,
        documents=[*documents_of(session, worker.id), *documents_of(session, family.id)],
        names=names_of_staff(session, {person for person in people if person}),
        permit=permit_problem(session, worker, engagement.starts_on or today),
        trial=trial_days(
            engagement.level, live_in=bool(engagement.live_in), on=engagement.starts_on or today
        ),
        severance=severance_estimate(session, engagement, today=today),
        difference=difference,
        table_name=table_name,
        today=today,
        is_open=Phase.CLOSED not in (family.phase, worker.phase),
        is_written=engagement.state in WRITTEN,
        is_binding=engagement.state in BINDING,
        is_at_work=engagement.state in AT_WORK,
        may_confirm=may_confirm_unknown(staff),
        confirmed=UNKNOWN_CONFIRMED,
        levels=list(CareLevel),
        tasks=list(DomesticTask),
        nights=list(NightKind),
        periods=list(PayPeriod),
        ends=list(EngagementEnd),
        sides=list(CareSide),
        refused=refused,
        refused_place=place,
        typed=first_of_each(typed or {}),
        typed_tasks=(typed or {}).get("tasks", []),
    )
