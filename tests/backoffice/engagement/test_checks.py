from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from backoffice.case.models import Case
from backoffice.client.schemas import CaseType
from backoffice.conversation.models import Audience, Button, Message
from backoffice.database import Database
from backoffice.engagement.checks import ANSWERS, SAYERS, settle_check
from backoffice.engagement.ending import end
from backoffice.engagement.models import EngagementCheck, EngagementEnd
from backoffice.engagement.queries import checks_of
from backoffice.person.models import PersonDetails
from backoffice.reminder.jobs import say_reminders
from backoffice.reminder.models import Reminder
from backoffice.rights.choices import answer_choice
from tests.backoffice.databases import FrozenClock
from tests.backoffice.engagement.contracts import Contract, running, talk
from tests.backoffice.factories import NOW
from translations.catalog import text
from translations.languages import LANGUAGES

WEEK = datetime(2026, 12, 14, 9, tzinfo=UTC)
"""Ten o'clock in Italy, a week after the start."""


def first_check(session: Session, contract: Contract) -> EngagementCheck:
    return checks_of(session, contract.made.id)[0]


def press(session: Session, contract: Contract, answer: str) -> None:
    check = first_check(session, contract)
    answer_choice(session, talk(session, contract), f"engagement:{check.id}:{answer}", now=WEEK)


def said(session: Session, contract: Contract, audience: Audience = Audience.EVERYBODY) -> list[str]:
    statement = select(Message.text).where(
        Message.conversation_id == contract.worker.conversation_id, Message.audience == audience
    )
    return list(session.scalars(statement.order_by(Message.seq)))


def opened(session: Session) -> list[Case]:
    return list(session.scalars(select(Case).where(Case.type == CaseType.RECEPTION)))


def test_the_worker_is_asked_after_one_four_and_twelve_weeks_at_ten_in_italy(session: Session) -> None:
    contract = running(session)
    days = [check.due_on for check in checks_of(session, contract.made.id)]
    assert days == [date(2026, 12, 14), date(2027, 1, 4), date(2027, 3, 1)]
    moments = session.scalars(select(Reminder.due_at).order_by(Reminder.due_at)).all()
    assert moments[0] == WEEK


def test_the_chat_asks_once_in_the_worker_s_language(
    session: Session, database: Database, clock: FrozenClock
) -> None:
    contracts = {language: running(session, language=language) for language in LANGUAGES}
    session.commit()
    clock.moment = WEEK
    assert [say_reminders(database, SAYERS, clock) for _ in range(2)] == [12, 0]
    session.expire_all()
    for language, contract in contracts.items():
        assert said(session, contract) == [text("engagement_chat.ask", language)]
        labels = session.scalars(
            select(Button.label)
            .join(Message, Message.id == Button.message_id)
            .where(Message.conversation_id == contract.worker.conversation_id)
            .order_by(Button.position)
        ).all()
        assert labels == [text(f"engagement_chat.button.{answer}", language) for answer in ANSWERS]
        assert first_check(session, contract).asked_at == WEEK


def test_all_is_well_opens_nothing(session: Session) -> None:
    contract = running(session)
    press(session, contract, "well")
    check = first_check(session, contract)
    assert (check.answer, check.worries, opened(session)) == ("well", False, [])
    assert said(session, contract) == [text("engagement_chat.thanks", "it")]


@pytest.mark.parametrize(
    ("answer", "need"),
    [
        ("not_paid", "work"),
        ("too_many_hours", "work"),
        ("no_rest", "work"),
        ("treated_badly", "exploitation"),
        ("papers_kept", "exploitation"),
        ("talk", "work"),
    ],
)
def test_an_answer_that_worries_opens_an_urgent_case_and_tells_staff_once(
    session: Session, answer: str, need: str
) -> None:
    contract = running(session)
    for _ in range(2):
        press(session, contract, answer)
    (case,) = opened(session)
    assert (case.urgent, case.needs, case.person_id) == (True, [need], contract.worker.person_id)
    assert first_check(session, contract).opened_case_id == case.id
    notes = said(session, contract, Audience.STAFF)
    assert notes == [text(f"backoffice.engagement_said.{answer}", "it", number=case.number)]
    assert not contract.request.urgent  # the family's case learns nothing


@pytest.mark.parametrize("language", ["ar", "uk", "zh"])
@pytest.mark.parametrize("answer", ["papers_kept", "treated_badly"])
def test_violence_and_kept_papers_are_answered_with_the_numbers_at_once(
    session: Session, language: str, answer: str
) -> None:
    contract = running(session, language=language)
    press(session, contract, answer)
    (case,) = opened(session)
    helps, numbers = said(session, contract)
    assert helps == text("engagement_chat.helps", language, number=case.number)
    assert numbers == text("bot.work_problem_numbers", language)
    assert all(number in numbers for number in ("112", "1522", "800 290 290"))


def test_a_worse_answer_after_another_joins_its_need_to_the_same_case(session: Session) -> None:
    contract = running(session)
    for answer in ("well", "no_rest", "papers_kept"):
        press(session, contract, answer)
    (case,) = opened(session)
    assert case.needs == ["exploitation", "work"]
    press(session, contract, "well")
    assert first_check(session, contract).worries


def test_an_answer_counts_after_a_long_silence_too(session: Session) -> None:
    """Twelve weeks lie between: who says that papers are kept is not sent away."""
    contract = running(session)
    check = checks_of(session, contract.made.id)[2]
    late = datetime(2027, 4, 20, 9, tzinfo=UTC)
    answer_choice(session, talk(session, contract), f"engagement:{check.id}:papers_kept", now=late)
    assert len(opened(session)) == 1


def test_another_conversation_or_a_made_up_answer_changes_nothing(session: Session) -> None:
    contract, other = running(session), running(session)
    check = first_check(session, contract)
    for choice in (f"engagement:{check.id}:not_paid", f"engagement:{check.id}:x", "engagement:none:not_paid"):
        answer_choice(session, talk(session, other), choice, now=WEEK)
    assert opened(session) == []
    assert check.answer is None


def test_nobody_is_asked_about_work_that_is_over(
    session: Session, database: Database, clock: FrozenClock
) -> None:
    contract = running(session)
    end(
        session,
        contract.made,
        date(2026, 12, 10),
        EngagementEnd.AGREED,
        looks_again=False,
        by="x",
        now=WEEK,
    )
    session.commit()
    clock.moment = WEEK
    assert say_reminders(database, SAYERS, clock) == 0


def test_who_may_not_be_left_a_message_is_not_asked_and_the_desk_writes_what_it_hears(
    session: Session, database: Database, clock: FrozenClock
) -> None:
    contract = running(session)
    document = {"contact": {"no_messages": True}}
    person_id = contract.worker.person_id
    session.add(PersonDetails(person_id=person_id, document=document, changed_by="x", changed_at=NOW))
    session.commit()
    clock.moment = WEEK
    assert say_reminders(database, SAYERS, clock) == 0
    session.expire_all()
    assert said(session, contract) == []
    settle_check(session, first_check(session, contract), outcome="va bene", by="x", now=WEEK)
    assert first_check(session, contract).outcome == "va bene"
