"""What the page of a case posts about the work on it, the plan in the person's language, the timeline."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import Response

from backoffice.audit import service as audit
from backoffice.case.labels import history_rows
from backoffice.case.models import Case, CaseEventKind
from backoffice.case.number import parse_number
from backoffice.case.parts import CasePart, visible_events, visible_parts
from backoffice.case.permissions import get_changeable_case, get_readable_case, readable_cases
from backoffice.case.plan_forms import (
    ActionForm,
    ActionStateForm,
    AgreementPageForm,
    ChargeForm,
    CheckDoneForm,
    CheckForm,
    ColleagueForm,
    GoalForm,
    LinkForm,
    UrgencyForm,
    WordsForm,
)
from backoffice.case.planning import (
    ActionWords,
    Agreement,
    add_action,
    add_goal,
    agree_plan,
    change_action,
    change_goal,
    do_check,
    plan_check,
)
from backoffice.case.progress import (
    accept_case,
    add_coworker,
    link_cases,
    remove_coworker,
    set_ground,
    set_interviewed,
    set_outcome,
    set_urgent,
    write_review,
)
from backoffice.case.queries import WITH_NAMES, events_of, names_of_staff
from backoffice.case.timeline import TimelineFilters, narrowed
from backoffice.case.work_view import view_plan
from backoffice.clock import ClockDep
from backoffice.database import DbSession
from backoffice.errors import NotFound
from backoffice.plan.models import ActionState
from backoffice.staff.models import Staff
from backoffice.staff.sign_in import SignedIn
from backoffice.templating import interface_language, redirect, render
from translations.catalog import text

router = APIRouter(include_in_schema=False)

_PLAN_WORDS = ("title", "goal", "measure", "who", "until", "agreed", "none", *ActionState)


@router.get("/cases/{case_id}/timeline")
def timeline_page(
    request: Request,
    case_id: str,
    session: DbSession,
    staff: SignedIn,
    clock: ClockDep,
    filters: Annotated[TimelineFilters, Query()],
) -> Response:
    """Show everything that happened to a case, by kind, author and time."""
    case, now = get_readable_case(session, staff, case_id), clock()
    parts = visible_parts(session, staff, case, now=now)
    if CasePart.HISTORY not in parts:
        raise NotFound
    _note_reading(session, staff, case, "case.history.read", clock)
    events = visible_events(staff, case, events_of(session, case.id), parts)
    ids = {event.actor for event in events}
    ids |= {value for event in events for value in (event.before, event.after) if value}
    names = names_of_staff(session, ids)
    return render(
        request,
        "case/timeline.html",
        staff=staff,
        case=case,
        filters=filters,
        rows=history_rows(case, narrowed(events, filters), names, interface_language(request)),
        kinds=[kind for kind in CaseEventKind if any(event.kind is kind for event in events)],
        authors={event.actor: names.get(event.actor) for event in events},
    )


@router.get("/cases/{case_id}/plan")
def plan_page(
    request: Request, case_id: str, session: DbSession, staff: SignedIn, clock: ClockDep
) -> Response:
    """Show the plan in the person's language, to be read and agreed together."""
    case, now = get_readable_case(session, staff, case_id), clock()
    if CasePart.PLAN not in visible_parts(session, staff, case, now=now):
        raise NotFound
    _note_reading(session, staff, case, "case.plan.read", clock)
    plan = view_plan(session, case, today=now.date())
    words = {key: text(f"plan.{key}", case.language) for key in _PLAN_WORDS}
    return render(request, "case/plan.html", staff=staff, case=case, plan=plan, words=words)


@router.post("/cases/{case_id}/charge")
def submit_charge(
    case_id: str, form: Annotated[ChargeForm, Form()], session: DbSession, staff: SignedIn, clock: ClockDep
) -> Response:
    """Write down outcome, ground and first interview, as far as they are filled in."""
    case, now = get_changeable_case(session, staff, case_id), clock()
    if form.outcome is not None:
        set_outcome(session, case, form.outcome, by=staff.id, now=now)
    if form.ground is not None:
        set_ground(session, case, form.ground, form.ground_words, by=staff.id, now=now)
    if form.interviewed_on is not None:
        set_interviewed(session, case, form.interviewed_on, by=staff.id, now=now)
    return redirect(f"/cases/{case.id}", notice="case_saved")


@router.post("/cases/{case_id}/accept")
def submit_acceptance(case_id: str, session: DbSession, staff: SignedIn, clock: ClockDep) -> Response:
    """Say yes to being responsible."""
    case = get_changeable_case(session, staff, case_id)
    accept_case(session, case, by=staff.id, now=clock())
    return redirect(f"/cases/{case.id}", notice="case_accepted")


@router.post("/cases/{case_id}/urgency")
def submit_urgency(
    case_id: str, form: Annotated[UrgencyForm, Form()], session: DbSession, staff: SignedIn, clock: ClockDep
) -> Response:
    """Say whether the case cannot wait."""
    case = get_changeable_case(session, staff, case_id)
    set_urgent(session, case, form.urgent, by=staff.id, now=clock(), version=form.version)
    return redirect(f"/cases/{case.id}", notice="case_saved")


@router.post("/cases/{case_id}/coworkers")
def submit_coworker(
    case_id: str, form: Annotated[ColleagueForm, Form()], session: DbSession, staff: SignedIn, clock: ClockDep
) -> Response:
    """Let a colleague work on the case too."""
    case = get_changeable_case(session, staff, case_id)
    add_coworker(session, case, session.get(Staff, form.staff_id), by=staff.id, now=clock())
    return redirect(f"/cases/{case.id}#assignee-section", notice="case_saved")


