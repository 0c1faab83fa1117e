from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from backoffice.care_match.errors import PayBelowMinimum
from backoffice.care_match.models import CareMatchState, CareRefusal, CareSide
from backoffice.care_request.models import CareRequest, RequestEnd, RequestState
from backoffice.case.models import CaseEvent, CaseEventKind
from backoffice.client.schemas import CareLevel, PayPeriod
from backoffice.database import Database
from backoffice.engagement.beginning import begin, is_told_late, record_hospitality, record_inps
from backoffice.engagement.changing import TermsChange, change_terms
from backoffice.engagement.drafting import draft_by_hand, draft_from_match
from backoffice.engagement.ending import end, give_notice, last_day_of_notice, severance_estimate
from backoffice.engagement.errors import (
    EngagementDayRefused,
    EngagementMoveRefused,
    MatchNotReady,
    MinimumUnknown,
    NotThoseCases,
    NotToldToInps,
    StepsOpen,
)
from backoffice.engagement.jobs import look_after_engagements
from backoffice.engagement.models import EngagementEnd, EngagementState, EngagementStep
from backoffice.engagement.payslips import PayslipFacts, check_payslip, difference
from backoffice.engagement.queries import step_of, steps_of, terms_of
from backoffice.engagement.service import drop, sign
from backoffice.engagement.steps import set_step, tell_overdue_steps
from tests.backoffice.care import create_care_match, create_request, create_worker
from tests.backoffice.databases import FrozenClock
from tests.backoffice.engagement.contracts import (
    START,
    TODAY,
    Contract,
    drafted,
    proposed,
    running,
    signed,
    with_pay,
)
from tests.backoffice.factories import NOW

LATER = NOW + timedelta(days=60)


def request_state(session: Session, contract: Contract) -> RequestState:
    return session.get_one(CareRequest, contract.request.id).state


def due_days(session: Session, contract: Contract) -> dict[str, date | None]:
    return {step.code: step.due_on for step in steps_of(session, contract.made.id)}


def test_a_draft_takes_what_the_request_says(session: Session) -> None:
    made = drafted(session).made
    assert made.state is EngagementState.DRAFT
    assert (made.level_by_tasks, made.live_in, made.hours_week) == (CareLevel.CS, True, 54)


def test_a_match_has_one_contract_and_needs_both_to_be_interested(session: Session) -> None:
    contract = drafted(session)
    assert draft_from_match(session, contract.match, by="x", now=NOW) is contract.made
    with pytest.raises(MatchNotReady):
        draft_from_match(session, create_care_match(session), by="x", now=NOW)


def test_a_contract_can_be_drafted_by_hand_for_a_request_and_a_worker(session: Session) -> None:
    request, worker = create_request(session), create_worker(session)
    made = draft_by_hand(session, request, worker, by="x", now=NOW)
    assert made.match_id is None
    with pytest.raises(NotThoseCases):
        draft_by_hand(session, worker, request, by="x", now=NOW)


def test_signing_needs_the_permit_seen_and_the_contract_given_in_both_languages(session: Session) -> None:
    contract = proposed(session)
    with pytest.raises(StepsOpen) as refused:
        sign(session, contract.made, TODAY, confirms_unknown=False, by="x", now=NOW)
    assert refused.value.codes == ("contract_given", "permit")


def test_a_signature_engages_the_match_and_brings_the_request_to_its_contract(session: Session) -> None:
    contract = signed(session)
    assert contract.match.state is CareMatchState.ENGAGED
    assert request_state(session, contract) is RequestState.CONTRACT
    (terms,) = terms_of(session, contract.made.id)
    assert (terms.from_on, terms.pay_eur) == (START, Decimal("1250.00"))


def test_each_step_has_its_day(session: Session) -> None:
    days = due_days(session, signed(session))
    assert days["inps"] == days["permit"] == date(2026, 12, 6)
    assert days["hospitality"] == date(2026, 12, 9)
    assert days["first_payslip"] == date(2027, 1, 10)
    assert "hospitality" not in due_days(session, signed(session, eu_citizen=True))


def test_only_a_day_that_was_found_is_a_deadline_of_contributions(session: Session) -> None:
    days = {code: due for code, due in due_days(session, running(session)).items() if ":" in code}
    assert days == {"thirteenth:2026": date(2026, 12, 31), "contributions:2027-01": None}


