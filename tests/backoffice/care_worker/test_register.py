"""Into the register comes who meets every condition, each with its proof; the chat says what happens."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from backoffice.care_worker.eligibility import Proof, rules_of
from backoffice.care_worker.errors import NotEligible
from backoffice.care_worker.interview import plan_interview
from backoffice.care_worker.jobs import look_after_workers
from backoffice.care_worker.models import (
    CareWorker,
    EligibilityProof,
    WantedDocument,
    WorkerReason,
    WorkerState,
)
from backoffice.care_worker.profile import want_documents
from backoffice.care_worker.proofs import note_proof
from backoffice.care_worker.service import change_profile, move_worker
from backoffice.care_worker.telling import SAYERS
from backoffice.care_worker.work import PeriodFacts, add_period
from backoffice.case.models import Case, CaseEvent, CaseEventKind
from backoffice.client.schemas import CaseType
from backoffice.conversation.models import Message
from backoffice.database import Database
from backoffice.person.models import Person, PersonDetails
from backoffice.reminder.jobs import say_reminders
from tests.backoffice.care import create_worker
from tests.backoffice.care_worker.workers import create_eligible
from tests.backoffice.case.cases import create_case
from tests.backoffice.databases import FrozenClock
from tests.backoffice.document.documents import create_document
from tests.backoffice.factories import NOW, create_conversation, create_staff, send
from translations.catalog import text
from translations.languages import LANGUAGES

TODAY = date(2026, 12, 2)
S = WorkerState


def states(session: Session, case: Case) -> dict[str, str]:
    return {rule.code: rule.state.value for rule in rules_of(session, case, today=TODAY)}


def move(session: Session, case: Case, *to: WorkerState, reason: WorkerReason | None = None) -> None:
    for each in to:
        move_worker(session, case, each, by="service", now=NOW, reason=reason)


def in_chat(session: Session, *, language: str = "it", state: WorkerState = S.APPLIED) -> Case:
    conversation = create_conversation(session, language=language)
    send(session, conversation)
    person = session.get_one(Person, conversation.person_id) if conversation.person_id else None
    return create_worker(session, state=state, conversation=conversation, person=person)


def said(session: Session, case: Case) -> list[str]:
    session.expire_all()
    messages = select(Message.text).where(Message.conversation_id == case.conversation_id)
    found = list(session.scalars(messages.order_by(Message.seq)))[1:]
    session.commit()
    return found


def test_who_meets_every_condition_with_its_proof_comes_into_the_register(session: Session) -> None:
    case = create_eligible(session)
    assert set(states(session, case).values()) == {"met"}
    move(session, case, S.ELIGIBLE, S.REGISTERED)
    assert session.get_one(CareWorker, case.id).registered_on == TODAY


@pytest.mark.parametrize(
    ("proof", "rule"),
    [
        (Proof.IDENTITY, "adult"),
        (Proof.NO_CONVICTIONS, "no_convictions"),
        (Proof.RESIDENCE, "residence"),
        (Proof.HOME_ECONOMICS, "home_economics"),
        (Proof.ITALIAN, "italian"),
        (Proof.COURSE, "preparation"),
        (Proof.PERMIT, "permit"),
    ],
)
@pytest.mark.parametrize("is_met", [None, False])
def test_one_condition_that_is_open_or_missing_keeps_out(
    session: Session, proof: Proof, rule: str, is_met: bool | None
) -> None:
    case = create_eligible(session)
    note_proof(session, case, proof, is_met, by="service", now=NOW)
    with pytest.raises(NotEligible) as refused:
        move(session, case, S.ELIGIBLE)
    assert refused.value.rules == (rule,)
    assert session.get_one(CareWorker, case.id).state is S.INTERVIEW


def test_a_condition_lost_after_eligible_keeps_out_of_the_register_and_from_coming_back(
    session: Session,
) -> None:
    case = create_eligible(session)
    move(session, case, S.ELIGIBLE)
    change_profile(session, case, {"permit_expires_on": "2026-12-01"}, by="service", now=NOW)
    with pytest.raises(NotEligible):
        move(session, case, S.REGISTERED)
    change_profile(session, case, {"permit_expires_on": "2027-12-01"}, by="service", now=NOW)
    move(session, case, S.REGISTERED)
    move(session, case, S.SUSPENDED, reason=WorkerReason.PERMIT_EXPIRED)
    note_proof(session, case, Proof.NO_CONVICTIONS, None, by="service", now=NOW)
    with pytest.raises(NotEligible):
        move(session, case, S.REGISTERED)


def test_twelve_months_with_contracts_and_papers_stand_for_the_course(session: Session) -> None:
    case, staff = create_eligible(session, certificates=[]), create_staff(session)
    note_proof(session, case, Proof.COURSE, False, by="service", now=NOW)
    note_proof(session, case, Proof.TITLE, None, by="service", now=NOW)
    worked = PeriodFacts(date(2025, 6, 1), date(2026, 7, 1), is_regular=True)
    row = add_period(session, case, worked, by="service", now=NOW)
    assert states(session, case)["preparation"] == "to_prove"
    row.document_id = create_document(session, case, staff).id
    session.flush()
    assert states(session, case)["preparation"] == "met"
    row.is_regular = False
    session.flush()
    assert states(session, case)["preparation"] == "not_met"


def test_a_citizen_of_the_union_is_asked_no_permit(session: Session) -> None:
    case = create_eligible(session, eu_citizen=True, permit_expires_on=None, permit_allows_work=None)
    note_proof(session, case, Proof.PERMIT, None, by="service", now=NOW)
    assert states(session, case)["permit"] == "met"


def test_what_nobody_has_seen_proves_nothing(session: Session) -> None:
    case = create_worker(session, state=S.INTERVIEW)
    assert set(states(session, case).values()) == {"to_prove"}
    assert session.scalars(select(EligibilityProof)).all() == []


@pytest.mark.parametrize("language", list(LANGUAGES))
def test_the_chat_says_every_state_in_the_person_s_language(session: Session, language: str) -> None:
    case = in_chat(session, language=language)
    want_documents(session, case, [WantedDocument.PERMIT], by="service", now=NOW)
    move(session, case, S.DOCUMENTS_MISSING)
    plan_interview(session, case, NOW + timedelta(days=2), "Via Inventata 1", by="service", now=NOW)
    move(session, case, S.INTERVIEW)
    move(session, case, S.REFUSED, reason=WorkerReason.NOT_ELIGIBLE)
    move(session, case, S.APPLIED)
    missing, planned, interview, refused, applied = said(session, case)
    assert text("care_register.document.permit", language) in missing
    assert planned == interview
    assert "Via Inventata 1" in planned
    assert "11:00" in planned
    assert text("care_register.reason.not_eligible", language) in refused
    assert applied == text("care_register.applied", language)


def test_who_may_not_be_left_messages_is_not_written_to(session: Session) -> None:
    case = in_chat(session)
    hidden = PersonDetails(
        person_id=case.person_id, document={"contact": {"no_messages": True}}, changed_by="x", changed_at=NOW
    )
    session.add(hidden)
    session.flush()
    session.expire_all()
    move(session, case, S.INTERVIEW)
    assert said(session, case) == []


def test_who_was_silent_for_90_days_is_told_nothing(session: Session) -> None:
    case = in_chat(session)
    move_worker(session, case, S.INTERVIEW, by="service", now=NOW + timedelta(days=91))
    assert said(session, case) == []


def permit_alarms(session: Session) -> list[str | None]:
    session.expire_all()
    kind = CaseEvent.kind == CaseEventKind.PERMIT_EXPIRES
    found = list(session.scalars(select(CaseEvent.after).where(kind).order_by(CaseEvent.id)))
    session.commit()
    return found


def test_a_permit_is_told_60_days_before_its_end_once_an_end_in_case_and_chat(
    session: Session, database: Database, clock: FrozenClock
) -> None:
    case = in_chat(session, state=S.REGISTERED)
    change_profile(session, case, {"permit_expires_on": "2027-02-01"}, by="service", now=NOW)
    session.commit()
    clock.moment = datetime(2026, 12, 2, 22, 59, tzinfo=clock.moment.tzinfo)
    assert look_after_workers(database, clock) == 0
    clock.advance(minutes=1)  # the 3rd of December in Italy: 60 days
    assert [look_after_workers(database, clock) for _ in range(3)] == [1, 0, 0]
    assert permit_alarms(session) == ["2027-02-01"]
    assert say_reminders(database, SAYERS, clock) == 0
    clock.advance(hours=10)
    assert [say_reminders(database, SAYERS, clock) for _ in range(2)] == [1, 0]
    assert said(session, case) == [text("care_register.permit_expires", "it", day="1 febbraio 2027")]
    clock.moment = datetime(2027, 2, 3, 12, tzinfo=clock.moment.tzinfo)
    assert look_after_workers(database, clock) == 0
    worker = session.get_one(CareWorker, case.id)
    assert worker.state is S.REGISTERED  # nobody is suspended by a date
    change_profile(session, case, {"permit_expires_on": "2027-03-01"}, by="service", now=clock())
    session.commit()
    assert look_after_workers(database, clock) == 1
    assert permit_alarms(session) == ["2027-02-01", "2027-03-01"]


def test_a_later_permit_among_the_documents_is_followed_and_a_reminder_for_the_old_one_falls_silent(
    session: Session, database: Database, clock: FrozenClock
) -> None:
    case, staff = in_chat(session, state=S.REGISTERED), create_staff(session)
    change_profile(session, case, {"permit_expires_on": "2026-12-20"}, by="service", now=NOW)
    session.commit()
    assert look_after_workers(database, clock) == 1
    create_document(session, case, staff, expires_on=date(2028, 12, 20))
    session.commit()
    assert look_after_workers(database, clock) == 0
    session.expire_all()
    assert session.get_one(CareWorker, case.id).permit_expires_on == date(2028, 12, 20)
    session.commit()
    clock.advance(days=1)
    assert say_reminders(database, SAYERS, clock) == 0
    assert said(session, case) == []


def test_who_is_refused_or_removed_is_told_of_no_permit(
    session: Session, database: Database, clock: FrozenClock
) -> None:
    case = create_worker(session, state=S.APPLIED, permit_expires_on=date(2026, 12, 10))
    move(session, case, S.REFUSED, reason=WorkerReason.OTHER)
    session.commit()
    assert look_after_workers(database, clock) == 0


def test_a_case_that_was_opened_by_another_way_joins_the_register(
    session: Session, database: Database, clock: FrozenClock
) -> None:
    case = create_case(session, type=CaseType.CARE_WORK)
    create_case(session, type=CaseType.HOUSING)
    session.commit()
    assert [look_after_workers(database, clock) for _ in range(2)] == [1, 0]
    assert session.scalars(select(CareWorker.case_id)).all() == [case.id]
