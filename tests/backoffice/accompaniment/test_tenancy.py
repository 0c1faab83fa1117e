from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from backoffice.accompaniment.checklist import STEPS, Milestone
from backoffice.accompaniment.errors import (
    ChangedMeanwhile,
    ContractIncomplete,
    DateKeepsStep,
    DayRefused,
    DepositTooHigh,
    NoContract,
    StepsOpen,
)
from backoffice.accompaniment.models import AccompanimentStep, StepState, Tenancy
from backoffice.accompaniment.queries import tenancy_of
from backoffice.accompaniment.rules import TenancyFacts
from backoffice.accompaniment.service import end_tenancy, record_day, set_step, write_tenancy
from backoffice.accompaniment.steps import StepChange, find_step
from backoffice.accompaniment.view import view_accompaniment
from backoffice.case.models import CaseEvent, CaseEventKind
from backoffice.client.schemas import ContractType
from backoffice.housing_figures.amounts import AmountRefused
from backoffice.housing_match.errors import HomeIsHeld
from backoffice.housing_match.holds import hold_home, open_hold
from backoffice.housing_match.models import MatchSide, MatchState, RefusalReason
from backoffice.housing_need.models import HousingNeed, SearchState
from backoffice.listing.models import ListingState
from tests.backoffice.accompaniment.households import FACTS, TODAY, Household, agreed, protect, signed
from tests.backoffice.factories import NOW
from tests.backoffice.homes import create_household, create_match

DONE = StepChange(StepState.DONE)


def search(session: Session, home: Household) -> SearchState:
    return session.get_one(HousingNeed, home.case.id).state


def day(session: Session, home: Household, what: Milestone, on: date) -> Tenancy:
    return record_day(session, home.case, what, on, by=home.desk.id, now=NOW)


def due(session: Session, home: Household, code: str) -> date | None:
    row = find_step(session, home.case, home.match.id, code)
    return row.due_on if row else None


def test_the_checklist_has_its_33_steps_in_order() -> None:
    assert [step.number for step in STEPS] == list(range(1, 34))
    assert len({step.code for step in STEPS}) == 33
    assert [step.number for step in STEPS if step.blocks] == [11, 13, 14]


def test_a_contract_is_not_signed_while_the_steps_that_protect_are_open(session: Session) -> None:
    home = agreed(session)
    write_tenancy(session, home.case, FACTS, by=home.desk.id, now=NOW)
    set_step(session, home.case, "contract_explained", DONE, by=home.desk.id, now=NOW)
    with pytest.raises(StepsOpen) as refused:
        day(session, home, Milestone.SIGNED, TODAY)
    assert [step.number for step in refused.value.steps] == [11, 14]
    assert search(session, home) is SearchState.CONTRACT_DRAFTED


def test_signed_registered_and_keys_carry_the_search_and_let_the_home(session: Session) -> None:
    home = agreed(session)
    hold_home(session, home.match, by=home.desk.id, now=NOW)
    protect(session, home)
    write_tenancy(session, home.case, FACTS, by=home.desk.id, now=NOW)
    day(session, home, Milestone.SIGNED, TODAY)
    assert search(session, home) is SearchState.SIGNED
    assert home.listing.state is ListingState.RENTED
    assert open_hold(session, home.listing.id, now=NOW) is None
    day(session, home, Milestone.KEYS, TODAY)
    assert search(session, home) is SearchState.SIGNED  # the keys came first: the search waits
    day(session, home, Milestone.REGISTERED, TODAY)
    assert search(session, home) is SearchState.KEYS_GIVEN
    for code in ("keys_and_meters", "registration"):
        row = find_step(session, home.case, home.match.id, code)
        assert row is not None
        assert (row.state, row.done_on, row.done_by) == (StepState.DONE, TODAY, home.desk.id)


