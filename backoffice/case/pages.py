"""The pages of cases: the list, one case, and what is posted from them."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import Response
from sqlalchemy.orm import Session

from backoffice.case.forms import CaseSearch, DetailsForm, MoveForm, NoteForm, Search
from backoffice.case.labels import answer_filters, history_rows, intake_rows
from backoffice.case.models import CaseStatus, NoteContact, NoteKind
from backoffice.case.municipalities import municipality_names
from backoffice.case.needs import Need
from backoffice.case.parts import (
    is_own,
    may_contribute,
    parts_of_cases,
    read_in_need_until,
    visible_events,
    visible_notes,
    visible_parts,
)
from backoffice.case.permissions import (
    can_assign,
    can_change,
    get_changeable_case,
    get_contributable_case,
    get_readable_case,
    is_own_readable,
    readable_cases,
    shows,
)
from backoffice.case.phases import ORDER, ClosingReason, moves_from
from backoffice.case.queries import (
    CasePage,
    Filtered,
    assignable_staff,
    cases_of_conversation,
    consents_of,
    count_list,
    events_of,
    filtered_list,
    names_of_staff,
    notes_of,
    organisations,
    page_of_list,
)
from backoffice.case.service import (
    add_note,
    assign_case,
    change_municipality,
    change_needs,
    move_case,
    record_reading,
)
from backoffice.case.work_view import view_plan, view_work
from backoffice.client.schemas import CaseType, Phase
from backoffice.clock import ClockDep
from backoffice.consent.queries import given_to_bodies
from backoffice.database import DbSession, ReadSession
from backoffice.paging import InvalidCursor
from backoffice.plan.models import ActionState, AgreementForm, ChargeGround, ReceptionOutcome
from backoffice.sharing.parts import CasePart
from backoffice.staff.models import Staff
from backoffice.staff.sign_in import SignedIn, SignedInCaseStaff
from backoffice.templating import interface_language, redirect, render
from translations.languages import LANGUAGES

router = APIRouter(include_in_schema=False)

PAGE = 30


@router.get("/cases")
def list_page(
    request: Request, session: ReadSession, staff: SignedInCaseStaff, search: Search, clock: ClockDep
) -> Response:
    """Show the cases that the reader may see, with filters in the address."""
    return _render_list(request, session, staff, search, "case/list.html", clock())


@router.get("/cases/list")
def list_fragment(
    request: Request, session: ReadSession, staff: SignedInCaseStaff, search: Search, clock: ClockDep
) -> Response:
    """Show the list alone, for a page that is open."""
    return _render_list(request, session, staff, search, "case/_list.html", clock())


@router.get("/cases/of-conversation/{conversation_id}")
def conversation_fragment(
    request: Request, conversation_id: str, session: ReadSession, staff: SignedIn
) -> Response:
    """Show the cases of a conversation's person, for the page of the conversation."""
    cases = cases_of_conversation(session, conversation_id, is_own_readable(staff))
    return render(request, "case/_of_conversation.html", staff=staff, cases=cases)


@router.get("/cases/{case_id}")
def case_page(
    request: Request, case_id: str, session: DbSession, staff: SignedIn, clock: ClockDep
) -> Response:
    """Show one case; who reads it is noted in the audit trail."""
    case, now = get_readable_case(session, staff, case_id), clock()
    record_reading(session, staff, case, now=now)
    parts = visible_parts(session, staff, case, now=now)
    events = visible_events(staff, case, events_of(session, case.id), parts)
    notes = notes_of(session, case.id, visible_notes(staff, case, parts))
    ids = {event.actor for event in events} | {note.author_id for note in notes}
    ids |= {value for event in events for value in (event.before, event.after) if value}
    names = names_of_staff(session, ids)
    ui = interface_language(request)
    own, today = is_own(staff, case), now.date()
    return render(
        request,
        "case/case.html",
        staff=staff,
        case=case,
        phases=ORDER,
        moves=moves_from(case.phase, case.phase_before_closing),
        parts=parts,
        own=own,
        can_change=can_change(staff, case),
        can_contribute=may_contribute(session, staff, case, now=now),
        in_need_until=read_in_need_until(session, staff, case, now=now),
        intake=intake_rows(case.intake, ui) if CasePart.INTAKE in parts else [],
        notes=notes,
        names=names,
        history=history_rows(case, events, names, ui),
        consents=consents_of(session, case.person_id) if own else [],
        standing={each.id for each in given_to_bodies(session, case.person_id, now=now)} if own else set(),
        bodies={each.id: each.name for each in organisations(session)} if own else {},
        assignable=assignable_staff(session, case.organisation_id) if own else [],
        closing_reasons=list(ClosingReason),
        note_kinds=list(NoteKind),
        note_contacts=list(NoteContact),
        plan=view_plan(session, case, today=today) if CasePart.PLAN in parts else None,
        work=view_work(session, staff, case) if own else None,
        outcomes=list(ReceptionOutcome),
        grounds=list(ChargeGround),
        action_states=list(ActionState),
        agreement_forms=list(AgreementForm),
        languages=list(LANGUAGES),
        today=today,
        all_needs=list(Need),
        municipalities=municipality_names(),
    )