@pytest.mark.parametrize(
    ("told_at", "late"),
    [
        (datetime(2026, 12, 6, 22, 59, tzinfo=UTC), False),  # 23.59 in Italy, the day before
        (datetime(2026, 12, 6, 23, 0, tzinfo=UTC), True),  # midnight in Italy: the day of the start
    ],
)
def test_inps_is_told_not_later_than_midnight_in_italy_of_the_day_before(
    session: Session, told_at: datetime, late: bool
) -> None:
    made = signed(session).made
    record_inps(session, made, told_at, None, by="x", now=told_at + timedelta(hours=12))
    assert is_told_late(made) is late
    assert made.state is EngagementState.RUNNING
    step = step_of(session, made.id, "inps")
    assert step is not None
    assert step.done_on == (date(2026, 12, 7) if late else date(2026, 12, 6))


def test_work_does_not_run_before_inps_was_told_and_the_start_has_come(session: Session) -> None:
    made = signed(session).made
    with pytest.raises(NotToldToInps):
        begin(session, made, by="x", now=LATER)
    record_inps(session, made, NOW, None, by="x", now=NOW)
    with pytest.raises(NotToldToInps):
        begin(session, made, by="x", now=NOW)
    with pytest.raises(EngagementDayRefused):
        record_inps(session, made, LATER, None, by="x", now=NOW)


def test_the_job_begins_the_work_plans_the_year_and_tells_what_is_late_once(
    session: Session, database: Database, clock: FrozenClock
) -> None:
    contract = signed(session)
    record_inps(session, contract.made, NOW, None, by="x", now=NOW)
    session.commit()
    assert look_after_engagements(database, clock) == 0
    clock.moment = datetime(2026, 12, 6, 23, 30, tzinfo=UTC)  # the 7th in Italy
    # the work begins; the worker's papers were due the day before
    assert [look_after_engagements(database, clock) for _ in range(3)] == [2, 0, 0]
    session.expire_all()
    assert contract.made.state is EngagementState.RUNNING
    assert request_state(session, contract) is RequestState.FOLLOW_UP
    session.commit()
    clock.moment = datetime(2026, 12, 10, 12, tzinfo=UTC)
    assert [look_after_engagements(database, clock) for _ in range(2)] == [1, 0]
    session.expire_all()
    told = select(CaseEvent.after).where(CaseEvent.kind == CaseEventKind.ENGAGEMENT_OVERDUE)
    assert session.scalars(told.order_by(CaseEvent.id)).all() == ["papers", "hospitality"]


def test_a_new_year_brings_its_dates(session: Session, database: Database, clock: FrozenClock) -> None:
    contract = running(session)
    session.commit()
    clock.moment = datetime(2027, 2, 1, 12, tzinfo=UTC)
    look_after_engagements(database, clock)
    session.expire_all()
    days = due_days(session, contract)
    assert days["thirteenth:2027"] == date(2027, 12, 31)
    assert days["contributions:2027-04"] == date(2027, 4, 10)
    assert days["contributions:2027-07"] is None


def test_an_alarm_that_was_not_committed_is_told_by_the_next(
    session: Session, database: Database, clock: FrozenClock
) -> None:
    contract = signed(session)
    session.commit()
    clock.moment = datetime(2026, 12, 8, 12, tzinfo=UTC)

    def die() -> None:
        with database.transaction() as dying:
            assert tell_overdue_steps(dying, now=clock()) == 2
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        die()
    assert look_after_engagements(database, clock) == 2
    session.expire_all()
    late = select(EngagementStep).where(EngagementStep.overdue_told_at.is_not(None))
    assert {step.code for step in session.scalars(late)} == {"papers", "inps"}
    assert contract.made.state is EngagementState.SIGNED


def test_a_step_is_done_by_hand_and_open_again(session: Session) -> None:
    contract = signed(session)
    for done_on in (TODAY, None):
        row = set_step(
            session,
            contract.made,
            "papers",
            done_on=done_on,
            not_needed=False,
            document_id=None,
            by="x",
            now=NOW,
        )
        assert (row.done_on, row.done_by) == (done_on, "x" if done_on else None)
    record_hospitality(session, contract.made, TODAY, by="x", now=NOW)
    step = step_of(session, contract.made.id, "hospitality")
    assert step is not None
    assert step.done_on == TODAY


def change(pay: str, *, from_on: date = date(2026, 12, 20), level: CareLevel = CareLevel.CS) -> TermsChange:
    return TermsChange(from_on, level, True, 54, Decimal(pay), PayPeriod.MONTH)


def test_a_change_is_checked_by_the_table_of_its_day(session: Session) -> None:
    made = running(session).made
    change_terms(session, made, change("1300.00"), confirms_unknown=False, by="x", now=NOW)
    with pytest.raises(PayBelowMinimum):
        change_terms(session, made, change("1100.00"), confirms_unknown=False, by="x", now=NOW)
    later = change("1300.00", from_on=date(2027, 1, 1))
    with pytest.raises(MinimumUnknown):
        change_terms(session, made, later, confirms_unknown=False, by="x", now=NOW)
    early = change("1300.00", from_on=START)
    with pytest.raises(EngagementDayRefused):
        change_terms(session, made, early, confirms_unknown=False, by="x", now=NOW)
    assert [row.pay_eur for row in terms_of(session, made.id)] == [Decimal("1250.00"), Decimal("1300.00")]


