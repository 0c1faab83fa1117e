"""A request for a mediator: asked, approved, offered, accepted, reported, confirmed.

Functions flush, never commit; rights have been asked before. Each act is a step of the request. Who accepts
first has it, also when two do so at once: the request's row is locked, and the database allows one.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from backoffice.italy import ROME, day_in_italy
from backoffice.mediation.consequences import follow, note_report, record_act
from backoffice.mediation.errors import (
    MediationMoveRefused,
    MediatorBusy,
    MomentNotFixed,
    NoHoursLeft,
    OfferGone,
)
from backoffice.mediation.models import (
    MediationBudget,
    MediationConflict,
    MediationDecline,
    MediationOffer,
    MediationOfferState,
    MediationRefusal,
    MediationRequest,
    MediationState,
    Missing,
)
from backoffice.mediation.states import COUNTS_HOURS, MOVES, quarters, quarters_counted
from backoffice.mediation.states import hours_words as hours_words
from backoffice.staff.models import Staff

REOPENED = (MediationOfferState.EXPIRED, MediationOfferState.TAKEN)
"""What became of an offer that can be made again."""

LATE = timedelta(hours=24)
"""Who calls off later than this before the beginning calls off late: the time counts."""


def ask(session: Session, request: MediationRequest, *, by: str, now: datetime) -> MediationRequest:
    """Write a request down; a draft stays with the service until it is sent."""
    request.state_since = request.created_at = now
    session.add(request)
    session.flush()
    follow(session, request, None, by=by, now=now)
    return request


def send(session: Session, request: MediationRequest, *, by: str, now: datetime) -> None:
    """Send a draft to who has the mediators.

    Raises:
        MediationMoveRefused: it was sent already.
    """
    _move(session, request, MediationState.REQUESTED, by=by, now=now)


def approve(
    session: Session, request: MediationRequest, *, by: str, now: datetime, beyond_hours: bool = False
) -> None:
    """Approve a request against the hours of the service that asks.

    `beyond_hours`: the coordinator lets it pass although none are left.

    Raises:
        MediationMoveRefused: it is not waiting for an answer.
        NoHoursLeft: the service has not enough hours left, and nobody let it pass.
    """
    locked = lock_request(session, request.id)
    left = quarters_left(session, locked)
    if left is not None and left < quarters(locked.minutes) and not beyond_hours:
        raise NoHoursLeft(hours_words(left))
    locked.decided_by = by
    _move(session, locked, MediationState.APPROVED, by=by, now=now)


def refuse(
    session: Session, request: MediationRequest, why: MediationRefusal, *, by: str, now: datetime
) -> None:
    """Say no to a request, with the reason that is counted.

    Raises:
        MediationMoveRefused: it is not waiting for an answer or for a mediator any more.
    """
    locked = lock_request(session, request.id)
    _require(locked, MediationState.REFUSED)
    locked.refusal, locked.decided_by = why, by
    _move(session, locked, MediationState.REFUSED, by=by, now=now)
    _end_offers(session, locked, now=now)


def offer(
    session: Session,
    request: MediationRequest,
    mediators: Iterable[tuple[str, list[str]]],
    *,
    until: datetime,
    by: str,
    now: datetime,
) -> list[MediationOffer]:
    """Offer an approved request to mediators, each with the reasons; who has an offer or said no keeps that.

    Whose offer expired, or was taken by somebody who then gave the request back, is asked again.

    Raises:
        MediationMoveRefused: it is not approved, or somebody has it.
        MomentNotFixed: it may begin at any time until a day, and nobody has said when.
    """
    locked = lock_request(session, request.id)
    if locked.state is not MediationState.APPROVED:
        raise MediationMoveRefused
    if locked.is_latest:
        raise MomentNotFixed
    known = {
        each.staff_id: each
        for each in session.scalars(select(MediationOffer).where(MediationOffer.request_id == request.id))
    }
    made = []
    for staff_id, reasons in mediators:
        offered = known.get(staff_id)
        if offered is None:
            offered = MediationOffer(request_id=request.id, staff_id=staff_id)
            session.add(offered)
        elif offered.state not in REOPENED:
            continue
        offered.state, offered.reasons, offered.until = MediationOfferState.OFFERED, reasons, until
        offered.offered_by, offered.offered_at = by, now
        offered.answered_at = offered.told_at = None
        made.append(offered)
    session.flush()
    record_act(session, request, "mediation.offered", by=by, now=now)
    return made


def accept(session: Session, made: MediationOffer, *, now: datetime) -> MediationRequest:
    """Accept an offer: the first to do so has the request.

    Raises:
        OfferGone: somebody was first, the time is over, or the request was called off.
        MediatorBusy: the mediator has another one at that time.
    """
    request = lock_request(session, made.request_id)
    session.refresh(made)
    if made.state is not MediationOfferState.OFFERED or made.until <= now:
        raise OfferGone
    if request.state is not MediationState.APPROVED:
        raise OfferGone
    # Two requests at the same time wait for each other at the mediator's own row.
    session.execute(select(Staff.id).where(Staff.id == made.staff_id).with_for_update())
    if _is_busy(session, made.staff_id, request):
        raise MediatorBusy
    made.state, made.answered_at = MediationOfferState.ACCEPTED, now
    request.mediator_id = made.staff_id
    _move(session, request, MediationState.ASSIGNED, by=made.staff_id, now=now)
    _end_offers(session, request, now=now)
    return request


def decline(
    session: Session, made: MediationOffer, *, now: datetime, because: MediationDecline | None = None
) -> None:
    """Say no to an offer: nothing follows from it, but that who is in conflict is not asked again.

    Raises:
        OfferGone: it is not open any more.
    """
    request = lock_request(session, made.request_id)
    session.refresh(made)
    if made.state is not MediationOfferState.OFFERED:
        raise OfferGone
    made.state, made.answered_at, made.because = MediationOfferState.DECLINED, now, because
    if because is MediationDecline.CONFLICT and request.case_id is not None:
        known = session.get(MediationConflict, (request.case_id, made.staff_id))
        if known is None:
            about = {"case_id": request.case_id, "staff_id": made.staff_id}
            session.add(MediationConflict(**about, stated_by=made.staff_id, at=now))
    session.flush()
    record_act(session, request, "mediation.declined", by=made.staff_id, now=now)


def expire_offers(session: Session, *, now: datetime) -> int:
    """End the offers whose time is over; return how many."""
    ended = session.execute(
        update(MediationOffer)
        .where(MediationOffer.state == MediationOfferState.OFFERED, MediationOffer.until <= now)
        .values(state=MediationOfferState.EXPIRED)
        .returning(MediationOffer.id)
    )
    return len(ended.all())


def give_back(session: Session, request: MediationRequest, *, by: str, now: datetime) -> None:
    """A mediator cannot come after all: the request waits for another one.

    Raises:
        MediationMoveRefused: nobody has it, or it is over.
    """
    locked = lock_request(session, request.id)
    if locked.state is not MediationState.ASSIGNED:
        raise MediationMoveRefused
    accepted = select(MediationOffer).where(
        MediationOffer.request_id == locked.id, MediationOffer.state == MediationOfferState.ACCEPTED
    )
    for made in session.scalars(accepted):
        made.state, made.answered_at = MediationOfferState.DECLINED, now
    locked.mediator_id = None
    _move(session, locked, MediationState.APPROVED, by=by, now=now)


def call_off(session: Session, request: MediationRequest, *, by: str, now: datetime) -> None:
    """The service needs the mediator no longer; less than a day before the beginning the time counts.

    Raises:
        MediationMoveRefused: it is over.
    """
    locked = lock_request(session, request.id)
    is_late = locked.state is MediationState.ASSIGNED and locked.starts_at - now < LATE
    if is_late:
        locked.worked_quarters = quarters(locked.minutes)
    to = MediationState.CANCELLED_LATE if is_late else MediationState.CANCELLED
    _move(session, locked, to, by=by, now=now)
    _end_offers(session, locked, now=now)


def report(
    session: Session,
    request: MediationRequest,
    *,
    worked_quarters: int,
    travel_quarters: int,
    words: str | None,
    follow_up_wanted: bool,
    by: str,
    now: datetime,
    cultural: str | None = None,
) -> None:
    """Write down what was done; the service confirms the hours.

    Of a request with a case, `words` are a note of the case that whoever shares the case may read, and
    `cultural` (customs, words) is one that never leaves staff; without a case nobody keeps it.

    Raises:
        MediationMoveRefused: it has not begun, or it was reported already.
    """
    locked = lock_request(session, request.id)
    if locked.starts_at > now:
        raise MediationMoveRefused
    _require(locked, MediationState.DONE)
    locked.worked_quarters, locked.travel_quarters = worked_quarters, travel_quarters
    locked.report, locked.follow_up_wanted = words, follow_up_wanted
    _move(session, locked, MediationState.DONE, by=by, now=now)
    note_report(session, locked, words, cultural, by=by, now=now)


def nobody_came(
    session: Session, request: MediationRequest, missing: Missing, *, by: str, now: datetime
) -> None:
    """Write down that it did not take place, and who did not come.

    Raises:
        MediationMoveRefused: it has not begun, or it is over.
    """
    locked = lock_request(session, request.id)
    if locked.starts_at > now:
        raise MediationMoveRefused
    _require(locked, MediationState.NO_SHOW)
    locked.missing = missing
    locked.worked_quarters = 0 if missing is Missing.MEDIATOR else quarters(locked.minutes)
    _move(session, locked, MediationState.NO_SHOW, by=by, now=now)


def confirm(session: Session, request: MediationRequest, *, by: str, now: datetime) -> None:
    """The service confirms the hours.

    Raises:
        MediationMoveRefused: there is nothing to confirm.
    """
    locked = lock_request(session, request.id)
    _require(locked, MediationState.CONFIRMED)
    locked.confirmed_by = by
    _move(session, locked, MediationState.CONFIRMED, by=by, now=now)


def dispute(session: Session, request: MediationRequest, words: str, *, by: str, now: datetime) -> None:
    """The service says that the hours are not right; a coordinator decides.

    Raises:
        MediationMoveRefused: there is nothing to confirm.
    """
    locked = lock_request(session, request.id)
    _require(locked, MediationState.DISPUTED)
    locked.disputed_words = words
    _move(session, locked, MediationState.DISPUTED, by=by, now=now)


def settle(
    session: Session, request: MediationRequest, worked_quarters: int, *, by: str, now: datetime
) -> None:
    """Decide how long it was after a dispute.

    Raises:
        MediationMoveRefused: nobody disputes it.
    """
    locked = lock_request(session, request.id)
    if locked.state is not MediationState.DISPUTED:
        raise MediationMoveRefused
    locked.worked_quarters, locked.confirmed_by = worked_quarters, by
    _move(session, locked, MediationState.CONFIRMED, by=by, now=now)


def quarters_left(session: Session, request: MediationRequest) -> int | None:
    """Return the quarters of an hour that the asking body has left in the year; None where none are set."""
    year = day_in_italy(request.starts_at).year
    budget = session.scalar(
        select(MediationBudget.quarters).where(
            MediationBudget.organisation_id == request.organisation_id,
            MediationBudget.asking_id == request.asking_id,
            MediationBudget.year == year,
        )
    )
    if budget is None:
        return None
    first, after = (datetime(each, 1, 1, tzinfo=ROME) for each in (year, year + 1))
    statement = select(MediationRequest).where(
        MediationRequest.organisation_id == request.organisation_id,
        MediationRequest.asking_id == request.asking_id,
        MediationRequest.state.in_(COUNTS_HOURS),
        MediationRequest.starts_at >= first,
        MediationRequest.starts_at < after,
        MediationRequest.id != request.id,
    )
    return budget - sum(quarters_counted(each) for each in session.scalars(statement))


def lock_request(session: Session, request_id: str) -> MediationRequest:
    """Return a request for a change; nobody else changes it meanwhile."""
    statement = select(MediationRequest).where(MediationRequest.id == request_id).with_for_update()
    return session.scalars(statement.execution_options(populate_existing=True)).one()


def _is_busy(session: Session, staff_id: str, request: MediationRequest) -> bool:
    ends_at = request.starts_at + timedelta(minutes=request.minutes)
    statement = select(MediationRequest.starts_at, MediationRequest.minutes).where(
        MediationRequest.mediator_id == staff_id,
        MediationRequest.state == MediationState.ASSIGNED,
        MediationRequest.starts_at < ends_at,
        MediationRequest.starts_at > request.starts_at - timedelta(hours=8),
        MediationRequest.id != request.id,
    )
    return any(
        starts_at + timedelta(minutes=minutes) > request.starts_at
        for starts_at, minutes in session.execute(statement)
    )


def _end_offers(session: Session, request: MediationRequest, *, now: datetime) -> None:
    session.execute(
        update(MediationOffer)
        .where(MediationOffer.request_id == request.id, MediationOffer.state == MediationOfferState.OFFERED)
        .values(state=MediationOfferState.TAKEN, answered_at=now)
    )


def _require(request: MediationRequest, to: MediationState) -> None:
    if to not in MOVES[request.state]:
        raise MediationMoveRefused


def _move(session: Session, request: MediationRequest, to: MediationState, *, by: str, now: datetime) -> None:
    _require(request, to)
    before, request.state, request.state_since = request.state, to, now
    request.version += 1
    request.calendar_sequence += 1
    session.flush()
    follow(session, request, before, by=by, now=now)
