"""What each phase needs: told as a list before a step is tried, and as the error of a refused one."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from backoffice.audit.models import AuditEntry
from backoffice.case.errors import AcceptanceRefused, PhaseNotReady, ReasonMissing
from backoffice.case.models import Case, CaseEventKind, NoteContact, NoteKind
from backoffice.case.phases import ORDER, ClosingReason, find_move
from backoffice.case.planning import ActionWords, add_action, add_goal, tell_overdue
from backoffice.case.progress import accept_case, set_outcome, write_review
from backoffice.case.queries import events_of
from backoffice.case.requirements import missing_for
from backoffice.case.service import add_note, assign_case, change_municipality, move_case
from backoffice.case.workload import loads, overdue_rows
from backoffice.client.schemas import ConsentGiven, Phase
from backoffice.consent.service import record_given, record_withdrawn
from backoffice.plan.models import ReceptionOutcome
from backoffice.plan.queries import checks_of, has_untold, progress_of
from backoffice.staff.models import Staff
from backoffice.staff.roles import Role
from tests.backoffice.case.cases import create_case, make_ready, move_through
from tests.backoffice.databases import backend as backend
from tests.backoffice.factories import NOW, create_staff


@pytest.fixture
def case(session: Session) -> Case:
    return create_case(session)


@pytest.fixture
def sara(session: Session) -> Staff:
    return create_staff(session, name="Sara Ferri", roles=frozenset({Role.CASEWORKER}))


def missing(session: Session, case: Case, to: Phase) -> list[str]:
    step = find_move(case.phase, case.phase_before_closing, to)
    assert step is not None
    return [each.code for each in missing_for(session, case, step)]


@pytest.mark.parametrize("phase", ORDER[1:])
def test_a_case_with_all_that_a_phase_needs_enters_it_and_without_stays(
    session: Session, case: Case, sara: Staff, phase: Phase
) -> None:
    before = ORDER[ORDER.index(phase) - 1]
    move_through(session, case, sara, before)
    lacks = missing(session, case, phase)
    assert lacks
    with pytest.raises(PhaseNotReady) as refused:
        move_case(session, case, phase, by=sara.id, now=NOW)
    assert [code for code, _link in refused.value.missing] == lacks
    assert all(link.startswith(f"/cases/{case.id}#") for _code, link in refused.value.missing)
    assert case.phase is before
    make_ready(session, case, sara, phase)
    assert missing(session, case, phase) == []
    move_case(session, case, phase, by=sara.id, now=NOW)
    assert case.phase is phase


def test_consent_of_the_ledger_opens_the_way_and_its_withdrawal_closes_it(
    session: Session, case: Case
) -> None:
    said = ConsentGiven(purpose="housing_search", text_version="1", text="?", language="uk")
    given = record_given(session, said, person_id=case.person_id, conversation_id=None, by="service", now=NOW)
    assert missing(session, case, Phase.TAKING_CHARGE) == []
    record_withdrawn(session, given, by="service", now=NOW + timedelta(minutes=1))
    assert missing(session, case, Phase.TAKING_CHARGE) == ["ground"]


def test_without_a_town_nobody_is_taken_charge_of(session: Session, case: Case, sara: Staff) -> None:
    change_municipality(session, case, None, by=sara.id, now=NOW)
    make_ready(session, case, sara, Phase.TAKING_CHARGE)
    assert missing(session, case, Phase.TAKING_CHARGE) == ["municipality"]


def test_the_step_itself_says_how_a_reception_ended(session: Session, case: Case, sara: Staff) -> None:
    other = create_case(session)
    move_through(session, case, sara, Phase.TAKING_CHARGE)
    assert progress_of(session, case.id).outcome is ReceptionOutcome.TO_TAKE_CHARGE
    reason = ClosingReason.UNREACHABLE
    move_case(session, other, Phase.CLOSED, by=sara.id, now=NOW, closing_reason=reason)
    assert progress_of(session, other.id).outcome is ReceptionOutcome.LOST_CONTACT


def test_a_reception_with_another_outcome_does_not_go_on(session: Session, case: Case, sara: Staff) -> None:
    make_ready(session, case, sara, Phase.TAKING_CHARGE)
    set_outcome(session, case, ReceptionOutcome.ANSWERED, by=sara.id, now=NOW)
    assert missing(session, case, Phase.TAKING_CHARGE) == ["outcome"]


def test_who_is_given_a_case_is_asked_and_only_they_can_say_yes(
    session: Session, case: Case, sara: Staff
) -> None:
    chief = create_staff(session, roles=frozenset({Role.COORDINATOR}))
    move_through(session, case, sara, Phase.TAKING_CHARGE)
    make_ready(session, case, sara, Phase.PLANNING)
    assign_case(session, case, chief, by=chief.id, now=NOW)
    assign_case(session, case, sara, by=chief.id, now=NOW)
    assert missing(session, case, Phase.PLANNING) == ["acceptance"]
    with pytest.raises(AcceptanceRefused):
        accept_case(session, case, by=chief.id, now=NOW)
    accept_case(session, case, by=sara.id, now=NOW)
    assert missing(session, case, Phase.PLANNING) == []


def test_a_note_of_an_interview_is_as_good_as_its_day(session: Session, case: Case, sara: Staff) -> None:
    move_through(session, case, sara, Phase.TAKING_CHARGE)
    kind, words = NoteKind.INTERNAL, "Primo colloquio."
    add_note(session, case, author_id=sara.id, kind=kind, text=words, now=NOW)
    assert "interview" in missing(session, case, Phase.PLANNING)
    contact = NoteContact.INTERVIEW
    add_note(session, case, author_id=sara.id, kind=kind, text=words, contact=contact, now=NOW)
    assert "interview" not in missing(session, case, Phase.PLANNING)


def test_monitoring_plans_three_checks_and_ends_with_a_review(
    session: Session, case: Case, sara: Staff
) -> None:
    move_through(session, case, sara, Phase.MONITORING)
    days = [check.due_on.isoformat() for check in checks_of(session, case.id)]
    assert days == ["2027-01-02", "2027-03-02", "2027-06-02"]
    reason = ClosingReason.GOAL_REACHED
    with pytest.raises(PhaseNotReady):
        move_case(session, case, Phase.CLOSED, by=sara.id, now=NOW, closing_reason=reason)
    with pytest.raises(ReasonMissing):
        write_review(session, case, "  ", by=sara.id, now=NOW)
    write_review(session, case, "Tutto bene.", by=sara.id, now=NOW)
    move_case(session, case, Phase.CLOSED, by=sara.id, now=NOW, closing_reason=reason)
    assert case.phase is Phase.CLOSED


def test_what_is_overdue_raises_its_alarm_once(session: Session, case: Case, sara: Staff) -> None:
    goal = add_goal(session, case, "Una casa", measure=None, by=sara.id, now=NOW)
    due = NOW.date() - timedelta(days=1)
    add_action(session, case, goal.id, ActionWords("Visita", due_on=due), by=sara.id, now=NOW)
    add_action(session, case, goal.id, ActionWords("Oggi", due_on=NOW.date()), by=sara.id, now=NOW)
    assert has_untold(session, today=NOW.date())
    assert [tell_overdue(session, now=NOW) for _time in range(2)] == [1, 0]
    kinds = [event.kind for event in events_of(session, case.id)]
    assert kinds.count(CaseEventKind.ACTION_OVERDUE) == 1


def test_every_act_on_a_case_has_its_event_and_its_audit_entry(
    session: Session, case: Case, sara: Staff
) -> None:
    move_through(session, case, sara, Phase.MONITORING)
    events = [f"case.{event.kind.value}" for event in events_of(session, case.id)]
    audited = select(AuditEntry.action).where(AuditEntry.subject_id == case.id).order_by(AuditEntry.id)
    assert list(session.scalars(audited)) == events
    assert case.version == events_of(session, case.id)[-1].id


def test_the_workload_counts_what_each_colleague_has(session: Session, case: Case, sara: Staff) -> None:
    chief = create_staff(session, name="Carlo Bianchi", roles=frozenset({Role.COORDINATOR}))
    assign_case(session, case, sara, by=chief.id, now=NOW)
    case.urgent = True
    goal = add_goal(session, case, "Una casa", measure=None, by=sara.id, now=NOW)
    due = NOW.date() - timedelta(days=1)
    add_action(session, case, goal.id, ActionWords("Visita", due_on=due), by=sara.id, now=NOW)
    create_case(session)
    found = loads(session, case.organisation_id, today=NOW.date())
    counts = [(each.staff and each.staff.name, each.open, each.urgent, each.waiting) for each in found]
    assert counts == [(None, 1, 0, 0), ("Sara Ferri", 1, 1, 1), ("Carlo Bianchi", 0, 0, 0)]
    late = overdue_rows(session, Case.organisation_id == case.organisation_id, today=NOW.date(), limit=9)
    assert [(each.case.id, each.due_on) for each in late] == [(case.id, due)]
