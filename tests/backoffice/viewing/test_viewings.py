"""A household looks at a home: dates offered and chosen in the chat, moved, done; reminders go with them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from icalendar import Calendar
from sqlalchemy import select
from sqlalchemy.orm import Session

from backoffice.case.models import Case
from backoffice.conversation.models import Button, Conversation, Message
from backoffice.housing_match.models import MatchState
from backoffice.person.models import Person
from backoffice.person.service import change_person
from backoffice.reminder.models import Reminder, ReminderEnd
from backoffice.rights.choices import answer_choice
from backoffice.viewing.calendar import calendar_file
from backoffice.viewing.errors import MomentRefused, ViewingMoveRefused
from backoffice.viewing.models import Viewing, ViewingState
from backoffice.viewing.moments import check_moment, evening_before, in_italy
from backoffice.viewing.service import (
    ask_for_viewing,
    cancel_viewing,
    finish_viewing,
    fix_viewing,
    propose_dates,
)
from tests.backoffice.case.cases import create_person
from tests.backoffice.databases import backend as backend
from tests.backoffice.factories import NOW, create_conversation, send
from tests.backoffice.homes import create_household, create_listing, create_match

BASE = "https://sportello.example.org"
THURSDAY = datetime(2026, 12, 10, 9, 30, tzinfo=UTC)
FRIDAY = THURSDAY + timedelta(days=1)


def asked(session: Session, language: str = "bn") -> tuple[Viewing, Conversation]:
    person = create_person(session)
    conversation = create_conversation(session)
    conversation.language, conversation.person_id = language, person.id
    send(session, conversation, "cerco casa")
    case = create_household(session, person=person, conversation=conversation)
    match = create_match(session, case=case, listing=create_listing(session))
    return ask_for_viewing(session, match, by="service", now=NOW), conversation


def fixed(session: Session, language: str = "it") -> tuple[Viewing, Conversation]:
    viewing, conversation = asked(session, language)
    fix(session, viewing, THURSDAY)
    return viewing, conversation


def fix(session: Session, viewing: Viewing, at: datetime) -> None:
    fix_viewing(
        session, viewing, at, meeting_place=None, interpreter=None, base_url=BASE, by="service", now=NOW
    )


def said(session: Session, conversation: Conversation) -> list[str]:
    statement = select(Message.text).where(Message.conversation_id == conversation.id).order_by(Message.seq)
    return list(session.scalars(statement))


def payloads(session: Session, conversation: Conversation) -> list[str]:
    statement = (
        select(Button.payload).where(Button.conversation_id == conversation.id).order_by(Button.payload)
    )
    return [payload.removeprefix("choice:") for payload in session.scalars(statement)]


def test_dates_are_offered_in_the_persons_language_and_one_is_chosen_by_a_button(session: Session) -> None:
    viewing, conversation = asked(session, "bn")
    propose_dates(session, viewing, [FRIDAY, THURSDAY], base_url=BASE, by="owner", now=NOW)
    session.commit()
    assert "বৃহস্পতিবার" in said(session, conversation)[-1]
    chosen = next(each for each in payloads(session, conversation) if "2026-12-10" in each)
    answer_choice(session, conversation, chosen, now=NOW)
    session.commit()
    assert (viewing.state, viewing.starts_at) == (ViewingState.FIXED, THURSDAY)
    assert viewing.match.state is MatchState.VISIT_FIXED
    last = said(session, conversation)[-1]
    assert "Via Inventata 12" in last
    assert f"{BASE}/viewings/calendar/" in last


def test_the_address_is_told_only_with_the_date(session: Session) -> None:
    viewing, conversation = asked(session, "it")
    propose_dates(session, viewing, [THURSDAY], base_url=BASE, by="owner", now=NOW)
    assert not any("Via Inventata" in text for text in said(session, conversation))


def test_none_of_the_dates_suits_and_others_are_wanted(session: Session) -> None:
    viewing, conversation = asked(session, "it")
    propose_dates(session, viewing, [THURSDAY], base_url=BASE, by="owner", now=NOW)
    answer_choice(session, conversation, f"viewing:{viewing.id}:none", now=NOW)
    assert (viewing.state, viewing.proposed) == (ViewingState.ASKED, [])
    assert "altre date" in said(session, conversation)[-1]


def test_a_date_that_is_past_when_it_is_chosen_is_not_fixed(session: Session) -> None:
    viewing, conversation = asked(session, "it")
    propose_dates(session, viewing, [THURSDAY], base_url=BASE, by="owner", now=NOW)
    code = payloads(session, conversation)[0]
    answer_choice(session, conversation, code, now=THURSDAY + timedelta(minutes=1))
    assert viewing.state is ViewingState.PROPOSED
    assert "non si può più" in said(session, conversation)[-1]


def test_nobody_answers_for_somebody_elses_viewing(session: Session) -> None:
    viewing, _conversation = fixed(session)
    other = create_conversation(session)
    answer_choice(session, other, f"viewing:{viewing.id}:cannot", now=NOW)
    assert viewing.state is ViewingState.FIXED


def test_reminders_follow_a_viewing_that_is_moved_and_end_with_it(session: Session) -> None:
    viewing, _conversation = fixed(session)
    waiting = select(Reminder.due_at).where(Reminder.ended_at.is_(None)).order_by(Reminder.due_at)
    assert session.scalars(waiting).all() == [
        datetime(2026, 12, 9, 17, 0, tzinfo=UTC),
        THURSDAY - timedelta(hours=2),
    ]
    fix(session, viewing, FRIDAY)
    assert session.scalars(waiting).all() == [
        datetime(2026, 12, 10, 17, 0, tzinfo=UTC),
        FRIDAY - timedelta(hours=2),
    ]
    cancel_viewing(session, viewing, "malato", by="service", now=NOW)
    assert session.scalars(waiting).all() == []
    ends = session.scalars(select(Reminder.end)).all()
    assert set(ends) == {ReminderEnd.CANCELLED}


def test_the_household_is_told_of_another_date_and_of_a_cancellation(session: Session) -> None:
    viewing, conversation = fixed(session)
    fix(session, viewing, FRIDAY)
    assert "è cambiata" in said(session, conversation)[-1]
    cancel_viewing(session, viewing, None, by="service", now=NOW)
    assert "non si fa più" in said(session, conversation)[-1]
    assert viewing.match.state is MatchState.INTERESTED


def test_who_cannot_come_says_so_with_one_button(session: Session) -> None:
    viewing, conversation = fixed(session)
    answer_choice(session, conversation, f"viewing:{viewing.id}:cannot", now=NOW)
    assert viewing.state is ViewingState.CANCELLED
    assert "annullata" in said(session, conversation)[-1]


def test_after_the_viewing_the_household_decides(session: Session) -> None:
    viewing, conversation = fixed(session)
    with pytest.raises(ViewingMoveRefused):
        finish_viewing(session, viewing, {}, by="service", now=NOW)
    later = THURSDAY + timedelta(hours=1)
    finish_viewing(session, viewing, {"damp": "bad", "words": "muffa"}, by="service", now=later)
    assert viewing.match.state.value == "visited"
    answer_choice(session, conversation, f"viewing:{viewing.id}:want", now=later)
    session.commit()
    assert viewing.match.state.value == "accepted_by_seeker"
    assert viewing.form["words"] == "muffa"


def test_somebody_whom_no_message_may_reach_gets_none(session: Session) -> None:
    viewing, conversation = asked(session, "it")
    case = session.get_one(Case, viewing.case_id)
    change_person(
        session,
        session.get_one(Person, case.person_id),
        {"contact": {"no_messages": True}},
        seen=0,
        key=b"k" * 32,
        by="service",
        now=NOW,
    )
    session.commit()
    before = said(session, conversation)
    fix(session, viewing, THURSDAY)
    assert said(session, conversation) == before


def test_one_viewing_a_match_is_under_way(session: Session) -> None:
    viewing, _conversation = asked(session)
    assert ask_for_viewing(session, viewing.match, by="service", now=NOW).id == viewing.id


@pytest.mark.parametrize(
    ("moment", "why"),
    [
        (NOW - timedelta(minutes=1), "past"),
        (NOW + timedelta(days=61), "far"),
        (datetime(2026, 12, 10, 3, 0, tzinfo=UTC), "night"),
        (datetime(2026, 12, 10, 21, 0, tzinfo=UTC), "night"),
    ],
)
def test_a_moment_at_which_nobody_looks_at_a_home_is_refused_with_its_reason(
    moment: datetime, why: str
) -> None:
    with pytest.raises(MomentRefused) as refused:
        check_moment(moment, now=NOW)
    assert refused.value.why == why


def test_hours_are_italys_across_the_change_to_summer_time() -> None:
    assert in_italy("2027-03-27T10:00") == datetime(2027, 3, 27, 9, 0, tzinfo=UTC)
    assert in_italy("2027-03-29T10:00") == datetime(2027, 3, 29, 8, 0, tzinfo=UTC)
    sunday = in_italy("2027-03-28T10:00")
    assert evening_before(sunday) == datetime(2027, 3, 27, 17, 0, tzinfo=UTC)


def test_a_calendar_takes_the_newer_date_in_place_of_the_older(session: Session) -> None:
    viewing, _conversation = fixed(session)
    first = Calendar.from_ical(calendar_file(viewing, title="Visita", words="", now=NOW)).events[0]
    fix(session, viewing, FRIDAY)
    second = Calendar.from_ical(calendar_file(viewing, title="Visita", words="", now=NOW)).events[0]
    assert first["UID"] == second["UID"]
    assert (first["SEQUENCE"], second["SEQUENCE"]) == (1, 2)
    assert second.start == FRIDAY
    cancel_viewing(session, viewing, None, by="service", now=NOW)
    gone = Calendar.from_ical(calendar_file(viewing, title="Visita", words="", now=NOW))
    assert (gone["METHOD"], gone.events[0]["STATUS"]) == ("CANCEL", "CANCELLED")