@router.post("/cases/{case_id}/move")
def submit_move(
    case_id: str, form: Annotated[MoveForm, Form()], session: DbSession, staff: SignedIn, clock: ClockDep
) -> Response:
    """Move the case to another phase."""
    case = get_changeable_case(session, staff, case_id)
    move_case(
        session,
        case,
        form.to,
        by=staff.id,
        now=clock(),
        reason=form.reason,
        closing_reason=form.closing_reason,
    )
    return redirect(f"/cases/{case.id}", notice="case_moved")


@router.post("/cases/{case_id}/assign")
def submit_assignee(
    case_id: str,
    session: DbSession,
    staff: SignedIn,
    clock: ClockDep,
    assignee: Annotated[str, Form(max_length=36)] = "",
) -> Response:
    """Make somebody responsible, or nobody."""
    case = get_changeable_case(session, staff, case_id)
    chosen = session.get(Staff, assignee) if assignee else None
    assign_case(session, case, chosen, by=staff.id, now=clock())
    return redirect(f"/cases/{case.id}", notice="case_assigned")


@router.post("/cases/{case_id}/details")
def submit_details(
    case_id: str, form: Annotated[DetailsForm, Form()], session: DbSession, staff: SignedIn, clock: ClockDep
) -> Response:
    """Write down needs and town."""
    case, now = get_changeable_case(session, staff, case_id), clock()
    town, version = form.municipality or None, form.version
    change_needs(session, case, form.needs, by=staff.id, now=now, version=version)
    change_municipality(session, case, town, by=staff.id, now=now, version=version)
    return redirect(f"/cases/{case.id}", notice="case_saved")


@router.post("/cases/{case_id}/notes")
def submit_note(
    case_id: str, form: Annotated[NoteForm, Form()], session: DbSession, staff: SignedIn, clock: ClockDep
) -> Response:
    """Add a note."""
    case = get_contributable_case(session, staff, case_id)
    if not form.text.strip():
        return redirect(f"/cases/{case.id}#notes")
    add_note(
        session,
        case,
        author_id=staff.id,
        kind=form.kind,
        text=form.text,
        contact=form.contact,
        language=form.language,
        now=clock(),
    )
    return redirect(f"/cases/{case.id}#notes", notice="note_added")


def _render_list(
    request: Request, session: Session, staff: Staff, search: CaseSearch, template: str, now: datetime
) -> Response:
    filters = search.filters(staff.id, now)
    found = filtered_list(session, readable_cases(staff), filters, partial(shows, staff))
    page = _page(session, found, search)
    return render(
        request,
        template,
        staff=staff,
        search=search,
        page=page,
        parts=parts_of_cases(session, staff, page.cases, now=staff.asks_at),
        total=count_list(session, found, page, is_first=not search.cursor),
        types=list(CaseType),
        phases=list(Phase),
        statuses=list(CaseStatus),
        colleagues=assignable_staff(session, staff.organisation_id),
        languages=list(LANGUAGES),
        municipalities=municipality_names(),
        answers=answer_filters(session, staff.organisation_id, interface_language(request)),
        organisations=organisations(session),
        needs=list(Need),
        can_assign=can_assign(staff),
    )


def _page(session: Session, found: Filtered, search: CaseSearch) -> CasePage:
    try:
        return page_of_list(session, found, limit=PAGE, cursor=search.cursor or None, order=search.order)
    except InvalidCursor:
        return page_of_list(session, found, limit=PAGE, cursor=None, order=search.order)
