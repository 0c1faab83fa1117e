"""A request for a mediator from its sending to the confirmed hours."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from backoffice.mediation.errors import MediationMoveRefused, MediatorBusy, NoHoursLeft, OfferGone
from backoffice.mediation.models import (
    MediationBudget,
    MediationOffer,
    MediationOfferState,
    MediationRefusal,
    MediationRequest,
    MediationState,
    MediationStep,
    Missing,
)
from backoffice.mediation.service import (
    accept,
    approve,
    call_off,
    confirm,
    decline,
    dispute,
    expire_offers,
    give_back,
    hours_words,
    nobody_came,
    offer,
    quarters_left,
    refuse,
    report,
    settle,
)
from tests.backoffice.databases import backend as backend
from tests.backoffice.factories import NOW, create_staff
from tests.backoffice.mediation.mediations import create_asking, create_mediation

TOMORROW = NOW + timedelta(days=1)
AFTER = TOMORROW + timedelta(hours=2)


def offered(session: Session, request: MediationRequest, number: int = 1) -> list[MediationOffer]:
    staff = [create_staff(session, languages=("ur",)) for _ in range(number)]
    return offer(
        session, request, [(each.id, []) for each in staff], until=NOW + timedelta(hours=8), by="s", now=NOW
    )


def assigned(session: Session) -> MediationRequest:
    request = create_mediation(session)
    (made,) = offered(session, request)
    return accept(session, made, now=NOW)


def reported(session: Session, worked_quarters: int = 5) -> MediationRequest:
    request = assigned(session)
    report(
        session,
        request,
        worked_quarters=worked_quarters,
        travel_quarters=1,
        words="È andato bene.",
        follow_up_wanted=False,
        by=str(request.mediator_id),
        now=AFTER,
    )
    return request


def test_of_two_the_first_to_accept_has_it_and_the_other_hears_so(session: Session) -> None:
    request = create_mediation(session)
    first, second = offered(session, request, 2)
    accept(session, first, now=NOW)
    with pytest.raises(OfferGone):
        accept(session, second, now=NOW)
    assert (request.mediator_id, second.state) == (first.staff_id, MediationOfferState.TAKEN)


def test_an_offer_ends_by_itself(session: Session) -> None:
    (made,) = offered(session, create_mediation(session))
    late = NOW + timedelta(hours=9)
    with pytest.raises(OfferGone):
        accept(session, made, now=late)
    assert expire_offers(session, now=late) == 1
    assert expire_offers(session, now=late) == 0


def test_who_has_another_one_at_that_time_cannot_accept(session: Session) -> None:
    one = create_mediation(session)
    (made,) = offered(session, one)
    accept(session, made, now=NOW)
    half_over = create_mediation(session, starts_at=TOMORROW + timedelta(minutes=30))
    (second,) = offer(
        session, half_over, [(made.staff_id, [])], until=NOW + timedelta(hours=1), by="s", now=NOW
    )
    with pytest.raises(MediatorBusy):
        accept(session, second, now=NOW)


def test_a_declined_offer_changes_nothing_for_the_others(session: Session) -> None:
    first, second = offered(session, create_mediation(session), 2)
    decline(session, first, now=NOW)
    assert accept(session, second, now=NOW).mediator_id == second.staff_id


def test_who_gives_it_back_leaves_it_to_another(session: Session) -> None:
    request = assigned(session)
    give_back(session, request, by=str(request.mediator_id), now=NOW)
    (other,) = offered(session, request)
    assert accept(session, other, now=NOW).mediator_id == other.staff_id


def test_hours_are_approved_up_to_what_the_service_has_left(session: Session) -> None:
    asking = create_asking(session)
    request = create_mediation(session, asking=asking, state=MediationState.REQUESTED)
    session.add(
        MediationBudget(
            organisation_id=request.organisation_id,
            asking_id=asking.organisation_id,
            year=2026,
            quarters=6,
            changed_by=asking.id,
        )
    )
    session.flush()
    approve(session, request, by=asking.id, now=NOW)
    second = create_mediation(session, asking=asking, state=MediationState.REQUESTED)
    assert quarters_left(session, second) == 2
    with pytest.raises(NoHoursLeft) as refused:
        approve(session, second, by=asking.id, now=NOW)
    assert refused.value.values == {"left": "0:30"}
    approve(session, second, by=asking.id, now=NOW, beyond_hours=True)
    assert second.decided_by == asking.id


def test_the_hours_of_another_year_are_its_own(session: Session) -> None:
    asking = create_asking(session)
    for year in (2026, 2027):
        session.add(
            MediationBudget(
                organisation_id=create_mediation(session, asking=asking).organisation_id,
                asking_id=asking.organisation_id,
                year=year,
                quarters=100,
                changed_by=asking.id,
            )
        )
    session.flush()
    next_year = create_mediation(session, asking=asking, starts_at=NOW + timedelta(days=60))
    assert quarters_left(session, next_year) == 100


def test_a_request_that_is_refused_ends_its_offers(session: Session) -> None:
    request = create_mediation(session)
    (made,) = offered(session, request)
    refuse(session, request, MediationRefusal.NO_MEDIATOR, by=request.asked_by, now=NOW)
    with pytest.raises(OfferGone):
        accept(session, made, now=NOW)
    assert request.refusal is MediationRefusal.NO_MEDIATOR


@pytest.mark.parametrize(
    ("hours_before", "state", "counted"),
    [(30, MediationState.CANCELLED, None), (20, MediationState.CANCELLED_LATE, 4)],
)
def test_what_is_called_off_less_than_a_day_before_counts(
    session: Session, hours_before: int, state: MediationState, counted: int | None
) -> None:
    request = assigned(session)
    call_off(session, request, by="s", now=TOMORROW - timedelta(hours=hours_before))
    assert (request.state, request.worked_quarters) == (state, counted)


def test_the_service_confirms_what_the_mediator_reported(session: Session) -> None:
    request = reported(session)
    confirm(session, request, by=request.asked_by, now=AFTER)
    steps = session.scalars(
        select(MediationStep.after).where(MediationStep.request_id == request.id).order_by(MediationStep.id)
    ).all()
    assert steps == ["requested", "approved", "assigned", "done", "confirmed"]


def test_a_dispute_is_settled_with_the_hours_that_count(session: Session) -> None:
    request = reported(session, worked_quarters=9)
    dispute(session, request, "Era un'ora.", by=request.asked_by, now=AFTER)
    settle(session, request, 4, by=request.asked_by, now=AFTER)
    assert (request.state, request.worked_quarters) == (MediationState.CONFIRMED, 4)


@pytest.mark.parametrize(("missing", "counted"), [(Missing.PERSON, 4), (Missing.MEDIATOR, 0)])
def test_nobody_pays_for_a_mediator_who_did_not_come(
    session: Session, missing: Missing, counted: int
) -> None:
    request = assigned(session)
    nobody_came(session, request, missing, by="s", now=AFTER)
    assert request.worked_quarters == counted


def test_nothing_is_reported_before_it_has_begun(session: Session) -> None:
    with pytest.raises(MediationMoveRefused):
        nobody_came(session, assigned(session), Missing.PERSON, by="s", now=NOW)


@pytest.mark.parametrize(("quarters", "words"), [(7, "1:45"), (4, "1:00"), (0, "0:00"), (-3, "0:00")])
def test_quarters_are_written_as_hours(quarters: int, words: str) -> None:
    assert hours_words(quarters) == words
