"""A contract from its draft to the first day of work. Functions flush, never commit.

Rights have been asked before. What both sides sign has been checked: level, hours, and the pay against the
minimum in force on the day of the start.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from backoffice.care_match.models import CareMatch, CareMatchState, CareRefusal, CareSide
from backoffice.care_match.service import move_match
from backoffice.care_match.service import refuse as refuse_match
from backoffice.care_request.models import RequestState
from backoffice.care_request.service import advance_request, move_request, request_of
from backoffice.case.models import Case
from backoffice.client.schemas import CareCertificate, DomesticTask, PayVerdict
from backoffice.engagement.checks import end_checks
from backoffice.engagement.drafting import open_cases
from backoffice.engagement.errors import (
    EngagementChangedMeanwhile,
    EngagementDayRefused,
    EngagementMoveRefused,
    MinimumUnknown,
    StepsOpen,
    TermsIncomplete,
)
from backoffice.engagement.models import (
    Engagement,
    EngagementEvent,
    EngagementState,
    EngagementTerms,
)
from backoffice.engagement.moves import UNKNOWN_CONFIRMED, changed, move
from backoffice.engagement.permit import require_permit
from backoffice.engagement.queries import others_at_work
from backoffice.engagement.rates import proposal_of
from backoffice.engagement.states import WRITTEN
from backoffice.engagement.steps import (
    CONTRACT_GIVEN,
    PERMIT,
    SIGNED,
    do_step,
    is_done,
    plan_steps,
)
from backoffice.engagement.terms import TermsFacts, check_offer, offer_of
from backoffice.italy import day_in_italy

_OF_TERMS = tuple(name for name in TermsFacts.__dataclass_fields__ if name not in ("tasks", "version"))


def write_terms(
    session: Session, engagement: Engagement, facts: TermsFacts, *, by: str, now: datetime
) -> None:
    """Write down what a contract says. One that was proposed is a draft again: its check counts no more.

    Raises:
        EngagementMoveRefused: it is signed: terms are changed from a day then.
        EngagementChangedMeanwhile: somebody else changed it after `facts.version`.
        EngagementDayRefused: it ends before it starts.
        CaseIsClosed: one of the two cases has to be reopened first.
    """
    _, worker = open_cases(session, engagement.request_id, engagement.worker_id)
    if facts.version is not None and facts.version != engagement.version:
        raise EngagementChangedMeanwhile
    if engagement.state not in WRITTEN:
        raise EngagementMoveRefused
    if facts.starts_on and facts.ends_on and facts.ends_on < facts.starts_on:
        raise EngagementDayRefused("order")
    if engagement.state is EngagementState.PROPOSED:
        move(session, engagement, EngagementState.DRAFT, by=by, now=now)
    for name in _OF_TERMS:
        setattr(engagement, name, getattr(facts, name))
    engagement.tasks = [task.value for task in facts.tasks]
    proposal = proposal_of(facts.tasks, is_trained=facts.is_trained, on=facts.starts_on)
    engagement.level_by_tasks = proposal.level
    engagement.minimum_eur = engagement.minimum_table = engagement.checked_on = None
    engagement.contract_given_on = None
    changed(engagement, now)
    plan_steps(session, engagement, worker)


def facts_of(engagement: Engagement) -> TermsFacts:
    """Return what a contract says."""
    values: dict[str, Any] = {name: getattr(engagement, name) for name in _OF_TERMS}
    tasks = [DomesticTask(code) for code in engagement.tasks]
    return TermsFacts(tasks=tasks, version=engagement.version, **values)


def propose(
    session: Session, engagement: Engagement, *, confirms_unknown: bool, by: str, now: datetime
) -> None:
    """Propose a contract to both, once level, hours and pay have passed the check.

    Args:
        session: the transaction.
        engagement: the contract, locked.
        confirms_unknown: a coordinator says that it goes on where no source gives the minimum.
        by: a staff id.
        now: the present moment.

    Raises:
        TermsIncomplete: something that a contract needs is not written down.
        LevelUnknown: no level follows from the tasks.
        LevelTooLow: the agreed level is lower than the tasks say.
        TooManyHours: more hours a week than allowed.
        PayBelowMinimum: the pay is below the minimum; the caller counts it (`count_refused`).
        MinimumUnknown: no source gives the minimum, and nobody confirms.
        PermitForbids: the permit to stay does not allow this work on that day.
        EngagementMoveRefused: it is proposed already, or signed.
        CaseIsClosed: one of the two cases has to be reopened first.
    """
    _, worker = open_cases(session, engagement.request_id, engagement.worker_id)
    if engagement.state is not EngagementState.DRAFT:
        raise EngagementMoveRefused
    _check(session, engagement, worker, confirms_unknown=confirms_unknown, by=by, now=now)
    move(session, engagement, EngagementState.PROPOSED, by=by, now=now)
    plan_steps(session, engagement, worker)


def give_contract(session: Session, engagement: Engagement, on: date, *, by: str, now: datetime) -> None:
    """Note that both have the draft, the worker in their own language too.

    Raises:
        EngagementMoveRefused: it was not proposed.
        EngagementDayRefused: a day that lies ahead.
        CaseIsClosed: one of the two cases has to be reopened first.
    """
    open_cases(session, engagement.request_id, engagement.worker_id)
    if engagement.state is not EngagementState.PROPOSED:
        raise EngagementMoveRefused
    if on > day_in_italy(now):
        raise EngagementDayRefused("future")
    engagement.contract_given_on = on
    changed(engagement, now)
    do_step(session, engagement, CONTRACT_GIVEN, on, by=by)


def sign(
    session: Session, engagement: Engagement, on: date, *, confirms_unknown: bool, by: str, now: datetime
) -> None:
    """Note that both have signed; all is checked again, by the tables of the day of the start.

    The match is engaged and the request has its contract.

    Raises:
        StepsOpen: the contract was not given in both languages, or nobody has seen the permit.
        EngagementDayRefused: the day lies ahead, or before the contract was given.
        CareMoveRefused: the match came to nothing meanwhile.
        BackofficeError: it does not pass the check, as in `propose`.
    """
    request, worker = open_cases(session, engagement.request_id, engagement.worker_id)
    if engagement.state is not EngagementState.PROPOSED:
        raise EngagementMoveRefused
    if open_codes := [code for code in (CONTRACT_GIVEN, PERMIT) if not is_done(session, engagement, code)]:
        raise StepsOpen(open_codes)
    if on > day_in_italy(now):
        raise EngagementDayRefused("future")
    if engagement.contract_given_on is not None and on < engagement.contract_given_on:
        raise EngagementDayRefused("order")
    was_confirmed = engagement.checked_on is not None and engagement.minimum_eur is None
    confirms = confirms_unknown or was_confirmed
    _check(session, engagement, worker, confirms_unknown=confirms, by=by, now=now)
    engagement.signed_on = on
    move(session, engagement, EngagementState.SIGNED, by=by, now=now)
    do_step(session, engagement, SIGNED, on, by=by)
    plan_steps(session, engagement, worker)
    _write_first_terms(session, engagement, worker, by=by, now=now)
    _engage_match(session, engagement, by=by, now=now)
    advance_request(session, request, RequestState.CONTRACT, by=by, now=now, by_contract=True)


def drop(
    session: Session, engagement: Engagement, side: CareSide, *, words: str | None, by: str, now: datetime
) -> None:
    """Note that a contract came to nothing before the work began.

    One that was signed takes its match and its request back.

    Raises:
        EngagementMoveRefused: the work has begun, or it is over.
        CaseIsClosed: one of the two cases has to be reopened first.
    """
    request, _ = open_cases(session, engagement.request_id, engagement.worker_id)
    was_signed = engagement.state is EngagementState.SIGNED
    move(session, engagement, EngagementState.DROPPED, by=by, now=now)
    if words:
        engagement.note = "\n".join(part for part in (engagement.note, words) if part)
    end_checks(session, engagement, now=now)
    if was_signed:
        refuse_match_of(session, engagement, side, CareRefusal.OTHER, by=by, now=now)
        send_back(session, engagement, request, by=by, now=now)


def refuse_match_of(
    session: Session,
    engagement: Engagement,
    side: CareSide,
    reason: CareRefusal,
    *,
    by: str,
    now: datetime,
) -> None:
    """Close the match of a contract that came to nothing."""
    match = session.get(CareMatch, engagement.match_id) if engagement.match_id else None
    if match is not None and match.state is CareMatchState.ENGAGED:
        refuse_match(session, match, side, reason, words=None, by=by, now=now)


def send_back(session: Session, engagement: Engagement, request: Case, *, by: str, now: datetime) -> None:
    """Let a request look for somebody again, unless another contract of it binds."""
    if others_at_work(session, engagement):
        return
    if request_of(session, request, now=now).state in (RequestState.CONTRACT, RequestState.FOLLOW_UP):
        move_request(session, request, RequestState.MATCHING, by=by, now=now)


def _check(
    session: Session,
    engagement: Engagement,
    worker: Case,
    *,
    confirms_unknown: bool,
    by: str,
    now: datetime,
) -> None:
    """Check a contract whole, and note the minimum that its pay was checked against."""
    offer = offer_of(facts_of(engagement), is_certified=is_certified(worker))
    require_permit(session, worker, offer.on)
    check = check_offer(offer)
    is_known = check.verdict is PayVerdict.ENOUGH
    if not is_known and not confirms_unknown:
        raise MinimumUnknown(offer.level, offer.on)
    if not is_known and engagement.checked_on is None:
        note_confirmed(session, engagement, by=by, now=now)
    engagement.minimum_eur = check.minimum.amount if is_known else None
    engagement.minimum_table = check.minimum.table if is_known else None
    engagement.checked_on = day_in_italy(now)
    session.flush()


def is_certified(worker: Case) -> bool:
    """Tell whether a worker has the certificate UNI 11766, for which more is due."""
    return CareCertificate.UNI_11766.value in worker.intake.get("certificates", [])


def note_confirmed(session: Session, engagement: Engagement, *, by: str, now: datetime) -> None:
    """Note that a coordinator let a pay pass whose minimum no source gives."""
    event = EngagementEvent(
        engagement_id=engagement.id, before=engagement.state, after=UNKNOWN_CONFIRMED, actor=by, at=now
    )
    session.add(event)
    session.flush()


def _write_first_terms(
    session: Session, engagement: Engagement, worker: Case, *, by: str, now: datetime
) -> None:
    offer = offer_of(facts_of(engagement), is_certified=is_certified(worker))
    if engagement.starts_on is None:
        raise TermsIncomplete(["starts_on"])
    session.add(
        EngagementTerms(
            engagement_id=engagement.id,
            from_on=engagement.starts_on,
            level=offer.level,
            live_in=offer.live_in,
            hours_week=offer.hours_week,
            pay_eur=offer.pay_eur,
            pay_per=offer.pay_per,
            changed_by=by,
            changed_at=now,
        )
    )
    session.flush()


def _engage_match(session: Session, engagement: Engagement, *, by: str, now: datetime) -> None:
    match = session.get(CareMatch, engagement.match_id) if engagement.match_id else None
    if match is None:
        return
    if match.state is CareMatchState.BOTH_INTERESTED:  # they have met, be it without the desk
        move_match(session, match, CareMatchState.INTERVIEW, by=by, now=now)
    move_match(session, match, CareMatchState.ENGAGED, by=by, now=now)
