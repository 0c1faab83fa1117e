from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from backoffice.accompaniment.checklist import Milestone
from backoffice.accompaniment.follow_up import SAYERS
from backoffice.accompaniment.service import end_tenancy, record_day
from backoffice.conversation.models import Audience, Button, Message
from backoffice.database import Database
from backoffice.housing_match.models import MatchSide, RefusalReason
from backoffice.person.models import PersonDetails
from backoffice.plan.queries import checks_of
from backoffice.reminder.jobs import say_reminders
from backoffice.reminder.models import Reminder
from backoffice.rights.choices import answer_choice
from tests.backoffice.accompaniment.households import TODAY, Household, signed, talk
from tests.backoffice.databases import FrozenClock
from tests.backoffice.factories import NOW
from translations.catalog import text
from translations.languages import LANGUAGES


def moved_in(session: Session, *, language: str = "it") -> Household:
    home = signed(session, language=language)
    record_day(session, home.case, Milestone.KEYS, TODAY, by=home.desk.id, now=NOW)
    session.commit()
    return home


def said(session: Session, home: Household) -> list[Message]:
    session.expire_all()
    statement = select(Message).where(Message.conversation_id == home.case.conversation_id)
    return list(session.scalars(statement.order_by(Message.seq)))


def press(session: Session, home: Household, answer: str) -> None:
    check = checks_of(session, home.case.id)[0]
    answer_choice(session, talk(session, home), f"tenancy:{check.id}:{answer}", now=NOW)


def test_checks_follow_the_keys_and_move_with_their_day(session: Session) -> None:
    home = moved_in(session)
    days = [check.due_on for check in checks_of(session, home.case.id)]
    assert days == [date(2027, 1, 2), date(2027, 3, 2), date(2027, 6, 2)]
    record_day(session, home.case, Milestone.KEYS, date(2026, 12, 1), by=home.desk.id, now=NOW)
    record_day(session, home.case, Milestone.KEYS, date(2026, 12, 1), by=home.desk.id, now=NOW)
    assert [check.due_on for check in checks_of(session, home.case.id)] == [
        date(2027, 1, 1),
        date(2027, 3, 1),
        date(2027, 6, 1),
    ]
    waiting = select(Reminder).where(Reminder.ended_at.is_(None)).order_by(Reminder.due_at)
    hours = [reminder.due_at.isoformat() for reminder in session.scalars(waiting)]
    assert hours[0] == "2027-01-01T09:00:00+00:00"  # ten o'clock in Italy
    assert len(hours) == 3


def test_the_chat_asks_once_in_the_person_s_language(
    session: Session, database: Database, clock: FrozenClock
) -> None:
    homes = {language: moved_in(session, language=language) for language in LANGUAGES}
    assert say_reminders(database, SAYERS, clock) == 0
    clock.moment = clock.moment.replace(year=2027, month=1, day=2, hour=9)
    assert [say_reminders(database, SAYERS, clock) for _ in range(3)] == [12, 0, 0]
    for language, home in homes.items():
        (asked,) = said(session, home)
        assert asked.text == text("tenancy.follow_up", language)
        buttons = select(Button.label).where(Button.message_id == asked.id).order_by(Button.position)
        labels = session.scalars(buttons).all()
        assert (labels[0], len(labels)) == (text("tenancy.button.well", language), 5)


def test_all_is_well_is_written_into_the_check_and_nothing_more(session: Session) -> None:
    home = moved_in(session)
    press(session, home, "well")
    check = checks_of(session, home.case.id)[0]
    assert check.done_on == TODAY
    assert "va tutto bene" in (check.outcome or "")
    assert not home.case.urgent


@pytest.mark.parametrize("answer", ["rent", "neighbours", "home", "talk"])
def test_an_answer_that_worries_makes_the_case_urgent_and_leaves_one_note(
    session: Session, answer: str
) -> None:
    home = moved_in(session)
    for _ in range(2):
        press(session, home, answer)
    assert home.case.urgent
    notes = [each for each in said(session, home) if each.audience is Audience.STAFF]
    assert len(notes) == 1
    shown = [each.text for each in said(session, home) if each.audience is Audience.EVERYBODY]
    assert shown == [text("tenancy.follow_up_helps", "it")] * 2


def test_a_worry_after_all_is_well_still_counts(session: Session) -> None:
    home = moved_in(session)
    press(session, home, "well")
    press(session, home, "rent")
    assert home.case.urgent


def test_another_conversation_or_a_made_up_answer_changes_nothing(session: Session) -> None:
    home, other = moved_in(session), moved_in(session)
    check = checks_of(session, home.case.id)[0]
    for choice in (f"tenancy:{check.id}:rent", f"tenancy:{check.id}:drop", "tenancy:none:rent"):
        answer_choice(session, talk(session, other), choice, now=NOW)
    assert not home.case.urgent
    assert not other.case.urgent
    assert checks_of(session, home.case.id)[0].done_on is None


def test_nothing_is_asked_about_a_contract_that_came_to_nothing(
    session: Session, database: Database, clock: FrozenClock
) -> None:
    home = moved_in(session)
    end_tenancy(session, home.case, MatchSide.SEEKER, RefusalReason.OTHER, None, by=home.desk.id, now=NOW)
    session.commit()
    clock.moment = clock.moment.replace(year=2027, month=1, day=2, hour=9)
    assert say_reminders(database, SAYERS, clock) == 0


def test_who_may_not_be_left_a_message_is_not_asked_in_the_chat(
    session: Session, database: Database, clock: FrozenClock
) -> None:
    home = moved_in(session)
    document = {"contact": {"no_messages": True}}
    session.add(
        PersonDetails(person_id=home.case.person_id, document=document, changed_by="x", changed_at=NOW)
    )
    session.commit()
    clock.moment = clock.moment.replace(year=2027, month=1, day=2, hour=9)
    assert say_reminders(database, SAYERS, clock) == 0
    assert said(session, home) == []
    assert checks_of(session, home.case.id)[0].done_on is None
