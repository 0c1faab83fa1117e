"""An offer goes to the worker first, then a profile without a name to the family; both say yes or no."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from backoffice.care_match.candidates import propose_pair
from backoffice.care_match.errors import (
    CareMoveRefused,
    NobodyToWriteTo,
    TooManyCandidates,
    TrialDaysWrong,
    WorkerNotAsked,
)
from backoffice.care_match.interviews import SAYERS, calendar_file, fix_interview, start_trial
from backoffice.care_match.models import CareMatch, CareMatchState, CareRefusal, CareSide
from backoffice.care_match.offers import give_contacts, note_answer, offer, show_family, take_back, withdraw
from backoffice.care_match.queries import is_unanswered
from backoffice.care_match.telling import TO_FAMILY, TO_WORKER, Pay
from backoffice.care_request.models import CareRequest, RequestState
from backoffice.case.models import Case
from backoffice.conversation.models import Conversation, Message
from backoffice.person.details import Details
from backoffice.person.models import Person, PersonDetails
from backoffice.reminder.models import Reminder
from backoffice.reminder.service import say_due
from backoffice.rights.choices import answer_choice
from backoffice.viewing.errors import MomentRefused
from tests.backoffice.care import create_request, create_worker
from tests.backoffice.case.cases import create_person
from tests.backoffice.databases import backend as backend
from tests.backoffice.factories import NOW, create_conversation, send
from translations.languages import SUPPORTED

S = CareMatchState
LATER = NOW + timedelta(days=2)
WORKER_NAME, FAMILY_NAME = "Олена Коваленко", "Rosa Inventata"
PAY = Pay(Decimal("1193.84"))


def matched(session: Session, *, language: str = "uk", chats: bool = True) -> CareMatch:
    """Propose a worker to a family; both use the chat."""
    talks = [talking(session, each) if chats else None for each in (language, "it")]
    worker = create_worker(
        session,
        person=create_person(session, name=WORKER_NAME, phone="+393330000001"),
        conversation=talks[0],
    )
    family = create_request(
        session,
        person=create_person(session, name=FAMILY_NAME, phone="+393330000002"),
        conversation=talks[1],
    )
    return propose_pair(session, family, worker, by="service", now=NOW)


def talking(session: Session, language: str) -> Conversation:
    conversation = create_conversation(session, language=language)
    send(session, conversation)
    return conversation


def careful(session: Session, case_id: str, **contact: bool) -> None:
    """Note how the person of a case may be reached without danger."""
    person = session.get_one(Person, session.get_one(Case, case_id).person_id)
    document = Details.model_validate({"contact": contact}).model_dump(mode="json")
    row = PersonDetails(
        person_id=person.id, document=document, version=1, changed_by="service", changed_at=NOW
    )
    session.add(row)
    session.flush()
    session.refresh(person)


def chat(session: Session, case_id: str) -> Conversation:
    return session.get_one(Conversation, session.get_one(Case, case_id).conversation_id)


def said(session: Session, case_id: str) -> list[str]:
    """Return what was said in the chat of a case, the newest first."""
    statement = select(Message).where(Message.conversation_id == chat(session, case_id).id)
    return [each.text or "" for each in session.scalars(statement.order_by(Message.seq.desc()))]


def tap(session: Session, match: CareMatch, case_id: str, what: str) -> None:
    answer_choice(session, chat(session, case_id), f"care_offer:{match.id}:{what}", now=NOW)


def both_yes(session: Session, match: CareMatch) -> None:
    offer(session, match, PAY, by="service", now=NOW)
    tap(session, match, match.worker_id, "yes")
    tap(session, match, match.request_id, "meet")


def test_the_worker_reads_town_hours_and_pay_and_nothing_that_names_the_family(session: Session) -> None:
    match = matched(session)
    assert offer(session, match, PAY, by="service", now=NOW)
    told = said(session, match.worker_id)[0]
    assert "1193,84" in told
    assert "Crema" in told
    assert "54" in told
    assert FAMILY_NAME not in told
    assert "Rosa" not in told
    assert match.state is S.WORKER_INFORMED


@pytest.mark.parametrize("language", SUPPORTED)
def test_an_offer_and_a_profile_are_told_in_every_language(session: Session, language: str) -> None:
    match = matched(session, language=language)
    chat(session, match.request_id).language = language
    both_yes(session, match)
    for case_id in (match.worker_id, match.request_id):
        assert len(said(session, case_id)) >= 2
        assert not [words for words in said(session, case_id) if "{" in words]


def test_a_yes_of_the_worker_shows_the_family_a_numbered_profile_without_a_name(session: Session) -> None:
    match = matched(session)
    offer(session, match, PAY, by="service", now=NOW)
    tap(session, match, match.worker_id, "yes")
    told = said(session, match.request_id)[0]
    assert told.startswith("Profilo 1")
    assert "ucraino" in told
    assert "Anziani" in told
    assert WORKER_NAME not in told
    assert "Олена" not in told
    assert "333" not in told
    assert (match.state, match.worker_said) == (S.FAMILY_INFORMED, True)


def test_two_yes_make_both_interested_and_the_worker_hears_of_it(session: Session) -> None:
    match = matched(session)
    both_yes(session, match)
    assert match.state is S.BOTH_INTERESTED
    assert "родина" in said(session, match.worker_id)[0]


@pytest.mark.parametrize("what", TO_WORKER[1:])
def test_a_no_of_the_worker_has_no_effect_but_its_reason(session: Session, what: str) -> None:
    match = matched(session)
    offer(session, match, None, by="service", now=NOW)
    tap(session, match, match.worker_id, what)
    assert (match.state, match.refused_by, match.worker_said) == (S.REFUSED, CareSide.WORKER, False)
    other, worker = create_request(session), session.get_one(Case, match.worker_id)
    assert propose_pair(session, other, worker, by="service", now=NOW).state is S.PROPOSED


@pytest.mark.parametrize("what", TO_FAMILY[1:])
def test_a_no_of_the_family_is_told_to_the_worker_who_had_said_yes(session: Session, what: str) -> None:
    match = matched(session)
    offer(session, match, None, by="service", now=NOW)
    tap(session, match, match.worker_id, "yes")
    tap(session, match, match.request_id, what)
    assert (match.state, match.refused_by) == (S.REFUSED, CareSide.FAMILY)
    assert "пропозиція" in said(session, match.worker_id)[0]


def test_a_button_of_somebody_else_s_match_changes_nothing(session: Session) -> None:
    match, other = matched(session), matched(session)
    offer(session, match, None, by="service", now=NOW)
    for case_id in (other.worker_id, match.request_id):
        tap(session, match, case_id, "yes")
    tap(session, match, match.worker_id, "nonsense")
    tap(session, match, match.worker_id, "meet")
    assert (match.state, match.worker_said, match.family_said) == (S.WORKER_INFORMED, None, None)


def test_an_answer_that_comes_too_late_or_twice_says_so_and_changes_nothing(session: Session) -> None:
    match = matched(session)
    both_yes(session, match)
    tap(session, match, match.worker_id, "pay")
    assert match.state is S.BOTH_INTERESTED
    assert "вже не діє" in said(session, match.worker_id)[0]


def test_the_family_is_not_shown_a_worker_who_has_not_said_yes(session: Session) -> None:
    match = matched(session)
    with pytest.raises(WorkerNotAsked):
        show_family(session, match, by="service", now=NOW)
    yes = {"is_yes": True, "reason": None, "words": None, "by": "service", "now": NOW}
    with pytest.raises(WorkerNotAsked):
        note_answer(session, match, CareSide.FAMILY, **yes)  # type: ignore[arg-type]
    with pytest.raises(CareMoveRefused):
        note_answer(session, match, CareSide.DESK, **yes)  # type: ignore[arg-type]


def test_who_does_not_chat_is_called_and_the_desk_notes_the_answers(session: Session) -> None:
    match = matched(session, chats=False)
    states = []
    assert not offer(session, match, PAY, by="service", now=NOW)
    yes = {"is_yes": True, "reason": None, "words": None, "by": "service", "now": NOW}
    note_answer(session, match, CareSide.WORKER, **yes)  # type: ignore[arg-type]
    states.append(match.state)
    assert not show_family(session, match, by="service", now=NOW)
    note_answer(session, match, CareSide.FAMILY, **yes)  # type: ignore[arg-type]
    assert [*states, match.state] == [S.WORKER_INFORMED, S.BOTH_INTERESTED]


def test_silence_is_no_no_and_is_told_to_the_desk_after_three_days(session: Session) -> None:
    match = matched(session)
    offer(session, match, None, by="service", now=NOW)
    assert not is_unanswered(match, now=NOW + timedelta(days=2, hours=23))
    assert is_unanswered(match, now=NOW + timedelta(days=3))
    assert match.state is S.WORKER_INFORMED
    tap(session, match, match.worker_id, "yes")
    assert not is_unanswered(match, now=NOW + timedelta(days=2))


def test_a_family_has_three_candidates_at_most_until_one_is_over(session: Session) -> None:
    family = create_request(session)
    found = [propose_pair(session, family, create_worker(session), by="service", now=NOW) for _ in range(3)]
    with pytest.raises(TooManyCandidates):
        propose_pair(session, family, create_worker(session), by="service", now=NOW)
    withdraw(session, found[0], by="service", now=NOW)
    assert propose_pair(session, family, create_worker(session), by="service", now=NOW)
    assert propose_pair(session, family, found[1].worker, by="service", now=NOW) is found[1]


def test_names_and_phones_are_given_only_after_both_said_yes(session: Session) -> None:
    match = matched(session)
    with pytest.raises(CareMoveRefused):
        give_contacts(session, match, by="service", now=NOW)
    both_yes(session, match)
    give_contacts(session, match, by="service", now=NOW)
    assert FAMILY_NAME in said(session, match.worker_id)[0]
    assert "+393330000001" in said(session, match.request_id)[0]


def test_the_phone_of_who_must_not_be_called_is_given_to_nobody(session: Session) -> None:
    match = matched(session)
    both_yes(session, match)
    for case_id in (match.worker_id, match.request_id):
        careful(session, case_id, never_call=True)
    with pytest.raises(NobodyToWriteTo):
        give_contacts(session, match, by="service", now=NOW)


def test_an_interview_is_told_and_reminded_to_both_sides_and_moved_with_its_reminders(
    session: Session,
) -> None:
    match = matched(session)
    both_yes(session, match)
    fix_interview(session, match, LATER, "Via Inventata 1", by="service", now=NOW)
    assert match.state is S.INTERVIEW
    assert session.get_one(CareRequest, match.request_id).state is RequestState.INTERVIEWS
    for case_id in (match.worker_id, match.request_id):
        assert "Via Inventata 1" in said(session, case_id)[0]
    assert len(session.scalars(select(Reminder).where(Reminder.ended_at.is_(None))).all()) == 4
    fix_interview(session, match, LATER + timedelta(hours=1), "Sportello", by="service", now=NOW)
    waiting = session.scalars(select(Reminder).where(Reminder.ended_at.is_(None))).all()
    assert len(waiting) == 4
    before = {case_id: len(said(session, case_id)) for case_id in (match.worker_id, match.request_id)}
    assert say_due(session, SAYERS, now=LATER - timedelta(minutes=55)) == 2
    for case_id, count in before.items():
        assert len(said(session, case_id)) == count + 1
        assert "Sportello" in said(session, case_id)[0]


def test_a_moment_at_which_nobody_meets_is_refused(session: Session) -> None:
    match = matched(session)
    with pytest.raises(CareMoveRefused):
        fix_interview(session, match, LATER, "", by="service", now=NOW)
    both_yes(session, match)
    for moment in (NOW - timedelta(hours=1), NOW + timedelta(days=61), LATER.replace(hour=22)):
        with pytest.raises(MomentRefused):
            fix_interview(session, match, moment, "", by="service", now=NOW)


def test_a_calendar_file_carries_date_and_place_and_its_cancelling(session: Session) -> None:
    match = matched(session)
    both_yes(session, match)
    fix_interview(session, match, LATER, "Via Inventata 1", by="service", now=NOW)
    file = calendar_file(match, title="Colloquio", now=NOW).decode()
    assert "Via Inventata 1" in file
    assert "CONFIRMED" in file
    assert "20261204T100000" in file
    assert FAMILY_NAME not in file
    assert WORKER_NAME not in file
    withdraw(session, match, by="service", now=NOW)
    assert "CANCELLED" in calendar_file(match, title="Colloquio", now=NOW).decode()
    assert say_due(session, SAYERS, now=LATER) == 0


def test_a_trial_has_two_days_and_both_sides_read_that_it_is_paid_work(session: Session) -> None:
    match = matched(session)
    both_yes(session, match)
    fix_interview(session, match, LATER, "", by="service", now=NOW)
    begins = date(2026, 12, 10)
    for until in (begins - timedelta(days=1), begins + timedelta(days=61)):
        with pytest.raises(TrialDaysWrong):
            start_trial(session, match, begins, until, by="service", now=NOW)
    start_trial(session, match, begins, begins + timedelta(days=14), by="service", now=NOW)
    assert (match.state, match.trial_from) == (S.TRIAL, begins)
    assert "contratto" in said(session, match.request_id)[0]
    reason, words = CareRefusal.TRIAL_FAILED, "non va"
    note_answer(
        session, match, CareSide.FAMILY, is_yes=False, reason=reason, words=words, by="service", now=NOW
    )
    take_back(session, match, by="service", now=NOW)
    assert (match.state, match.trial_from, match.refusal_words) == (S.PROPOSED, None, None)


def test_whom_no_message_may_reach_is_told_nothing(session: Session) -> None:
    match = matched(session)
    careful(session, match.worker_id, no_messages=True)
    assert not offer(session, match, PAY, by="service", now=NOW)
    assert [words for words in said(session, match.worker_id) if "Crema" in words] == []