def test_others_who_looked_at_a_home_that_is_let_are_told_no(session: Session) -> None:
    home = agreed(session)
    other = create_match(session, case=create_household(session), listing=home.listing)
    protect(session, home)
    write_tenancy(session, home.case, FACTS, by=home.desk.id, now=NOW)
    day(session, home, Milestone.SIGNED, TODAY)
    assert (other.state, other.refusal_reason) == (MatchState.REFUSED, RefusalReason.GIVEN_TO_ANOTHER)


def test_a_home_that_another_household_holds_is_not_signed_away(session: Session) -> None:
    home = agreed(session)
    other = create_match(session, case=create_household(session), listing=home.listing)
    hold_home(session, other, by=home.desk.id, now=NOW)
    protect(session, home)
    write_tenancy(session, home.case, FACTS, by=home.desk.id, now=NOW)
    with pytest.raises(HomeIsHeld):
        day(session, home, Milestone.SIGNED, TODAY)


def test_deadlines_follow_the_days_and_are_counted_anew_when_they_change(session: Session) -> None:
    home = signed(session, on=date(2026, 12, 1))
    assert due(session, home, "registration") == date(2026, 12, 31)
    assert due(session, home, "hospitality_notice") == date(2026, 12, 12)
    earlier = replace(FACTS, starts_on=date(2026, 11, 20))
    write_tenancy(session, home.case, earlier, by=home.desk.id, now=NOW)
    assert due(session, home, "registration") == date(2026, 12, 20)
    day(session, home, Milestone.KEYS, date(2026, 12, 2))
    assert due(session, home, "hospitality_notice") == date(2026, 12, 4)
    day(session, home, Milestone.SIGNED, date(2026, 11, 15))
    assert due(session, home, "registration") == date(2026, 12, 15)


def test_a_deposit_beyond_three_months_rent_is_refused_with_the_limit(session: Session) -> None:
    home = agreed(session)
    write_tenancy(session, home.case, replace(FACTS, deposit_eur=1650), by=home.desk.id, now=NOW)
    with pytest.raises(DepositTooHigh) as refused:
        write_tenancy(session, home.case, replace(FACTS, deposit_eur=1651), by=home.desk.id, now=NOW)
    assert refused.value.values == {"limit": "1650"}


@pytest.mark.parametrize("rent", [0, -1, 10**12])
def test_a_rent_that_no_contract_has_is_refused(session: Session, rent: int) -> None:
    home = agreed(session)
    with pytest.raises(AmountRefused):
        write_tenancy(session, home.case, replace(FACTS, rent_eur_month=rent), by=home.desk.id, now=NOW)


def test_what_the_signature_needs_is_named_and_a_loan_needs_no_rent(session: Session) -> None:
    home = agreed(session)
    protect(session, home)
    write_tenancy(session, home.case, TenancyFacts(), by=home.desk.id, now=NOW)
    with pytest.raises(ContractIncomplete) as refused:
        day(session, home, Milestone.SIGNED, TODAY)
    assert refused.value.missing == ("contract_type", "rent_eur_month", "starts_on")
    loan = TenancyFacts(contract_type=ContractType.LOAN, starts_on=TODAY)
    write_tenancy(session, home.case, loan, by=home.desk.id, now=NOW)
    day(session, home, Milestone.SIGNED, TODAY)
    assert search(session, home) is SearchState.SIGNED


@pytest.mark.parametrize(
    ("what", "on", "why"),
    [
        (Milestone.SIGNED, TODAY + timedelta(days=1), "future"),
        (Milestone.SIGNED, date(2001, 1, 1), "too_early"),
        (Milestone.REGISTERED, date(2026, 11, 30), "before_signing"),
    ],
)
def test_a_day_that_cannot_be_is_refused(session: Session, what: Milestone, on: date, why: str) -> None:
    home = signed(session)
    with pytest.raises(DayRefused) as refused:
        day(session, home, what, on)
    assert refused.value.why == why


