"""The JSON API of plans, below their case (contract, "Backoffice API")."""

from __future__ import annotations

from fastapi import APIRouter

from backoffice.audit import service as audit
from backoffice.case.parts import CasePart, visible_parts
from backoffice.case.permissions import get_changeable_case, get_readable_case
from backoffice.case.plan_schemas import (
    ActionChange,
    ActionIn,
    ActionOut,
    AgreementBody,
    CheckIn,
    CheckOut,
    CheckResult,
    GoalChange,
    GoalIn,
    GoalOut,
    PlanOut,
    action_out,
    check_out,
    goal_out,
    plan_out,
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
from backoffice.clock import ClockDep
from backoffice.database import DbSession
from backoffice.idempotency.headers import KeyHeader
from backoffice.idempotency.service import once
from backoffice.plan.queries import actions_of
from backoffice.staff.sign_in import SignedIn

router = APIRouter(prefix="/api/v1/cases/{case_id}/plan", tags=["cases"])


@router.get("")
def read_plan(case_id: str, session: DbSession, staff: SignedIn, clock: ClockDep) -> PlanOut:
    """Return the plan of a case; who reads it is noted in the audit trail."""
    case, now = get_readable_case(session, staff, case_id), clock()
    if CasePart.PLAN not in visible_parts(session, staff, case, now=now):
        return PlanOut()
    audit.record(
        session, by=staff.id, action="case.plan.read", subject_kind="case", subject_id=case.id, now=now
    )
    return plan_out(session, case)


@router.post("/goals", status_code=201)
def create_goal(
    case_id: str, goal: GoalIn, session: DbSession, staff: SignedIn, clock: ClockDep, key: KeyHeader = None
) -> GoalOut:
    """Write a goal down."""
    case = get_changeable_case(session, staff, case_id)

    def act() -> GoalOut:
        made = add_goal(session, case, goal.words, measure=goal.measure, by=staff.id, now=clock())
        return goal_out(made)

    return once(
        session,
        act,
        result_type=GoalOut,
        principal=f"staff:{staff.id}",
        operation="case.goal",
        key=key,
        request={"case": case_id, "goal": goal.model_dump(mode="json")},
        now=clock(),
    )


@router.put("/goals/{goal_id}")
def replace_goal(
    case_id: str, goal_id: str, goal: GoalChange, session: DbSession, staff: SignedIn, clock: ClockDep
) -> GoalOut:
    """Change a goal, or say what came of it."""
    case = get_changeable_case(session, staff, case_id)
    changed = change_goal(
        session,
        case,
        goal_id,
        words=goal.words,
        measure=goal.measure,
        outcome=goal.outcome,
        version=goal.version,
        by=staff.id,
        now=clock(),
    )
    return goal_out(changed, actions_of(session, case.id))


@router.post("/goals/{goal_id}/actions", status_code=201)
def create_action(
    case_id: str,
    goal_id: str,
    action: ActionIn,
    session: DbSession,
    staff: SignedIn,
    clock: ClockDep,
    key: KeyHeader = None,
) -> ActionOut:
    """Write an action down."""
    case = get_changeable_case(session, staff, case_id)

    def act() -> ActionOut:
        new = ActionWords(action.words, action.organisation, action.operator, action.due_on)
        return action_out(add_action(session, case, goal_id, new, by=staff.id, now=clock()))

    return once(
        session,
        act,
        result_type=ActionOut,
        principal=f"staff:{staff.id}",
        operation="case.action",
        key=key,
        request={"case": case_id, "goal": goal_id, "action": action.model_dump(mode="json")},
        now=clock(),
    )


@router.put("/actions/{action_id}")
def replace_action(
    case_id: str, action_id: str, action: ActionChange, session: DbSession, staff: SignedIn, clock: ClockDep
) -> ActionOut:
    """Say how far an action is."""
    case = get_changeable_case(session, staff, case_id)
    changed = change_action(
        session,
        case,
        action_id,
        state=action.state,
        outcome=action.outcome,
        due_on=action.due_on,
        version=action.version,
        by=staff.id,
        now=clock(),
    )
    return action_out(changed)


@router.put("/agreement")
def put_agreement(
    case_id: str, agreement: AgreementBody, session: DbSession, staff: SignedIn, clock: ClockDep
) -> PlanOut:
    """Write down that the person agreed to the plan."""
    case = get_changeable_case(session, staff, case_id)
    said = Agreement(agreement.on, agreement.language, agreement.how, agreement.mediator_present)
    agree_plan(session, case, said, by=staff.id, now=clock())
    return plan_out(session, case)


@router.post("/checks", status_code=201)
def create_check(
    case_id: str, check: CheckIn, session: DbSession, staff: SignedIn, clock: ClockDep, key: KeyHeader = None
) -> CheckOut:
    """Plan a follow-up check."""
    case = get_changeable_case(session, staff, case_id)

    def act() -> CheckOut:
        return check_out(plan_check(session, case, check.due_on, by=staff.id, now=clock()))

    return once(
        session,
        act,
        result_type=CheckOut,
        principal=f"staff:{staff.id}",
        operation="case.check",
        key=key,
        request={"case": case_id, "check": check.model_dump(mode="json")},
        now=clock(),
    )


@router.put("/checks/{check_id}")
def put_check(
    case_id: str, check_id: str, result: CheckResult, session: DbSession, staff: SignedIn, clock: ClockDep
) -> CheckOut:
    """Write down what a follow-up check found."""
    case = get_changeable_case(session, staff, case_id)
    return check_out(do_check(session, case, check_id, result.outcome, by=staff.id, now=clock()))
