from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from backoffice.audit.models import AuditEntry, AuditIsAppendOnly
from backoffice.case.errors import (
    AssigneeUnknown,
    CaseIsClosed,
    ClosingReasonMissing,
    PhaseMoveRefused,
    PhaseNotReady,
    ReasonMissing,
)
from backoffice.case.models import Case, CaseEventKind, CaseStatus, NoteKind
from backoffice.case.needs import Need
from backoffice.case.phases import ClosingReason
from backoffice.case.queries import events_of
from backoffice.case.service import add_note, assign_case, change_needs, move_case
from backoffice.client.schemas import Phase
from backoffice.staff.models import Staff
from backoffice.staff.roles import Role
from tests.backoffice.case.cases import create_case, make_ready, move_through
from tests.backoffice.factories import NOW, create_organisation, create_staff


@pytest.fixture
def case(session: Session) -> Case:
    return create_case(session)


@pytest.fixture
def sara(session: Session) -> Staff:
    return create_staff(session, name="Sara Ferri", roles=frozenset({Role.CASEWORKER}))


def move(session: Session, case: Case, to: Phase, **more: object) -> None:
    move_case(session, case, to, by="service", now=NOW, **more)  # type: ignore[arg-type]  # reasons by name


def test_a_new_case_is_in_reception_and_nobody_s(case: Case) -> None:
    assert (case.phase, case.status, case.assignee_id) == (Phase.RECEPTION, CaseStatus.NEW, None)


def test_a_step_forward_leaves_an_event_and_an_audit_entry(session: Session, case: Case, sara: Staff) -> None:
    move_through(session, case, sara, Phase.TAKING_CHARGE)
    event = events_of(session, case.id)[-1]
    assert (event.kind, event.before, event.after) == (CaseEventKind.MOVED, "reception", "taking_charge")
    actions = session.scalars(select(AuditEntry.action).where(AuditEntry.subject_id == case.id)).all()
    assert actions == ["case.opened", "case.ground_set", "case.moved"]


def test_no_step_skips_a_phase(session: Session, case: Case) -> None:
    with pytest.raises(PhaseMoveRefused):
        move(session, case, Phase.PLANNING)


def test_a_step_back_needs_its_reason(session: Session, case: Case, sara: Staff) -> None:
    move_through(session, case, sara, Phase.TAKING_CHARGE)
    with pytest.raises(ReasonMissing):
        move(session, case, Phase.RECEPTION, reason="  ")
    move(session, case, Phase.RECEPTION, reason="manca il primo colloquio")
    assert events_of(session, case.id)[-1].reason == "manca il primo colloquio"


def test_planning_begins_once_somebody_is_responsible(session: Session, case: Case, sara: Staff) -> None:
    move_through(session, case, sara, Phase.TAKING_CHARGE)
    make_ready(session, case, sara, Phase.PLANNING)
    assign_case(session, case, None, by=sara.id, now=NOW)
    with pytest.raises(PhaseNotReady) as refused:
        move(session, case, Phase.PLANNING)
    assert [code for code, _link in refused.value.missing] == ["assignee"]
    assign_case(session, case, sara, by=sara.id, now=NOW)
    move(session, case, Phase.PLANNING)
    assert case.phase is Phase.PLANNING


def test_closing_needs_a_closing_reason_and_reopening_words(
    session: Session, case: Case, sara: Staff
) -> None:
    move_through(session, case, sara, Phase.TAKING_CHARGE)
    with pytest.raises(ClosingReasonMissing):
        move(session, case, Phase.CLOSED)
    move(session, case, Phase.CLOSED, closing_reason=ClosingReason.MOVED_AWAY)
    assert (case.status, case.closing_reason) == (CaseStatus.CLOSED, ClosingReason.MOVED_AWAY)
    with pytest.raises(ReasonMissing):
        move(session, case, Phase.TAKING_CHARGE)
    move(session, case, Phase.TAKING_CHARGE, reason="è tornata")
    assert (case.phase, case.closed_at, case.closing_reason) == (Phase.TAKING_CHARGE, None, None)


def test_a_closed_case_goes_only_to_the_phase_it_had(session: Session, case: Case) -> None:
    move(session, case, Phase.CLOSED, closing_reason=ClosingReason.DUPLICATE)
    with pytest.raises(PhaseMoveRefused):
        move(session, case, Phase.TAKING_CHARGE, reason="perché sì")


def test_assigning_starts_the_work(session: Session, case: Case, sara: Staff) -> None:
    assign_case(session, case, sara, by=sara.id, now=NOW)
    assert (case.status, case.assignee_id) == (CaseStatus.IN_PROGRESS, sara.id)


def test_only_colleagues_who_work_on_cases_can_be_responsible(session: Session, case: Case) -> None:
    stranger = create_staff(
        session, roles=frozenset({Role.CASEWORKER}), organisation=create_organisation(session)
    )
    planner = create_staff(session, roles=frozenset({Role.PLANNER}))
    gone = create_staff(session, roles=frozenset({Role.CASEWORKER}), active=False)
    for staff in (stranger, planner, gone):
        with pytest.raises(AssigneeUnknown):
            assign_case(session, case, staff, by="service", now=NOW)


def test_a_closed_case_is_neither_assigned_nor_edited(session: Session, case: Case, sara: Staff) -> None:
    move(session, case, Phase.CLOSED, closing_reason=ClosingReason.DUPLICATE)
    with pytest.raises(CaseIsClosed):
        assign_case(session, case, sara, by=sara.id, now=NOW)
    with pytest.raises(CaseIsClosed):
        change_needs(session, case, [Need.RENT], by=sara.id, now=NOW)


def test_the_same_again_leaves_no_event(session: Session, case: Case, sara: Staff) -> None:
    assign_case(session, case, sara, by=sara.id, now=NOW)
    change_needs(session, case, [Need.RENT], by=sara.id, now=NOW)
    before = len(events_of(session, case.id))
    assign_case(session, case, sara, by=sara.id, now=NOW)
    change_needs(session, case, [Need.RENT], by=sara.id, now=NOW)
    assert len(events_of(session, case.id)) == before


def test_a_note_keeps_its_words_and_the_history_only_its_kind(
    session: Session, case: Case, sara: Staff
) -> None:
    note = add_note(session, case, author_id=sara.id, kind=NoteKind.INTERNAL, text=" parole ", now=NOW)
    event = events_of(session, case.id)[-1]
    assert note.text == "parole"
    assert (event.kind, event.after, event.reason) == (CaseEventKind.NOTED, "internal", None)


def test_what_has_happened_cannot_be_changed(session: Session, case: Case) -> None:
    entry = session.scalars(select(AuditEntry).where(AuditEntry.subject_id == case.id)).one()
    entry.actor = "somebody else"
    with pytest.raises(AuditIsAppendOnly):
        session.flush()
    session.rollback()
