"""The JSON API of contracts of family assistants."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query
from sqlalchemy.orm import Session

from backoffice.care_match.permissions import get_match
from backoffice.care_request.permissions import get_request
from backoffice.care_worker.permissions import get_worker, require_care
from backoffice.case.errors import CursorInvalid
from backoffice.clock import ClockDep
from backoffice.database import DbSession, ReadSession
from backoffice.engagement.acts import act_on, confirms, record_read
from backoffice.engagement.beginning import record_hospitality, record_inps
from backoffice.engagement.changing import TermsChange, change_terms
from backoffice.engagement.drafting import draft_by_hand, draft_from_match
from backoffice.engagement.ending import end, give_notice
from backoffice.engagement.errors import EngagementFormInvalid
from backoffice.engagement.models import Engagement, EngagementState
from backoffice.engagement.payslips import PayslipFacts, check_payslip
from backoffice.engagement.permissions import get_engagement, readable_engagements
from backoffice.engagement.queries import EngagementFilters, filtered, page_of_engagements
from backoffice.engagement.schemas import (
    ChangeIn,
    DropIn,
    EndIn,
    EngagementDetail,
    EngagementIn,
    EngagementList,
    GivenIn,
    InpsIn,
    NoticeIn,
    PayslipIn,
    ProposeIn,
    SignIn,
    StepIn,
    TermsIn,
    detail_out,
    engagement_out,
)
from backoffice.engagement.service import drop, facts_of, give_contract, propose, sign, write_terms
from backoffice.engagement.steps import set_step
from backoffice.engagement.view import view_engagement
from backoffice.idempotency.headers import KeyHeader
from backoffice.idempotency.service import once
from backoffice.italy import day_in_italy
from backoffice.paging import InvalidCursor
from backoffice.staff.models import Staff
from backoffice.staff.sign_in import SignedIn, SignedInCaseStaff

router = APIRouter(prefix="/api/v1/engagements", tags=["engagements"])

Limit = Annotated[int, Query(ge=1, le=200)]
Id = Annotated[str | None, Query(max_length=36)]


@router.get("")
def list_engagements(
    session: ReadSession,
    staff: SignedInCaseStaff,
    clock: ClockDep,
    state: EngagementState | None = None,
    case: Id = None,
    late: bool = False,
    limit: Limit = 50,
    cursor: Annotated[str | None, Query(max_length=200)] = None,
) -> EngagementList:
    """List the contracts that the caller may read. `case`: of either side; `late`: something is overdue."""
    today = day_in_italy(clock())
    filters = EngagementFilters(state=state, case_id=case, late_on=today if late else None)
    statement = filtered(readable_engagements(staff), filters)
    try:
        page = page_of_engagements(session, statement, limit=limit, cursor=cursor)
    except InvalidCursor as wrong:
        raise CursorInvalid from wrong
    return EngagementList(items=[engagement_out(row) for row in page.engagements], next=page.next)


@router.post("", status_code=201)
def create_engagement(
    wanted: EngagementIn, session: DbSession, staff: SignedIn, clock: ClockDep, key: KeyHeader = None
) -> EngagementDetail:
    """Draft a contract from a match, or for a request and a family assistant."""
    require_care(staff)

    def act() -> EngagementDetail:
        engagement = _draft(session, staff, wanted, clock())
        record_read(session, engagement, by=staff.id, now=clock())
        return _detail(session, engagement, clock())

    return once(
        session,
        act,
        result_type=EngagementDetail,
        principal=f"staff:{staff.id}",
        operation="engagement.draft",
        key=key,
        request=wanted,
        now=clock(),
    )


@router.get("/{engagement_id}")
def read_engagement(
    engagement_id: str, session: DbSession, staff: SignedIn, clock: ClockDep
) -> EngagementDetail:
    """Return a contract with all that belongs to it; who reads it is noted in the audit trail."""
    engagement = get_engagement(session, staff, engagement_id)
    record_read(session, engagement, by=staff.id, now=clock())
    return _detail(session, engagement, clock())


@router.patch("/{engagement_id}")
def change_engagement(
    engagement_id: str, terms: TermsIn, session: DbSession, staff: SignedIn, clock: ClockDep
) -> EngagementDetail:
    """Write down what a contract says, before it is signed."""
    engagement = get_engagement(session, staff, engagement_id, lock=True)
    told = {name: getattr(terms, name) for name in terms.model_fields_set}
    for name in ("tasks", "nights"):  # what every contract has cannot be taken away
        if name in told and told[name] is None:
            del told[name]
    facts = replace(facts_of(engagement), **{"version": None, **told})
    return _act(
        session,
        staff,
        engagement,
        lambda: write_terms(session, engagement, facts, by=staff.id, now=clock()),
        "terms",
        clock(),
    )


@router.post("/{engagement_id}/propose")
def propose_engagement(
    engagement_id: str, asked: ProposeIn, session: DbSession, staff: SignedIn, clock: ClockDep
) -> EngagementDetail:
    """Propose a contract to both, once level, hours and pay have passed the check."""
    engagement, now = get_engagement(session, staff, engagement_id, lock=True), clock()
    known = confirms(staff, wants=asked.confirms_unknown)

    def act() -> None:
        propose(session, engagement, confirms_unknown=known, by=staff.id, now=now)

    return _act(session, staff, engagement, act, "proposed", now)


@router.post("/{engagement_id}/given")
def give_engagement(
    engagement_id: str, given: GivenIn, session: DbSession, staff: SignedIn, clock: ClockDep
) -> EngagementDetail:
    """Note that both got the contract, the worker in their own language too."""
    engagement, now = get_engagement(session, staff, engagement_id, lock=True), clock()

    def act() -> None:
        give_contract(session, engagement, given.on, by=staff.id, now=now)

    return _act(session, staff, engagement, act, "given", now)


@router.post("/{engagement_id}/sign")
def sign_engagement(
    engagement_id: str, signed: SignIn, session: DbSession, staff: SignedIn, clock: ClockDep
) -> EngagementDetail:
    """Note that both have signed; all is checked again."""
    engagement, now = get_engagement(session, staff, engagement_id, lock=True), clock()
    known = confirms(staff, wants=signed.confirms_unknown)

    def act() -> None:
        sign(session, engagement, signed.on, confirms_unknown=known, by=staff.id, now=now)

    return _act(session, staff, engagement, act, "signed", now)


@router.post("/{engagement_id}/inps")
def tell_inps(
    engagement_id: str, told: InpsIn, session: DbSession, staff: SignedIn, clock: ClockDep
) -> EngagementDetail:
    """Note when INPS was told: not later than 24.00 of the day before the start."""
    engagement, now = get_engagement(session, staff, engagement_id, lock=True), clock()

    def act() -> None:
        record_inps(session, engagement, told.told_at, told.number, by=staff.id, now=now)

    return _act(session, staff, engagement, act, "inps", now)


@router.post("/{engagement_id}/hospitality")
def tell_authority(
    engagement_id: str, told: GivenIn, session: DbSession, staff: SignedIn, clock: ClockDep
) -> EngagementDetail:
    """Note when the authority was told who lives there."""
    engagement, now = get_engagement(session, staff, engagement_id, lock=True), clock()

    def act() -> None:
        record_hospitality(session, engagement, told.on, by=staff.id, now=now)

    return _act(session, staff, engagement, act, "hospitality", now)


@router.post("/{engagement_id}/terms", status_code=201)
def create_terms(
    engagement_id: str, change: ChangeIn, session: DbSession, staff: SignedIn, clock: ClockDep
) -> EngagementDetail:
    """Change level, hours or pay from a day on; checked by the tables of that day. The same day corrects."""
    engagement, now = get_engagement(session, staff, engagement_id, lock=True), clock()
    known = confirms(staff, wants=change.confirms_unknown)
    wanted = TermsChange(**change.model_dump(exclude={"confirms_unknown"}))

    def act() -> None:
        change_terms(session, engagement, wanted, confirms_unknown=known, by=staff.id, now=now)

    return _act(session, staff, engagement, act, "terms_changed", now)


@router.put("/{engagement_id}/steps/{engagement_step}")
def put_step(
    engagement_id: str,
    engagement_step: str,
    step: StepIn,
    session: DbSession,
    staff: SignedIn,
    clock: ClockDep,
) -> EngagementDetail:
    """Say how far a step is."""
    engagement, now = get_engagement(session, staff, engagement_id, lock=True), clock()

    def act() -> None:
        set_step(
            session,
            engagement,
            engagement_step,
            done_on=step.done_on,
            not_needed=step.not_needed,
            document_id=step.document,
            by=staff.id,
            now=now,
        )

    return _act(session, staff, engagement, act, "step", now)


@router.post("/{engagement_id}/payslips", status_code=201)
def create_payslip(
    engagement_id: str, payslip: PayslipIn, session: DbSession, staff: SignedIn, clock: ClockDep
) -> EngagementDetail:
    """Note what was paid for a month beside what is due; the same month again corrects it."""
    engagement, now = get_engagement(session, staff, engagement_id, lock=True), clock()
    facts = PayslipFacts(payslip.month, payslip.hours, payslip.paid_eur, payslip.document, payslip.note)

    def act() -> None:
        check_payslip(session, engagement, facts, by=staff.id, now=now)

    return _act(session, staff, engagement, act, "payslip", now)


@router.post("/{engagement_id}/notice")
def create_notice(
    engagement_id: str, told: NoticeIn, session: DbSession, staff: SignedIn, clock: ClockDep
) -> EngagementDetail:
    """Note who ends the work, and from which day the notice runs."""
    engagement, now = get_engagement(session, staff, engagement_id, lock=True), clock()

    def act() -> None:
        give_notice(session, engagement, told.by, told.on, by=staff.id, now=now)

    return _act(session, staff, engagement, act, "notice", now)


@router.post("/{engagement_id}/end")
def create_end(
    engagement_id: str, over: EndIn, session: DbSession, staff: SignedIn, clock: ClockDep
) -> EngagementDetail:
    """Note that the work is over."""
    engagement, now = get_engagement(session, staff, engagement_id, lock=True), clock()

    def act() -> None:
        again = over.looks_again
        end(session, engagement, over.on, over.reason, looks_again=again, by=staff.id, now=now)

    return _act(session, staff, engagement, act, "ended", now)


@router.post("/{engagement_id}/drop")
def create_drop(
    engagement_id: str, dropped: DropIn, session: DbSession, staff: SignedIn, clock: ClockDep
) -> EngagementDetail:
    """Note that a contract came to nothing before the work began."""
    engagement, now = get_engagement(session, staff, engagement_id, lock=True), clock()

    def act() -> None:
        drop(session, engagement, dropped.side, words=dropped.words, by=staff.id, now=now)

    return _act(session, staff, engagement, act, "dropped", now)


def _draft(session: Session, staff: Staff, wanted: EngagementIn, now: datetime) -> Engagement:
    if wanted.match is not None and wanted.request is None and wanted.worker is None:
        return draft_from_match(session, get_match(session, staff, wanted.match), by=staff.id, now=now)
    if wanted.match is None and wanted.request is not None and wanted.worker is not None:
        request = get_request(session, staff, wanted.request)
        worker = get_worker(session, staff, wanted.worker)
        return draft_by_hand(session, request.case, worker.case, by=staff.id, now=now)
    raise EngagementFormInvalid


def _act(
    session: Session,
    staff: Staff,
    engagement: Engagement,
    act: Callable[[], object],
    what: str,
    now: datetime,
) -> EngagementDetail:
    refused = act_on(session, engagement, act, what=what, by=staff.id, now=now)
    if refused is not None:
        session.commit()  # an offer below the minimum is counted though nothing else of it stays
        raise refused.error
    return _detail(session, engagement, now)


def _detail(session: Session, engagement: Engagement, now: datetime) -> EngagementDetail:
    return detail_out(view_engagement(session, engagement, today=day_in_italy(now)))
