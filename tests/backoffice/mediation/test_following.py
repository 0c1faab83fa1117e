"""What follows by itself: offers are passed on, the person is reminded and can say no, mail comes once."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backoffice.case.models import CaseEvent, CaseEventKind
from backoffice.conversation.models import Conversation, Message
from backoffice.database import Database
from backoffice.mail.models import Mail
from backoffice.mediation.jobs import look_after_mediation
from backoffice.mediation.models import (
    MediationOffer,
    MediationOfferState,
    MediationState,
    MediationStep,
)
from backoffice.mediation.reminding import SAYERS, tellers
from backoffice.mediation.service import accept, give_back, offer
from backoffice.reminder.jobs import say_reminders
from backoffice.reminder.models import Reminder, ReminderEnd
from backoffice.retention.erase import erase_person
from backoffice.retention.jobs import erase_whose_time_is_over
from backoffice.retention.policy import Purpose, spans
from backoffice.rights.choices import answer_choice
from tests.backoffice.databases import FrozenClock
from tests.backoffice.factories import NOW, create_conversation, create_staff, send
from tests.backoffice.mediation.mediations import create_assigned, create_mediation

BASE = "https://sportello.test.example"


def count(session: Session, kind: type[Mail] | type[Message]) -> int:
    session.expire_all()
    found = session.scalar(select(func.count()).select_from(kind)) or 0
    session.commit()
    return found


def test_an_offer_that_nobody_takes_goes_to_the_next_and_then_to_the_coordinator(
    session: Session, database: Database, clock: FrozenClock
) -> None:
    request = create_mediation(session, starts_at=NOW + timedelta(days=3))
    first, second = (create_staff(session, languages=("ur",)).id for _ in range(2))
    offer(session, request, [(first, [])], until=NOW + timedelta(hours=1), by="s", now=NOW)
    session.commit()
    clock.advance(hours=2)
    assert look_after_mediation(database, BASE, clock) > 0
    assert look_after_mediation(database, BASE, clock) == 0
    states = select(MediationOffer.staff_id, MediationOffer.state)
    assert dict(session.execute(states).all()) == {
        first: MediationOfferState.EXPIRED,
        second: MediationOfferState.OFFERED,
    }
    session.commit()
    clock.advance(hours=13)
    look_after_mediation(database, BASE, clock)
    assert look_after_mediation(database, BASE, clock) == 0
    steps = session.scalars(select(MediationStep.after).order_by(MediationStep.id)).all()
    assert steps[-1] == "nobody_free"
    assert steps.count("nobody_free") == 1


def test_what_is_given_back_goes_to_who_was_too_late(
    session: Session, database: Database, clock: FrozenClock
) -> None:
    request = create_mediation(session, starts_at=NOW + timedelta(days=3))
    both = [(create_staff(session, languages=("ur",)).id, ["variety"]) for _ in range(2)]
    first, second = offer(session, request, both, until=NOW + timedelta(hours=8), by="s", now=NOW)
    accept(session, first, now=NOW)
    give_back(session, request, by=first.staff_id, now=NOW)
    session.commit()
    look_after_mediation(database, BASE, clock)
    session.refresh(second)
    assert second.state is MediationOfferState.OFFERED


def test_the_person_is_reminded_in_their_language_and_no_place_is_named_that_is_confidential(
    session: Session, database: Database, clock: FrozenClock
) -> None:
    create_assigned(session, place="Consultorio", confidential=True)
    session.commit()
    clock.advance(hours=22)
    say_reminders(database, SAYERS, clock, tellers(BASE))
    said = session.scalars(select(Message.text).where(Message.author == "system")).one()
    assert "اردو" in said
    assert "Consultorio" not in said


def test_who_cannot_come_says_so_with_a_button_and_the_service_has_mail(
    session: Session, database: Database, clock: FrozenClock
) -> None:
    request = create_assigned(session)
    session.commit()
    look_after_mediation(database, BASE, clock)
    before = count(session, Mail)
    conversation = session.scalars(select(Conversation)).one()
    for _ in range(2):
        answer_choice(session, conversation, f"mediation:{request.id}:cannot", now=NOW)
    session.commit()
    look_after_mediation(database, BASE, clock)
    assert count(session, Mail) == before + 2
    told = select(CaseEvent.after).where(CaseEvent.kind == CaseEventKind.MEDIATION_CHANGED)
    assert session.scalars(told.order_by(CaseEvent.id.desc())).first() == "person_cannot"


def test_a_button_of_somebody_else_s_chat_changes_nothing(session: Session) -> None:
    request = create_assigned(session)
    stranger = create_conversation(session)
    send(session, stranger)
    answer_choice(session, stranger, f"mediation:{request.id}:cannot", now=NOW)
    assert session.scalar(select(MediationStep.id).where(MediationStep.after == "person_cannot")) is None


def test_nobody_is_reminded_of_what_was_given_back(
    session: Session, database: Database, clock: FrozenClock
) -> None:
    request = create_assigned(session)
    give_back(session, request, by=str(request.mediator_id), now=NOW)
    session.commit()
    clock.advance(hours=22)
    assert say_reminders(database, SAYERS, clock, tellers(BASE)) == 0
    assert set(session.scalars(select(Reminder.end))) == {ReminderEnd.CANCELLED}


def test_of_somebody_who_is_erased_the_words_go_and_the_hours_stay(session: Session) -> None:
    request = create_assigned(session, topic="canarino", place="canarino")
    erase_person(session, person_in_the_chat(session), by="x", now=NOW)
    session.commit()
    session.refresh(request)
    assert (request.topic, request.place, request.case_id) == (None, None, None)
    assert (request.state, request.language, request.minutes) == (MediationState.CANCELLED, "ur", 60)
    assert session.scalars(select(Reminder.id)).all() == []


def test_the_words_of_a_request_without_a_case_go_after_a_year(
    session: Session, database: Database, clock: FrozenClock
) -> None:
    request = create_mediation(session, topic="visita", contact="reparto")
    session.commit()
    clock.advance(days=366)
    assert erase_whose_time_is_over(database, spans(None), clock)[Purpose.MEDIATION] == 1
    session.refresh(request)
    assert (request.topic, request.contact, request.minutes) == (None, None, 60)


def person_in_the_chat(session: Session) -> str:
    person_id = session.scalars(select(Conversation.person_id)).one()
    assert person_id is not None
    return person_id