@router.post("/cases/{case_id}/coworkers/remove")
def submit_coworker_removal(
    case_id: str, form: Annotated[ColleagueForm, Form()], session: DbSession, staff: SignedIn, clock: ClockDep
) -> Response:
    """Let a colleague work on the case no more."""
    case = get_changeable_case(session, staff, case_id)
    remove_coworker(session, case, form.staff_id, by=staff.id, now=clock())
    return redirect(f"/cases/{case.id}#assignee-section", notice="case_saved")


@router.post("/cases/{case_id}/links")
def submit_link(
    case_id: str, form: Annotated[LinkForm, Form()], session: DbSession, staff: SignedIn, clock: ClockDep
) -> Response:
    """Say that another case belongs together with this one."""
    case = get_changeable_case(session, staff, case_id)
    number = parse_number(form.number)
    statement = readable_cases(staff).where(
        Case.number == number, Case.organisation_id == staff.organisation_id
    )
    other = session.scalars(statement.options(*WITH_NAMES)).one_or_none()
    if other is None:
        raise NotFound
    link_cases(session, case, other, by=staff.id, now=clock())
    return redirect(f"/cases/{case.id}", notice="case_saved")


@router.post("/cases/{case_id}/review")
def submit_review(
    case_id: str, form: Annotated[WordsForm, Form()], session: DbSession, staff: SignedIn, clock: ClockDep
) -> Response:
    """Write down how it went."""
    case = get_changeable_case(session, staff, case_id)
    write_review(session, case, form.words, by=staff.id, now=clock())
    return redirect(f"/cases/{case.id}#follow-up", notice="case_saved")


@router.post("/cases/{case_id}/plan/goals")
def submit_goal(
    case_id: str, form: Annotated[GoalForm, Form()], session: DbSession, staff: SignedIn, clock: ClockDep
) -> Response:
    """Write a goal down."""
    case = get_changeable_case(session, staff, case_id)
    add_goal(session, case, form.words, measure=form.measure, by=staff.id, now=clock())
    return redirect(f"/cases/{case.id}#plan", notice="case_saved")


@router.post("/cases/{case_id}/plan/goals/{goal_id}")
def submit_goal_change(
    case_id: str,
    goal_id: str,
    form: Annotated[GoalForm, Form()],
    session: DbSession,
    staff: SignedIn,
    clock: ClockDep,
) -> Response:
    """Change a goal, or say what came of it."""
    case = get_changeable_case(session, staff, case_id)
    change_goal(
        session,
        case,
        goal_id,
        words=form.words,
        measure=form.measure,
        outcome=form.outcome,
        version=form.version,
        by=staff.id,
        now=clock(),
    )
    return redirect(f"/cases/{case.id}#plan", notice="case_saved")


@router.post("/cases/{case_id}/plan/goals/{goal_id}/actions")
def submit_action(
    case_id: str,
    goal_id: str,
    form: Annotated[ActionForm, Form()],
    session: DbSession,
    staff: SignedIn,
    clock: ClockDep,
) -> Response:
    """Write an action down."""
    case = get_changeable_case(session, staff, case_id)
    new = ActionWords(form.words, form.organisation, form.operator, form.due_on)
    add_action(session, case, goal_id, new, by=staff.id, now=clock())
    return redirect(f"/cases/{case.id}#plan", notice="case_saved")


@router.post("/cases/{case_id}/plan/actions/{action_id}")
def submit_action_change(
    case_id: str,
    action_id: str,
    form: Annotated[ActionStateForm, Form()],
    session: DbSession,
    staff: SignedIn,
    clock: ClockDep,
) -> Response:
    """Say how far an action is."""
    case = get_changeable_case(session, staff, case_id)
    change_action(
        session,
        case,
        action_id,
        state=form.state,
        outcome=form.outcome,
        due_on=form.due_on,
        version=form.version,
        by=staff.id,
        now=clock(),
    )
    return redirect(f"/cases/{case.id}#plan", notice="case_saved")


@router.post("/cases/{case_id}/plan/agreement")
def submit_agreement(
    case_id: str,
    form: Annotated[AgreementPageForm, Form()],
    session: DbSession,
    staff: SignedIn,
    clock: ClockDep,
) -> Response:
    """Write down that the person agreed to the plan."""
    case = get_changeable_case(session, staff, case_id)
    said = Agreement(form.on, form.language, form.how, form.mediator_present)
    agree_plan(session, case, said, by=staff.id, now=clock())
    return redirect(f"/cases/{case.id}#agreement", notice="case_saved")


@router.post("/cases/{case_id}/plan/checks")
def submit_check(
    case_id: str, form: Annotated[CheckForm, Form()], session: DbSession, staff: SignedIn, clock: ClockDep
) -> Response:
    """Plan a follow-up check."""
    case = get_changeable_case(session, staff, case_id)
    plan_check(session, case, form.due_on, by=staff.id, now=clock())
    return redirect(f"/cases/{case.id}#follow-up", notice="case_saved")


@router.post("/cases/{case_id}/plan/checks/{check_id}")
def submit_check_result(
    case_id: str,
    check_id: str,
    form: Annotated[CheckDoneForm, Form()],
    session: DbSession,
    staff: SignedIn,
    clock: ClockDep,
) -> Response:
    """Write down what a follow-up check found."""
    case = get_changeable_case(session, staff, case_id)
    do_check(session, case, check_id, form.outcome, by=staff.id, now=clock())
    return redirect(f"/cases/{case.id}#follow-up", notice="case_saved")


def _note_reading(session: DbSession, staff: Staff, case: Case, action: str, clock: ClockDep) -> None:
    audit.record(session, by=staff.id, action=action, subject_kind="case", subject_id=case.id, now=clock())