def test_a_payslip_is_compared_with_what_is_due_for_the_hours(session: Session) -> None:
    facts = with_pay("9.00", PayPeriod.HOUR)
    made = running(session, facts=facts).made
    month = PayslipFacts(date(2026, 12, 1), Decimal("100.5"), Decimal("850.00"))
    row = check_payslip(session, made, month, by="x", now=LATER)
    assert row.due_eur == Decimal("904.50")
    assert difference(row) == Decimal("54.50")
    again = PayslipFacts(date(2026, 12, 15), Decimal("100.5"), Decimal("904.50"))
    assert difference(check_payslip(session, made, again, by="x", now=LATER)) == 0


def test_what_cannot_be_worked_out_is_said_to_be_unknown(session: Session) -> None:
    made = running(session).made
    part = check_payslip(
        session, made, PayslipFacts(date(2026, 12, 1), None, Decimal("900")), by="x", now=LATER
    )
    assert (part.due_eur, difference(part)) == (None, None)
    whole = check_payslip(
        session, made, PayslipFacts(date(2027, 1, 1), None, Decimal("1200")), by="x", now=LATER
    )
    assert difference(whole) == Decimal("50.00")
    early = PayslipFacts(date(2026, 11, 1), None, Decimal("900"))
    with pytest.raises(EngagementDayRefused):
        check_payslip(session, made, early, by="x", now=LATER)


@pytest.mark.parametrize(
    ("side", "days", "reason"),
    [(CareSide.FAMILY, 15, EngagementEnd.BY_FAMILY), (CareSide.WORKER, 8, EngagementEnd.BY_WORKER)],
)
def test_notice_has_its_days_and_the_end_sends_the_request_back(
    session: Session, side: CareSide, days: int, reason: EngagementEnd
) -> None:
    contract = running(session)
    made = contract.made
    give_notice(session, made, side, date(2027, 1, 4), by="x", now=LATER)
    assert (made.state, made.notice_days, made.end_reason) == (EngagementState.NOTICE, days, reason)
    last = last_day_of_notice(made)
    assert last == date(2027, 1, 4) + timedelta(days=days)
    end(session, made, last, reason, looks_again=True, by="x", now=LATER)
    assert (made.state, made.ended_on) == (EngagementState.ENDED, last)
    assert (contract.match.state, contract.match.refused_by) == (CareMatchState.REFUSED, side)
    assert request_state(session, contract) is RequestState.MATCHING


def test_a_death_closes_the_request_and_leaves_the_match_as_it_was_made(session: Session) -> None:
    contract = running(session)
    reason = EngagementEnd.PERSON_DIED
    end(session, contract.made, TODAY + timedelta(days=9), reason, looks_again=True, by="x", now=LATER)
    request = session.get_one(CareRequest, contract.request.id)
    assert (request.state, request.ended_why) == (RequestState.CLOSED, RequestEnd.PERSON_DIED)
    assert contract.match.state is CareMatchState.ENGAGED


def test_a_trial_that_failed_is_the_reason_of_the_match(session: Session) -> None:
    contract = running(session)
    reason = EngagementEnd.TRIAL_NOT_PASSED
    end(session, contract.made, date(2026, 12, 12), reason, looks_again=True, by="x", now=LATER)
    assert contract.match.refusal is CareRefusal.TRIAL_FAILED


def test_the_severance_is_an_estimate_of_the_whole_months(session: Session) -> None:
    contract = running(session)
    estimate = severance_estimate(session, contract.made, today=date(2027, 12, 6))
    assert estimate == (Decimal("1250.00") * 13 / Decimal("13.5")).quantize(Decimal("0.01"))


def test_what_came_to_nothing_frees_match_and_request_and_may_begin_anew(session: Session) -> None:
    contract = drafted(session)
    drop(session, contract.made, CareSide.FAMILY, words="ci hanno ripensato", by="x", now=NOW)
    assert contract.made.state is EngagementState.DROPPED
    again = draft_from_match(session, contract.match, by="x", now=NOW)
    assert (again, again.state) == (contract.made, EngagementState.DRAFT)
    other = signed(session)
    drop(session, other.made, CareSide.WORKER, words=None, by="x", now=NOW)
    assert other.match.state is CareMatchState.REFUSED
    assert request_state(session, other) is RequestState.MATCHING
    with pytest.raises(EngagementMoveRefused):
        drop(session, other.made, CareSide.WORKER, words=None, by="x", now=NOW)