def test_nothing_is_registered_before_it_is_signed(session: Session) -> None:
    home = agreed(session)
    write_tenancy(session, home.case, FACTS, by=home.desk.id, now=NOW)
    with pytest.raises(DayRefused):
        day(session, home, Milestone.REGISTERED, TODAY)


def test_without_the_yes_of_both_there_is_no_contract(session: Session) -> None:
    case = create_household(session)
    with pytest.raises(NoContract):
        write_tenancy(session, case, FACTS, by="service", now=NOW)
    with pytest.raises(NoContract):
        set_step(session, case, "owner_title", DONE, by="service", now=NOW)
    row = set_step(session, case, "interview", DONE, by="service", now=NOW)
    assert row.match_id is None


def test_doing_the_registration_step_writes_its_day_which_is_then_only_corrected(session: Session) -> None:
    home = signed(session)
    yesterday = StepChange(StepState.DONE, done_on=date(2026, 12, 1), note="ricevuta vista")
    row = set_step(session, home.case, "registration", yesterday, by=home.desk.id, now=NOW)
    tenancy = tenancy_of(session, home.match.id)
    assert tenancy is not None
    assert (tenancy.registered_on, row.note) == (date(2026, 12, 1), "ricevuta vista")
    assert search(session, home) is SearchState.REGISTERED
    with pytest.raises(DateKeepsStep):
        set_step(session, home.case, "registration", StepChange(StepState.OPEN), by=home.desk.id, now=NOW)


def test_who_was_slower_overwrites_nothing(session: Session) -> None:
    home = agreed(session)
    seen = StepChange(StepState.DONE, version=1)
    set_step(session, home.case, "interview", seen, by=home.desk.id, now=NOW)
    other = StepChange(StepState.NOT_NEEDED, version=1)
    with pytest.raises(ChangedMeanwhile):
        set_step(session, home.case, "interview", other, by=home.desk.id, now=NOW)
    made = write_tenancy(session, home.case, FACTS, by=home.desk.id, now=NOW)
    with pytest.raises(ChangedMeanwhile):
        write_tenancy(session, home.case, replace(FACTS, version=made.version - 1), by=home.desk.id, now=NOW)


def test_the_same_step_done_twice_is_one_row_and_one_event(session: Session) -> None:
    home = agreed(session)
    for _ in range(2):
        set_step(session, home.case, "budget", DONE, by=home.desk.id, now=NOW)
    rows = session.scalars(select(AccompanimentStep).where(AccompanimentStep.code == "budget")).all()
    events = session.scalars(select(CaseEvent).where(CaseEvent.kind == CaseEventKind.CHECKLIST_CHANGED))
    assert len(rows) == 1
    assert [event.after for event in events] == ["budget state_done"]


def test_a_contract_that_comes_to_nothing_leaves_the_household_its_steps_and_its_history(
    session: Session,
) -> None:
    home = agreed(session)
    set_step(session, home.case, "interview", DONE, by=home.desk.id, now=NOW)
    protect(session, home)
    write_tenancy(session, home.case, FACTS, by=home.desk.id, now=NOW)
    day(session, home, Milestone.SIGNED, TODAY)
    end_tenancy(session, home.case, MatchSide.OWNER, RefusalReason.OTHER, "vende", by=home.desk.id, now=NOW)
    assert search(session, home) is SearchState.SEARCHING
    assert home.match.state is MatchState.REFUSED
    assert home.listing.state is ListingState.CHECKED
    view = view_accompaniment(session, home.case, today=TODAY)
    done = {each.step.code for each in view.steps if each.state is StepState.DONE}
    assert (view.home, done) == (None, {"interview"})
    past = view.homes[0]
    assert past.is_over
    assert {each.step.code for each in past.steps if each.state is StepState.DONE} >= {"owner_title"}
    assert due(session, home, "registration") is None
    with pytest.raises(NoContract):
        set_step(session, home.case, "owner_title", DONE, match_id=home.match.id, by=home.desk.id, now=NOW)
