"""How a family assistant is at work: asked 1, 4 and 12 weeks after the start, in the chat, in their language.

An answer that worries opens a case of its own, private where it is about violence or exploitation, marks it
urgent and tells staff in the conversation. Nothing of it is told to the family.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from backoffice.audit.service import SERVICE
from backoffice.case.models import Case, CaseSource
from backoffice.case.needs import Need
from backoffice.case.progress import set_urgent
from backoffice.case.service import NewCase, change_needs, open_case
from backoffice.client.schemas import CHOICE_PAYLOAD, Author, CaseType, Phase, ReplyButton
from backoffice.conversation.messages import Draft, write
from backoffice.conversation.models import Audience, Conversation, NoteKind
from backoffice.conversation.queries import lock_conversation
from backoffice.engagement.models import Engagement, EngagementCheck
from backoffice.engagement.queries import checks_of
from backoffice.engagement.states import AT_WORK
from backoffice.italy import ROME
from backoffice.person.models import Person
from backoffice.reminder.models import Reminder, ReminderKind
from backoffice.reminder.service import Say, cancel_reminders, plan_reminder
from translations.catalog import text
from translations.languages import SOURCE

WEEKS = (1, 4, 12)
"""After how many weeks the worker is asked."""

ASKED_AT = time(10)
"""When the chat asks, in Italy's time."""

WELL = "well"
ANSWERS = (WELL, "not_paid", "too_many_hours", "no_rest", "treated_badly", "papers_kept", "talk")
"""What the worker may answer; everything but the first worries."""

GRAVE = frozenset({"treated_badly", "papers_kept"})
"""Answers after which the numbers for help are said at once."""

_NEEDS: Mapping[str, Need] = {
    "not_paid": Need.WORK,
    "too_many_hours": Need.WORK,
    "no_rest": Need.WORK,
    "treated_badly": Need.EXPLOITATION,
    "papers_kept": Need.EXPLOITATION,
    "talk": Need.WORK,
}


def plan_checks(session: Session, engagement: Engagement, worker: Case, *, now: datetime) -> None:
    """Plan the questions that follow the start, once."""
    assert engagement.starts_on is not None
    known = {check.weeks for check in checks_of(session, engagement.id)}
    for weeks in WEEKS:
        if weeks in known:
            continue
        due_on = engagement.starts_on + timedelta(weeks=weeks)
        check = EngagementCheck(engagement_id=engagement.id, weeks=weeks, due_on=due_on)
        session.add(check)
        session.flush()
        if worker.conversation_id is not None:
            plan_reminder(
                session,
                ReminderKind.ENGAGEMENT_CHECK,
                check.id,
                conversation_id=worker.conversation_id,
                case_id=worker.id,
                due_at=datetime.combine(due_on, ASKED_AT, ROME),
                now=now,
            )


def end_checks(session: Session, engagement: Engagement, *, now: datetime) -> None:
    """Ask nothing more about work that is over."""
    for check in checks_of(session, engagement.id):
        cancel_reminders(session, check.id, now=now)


def ask_in_chat(session: Session, reminder: Reminder, conversation: Conversation, now: datetime) -> bool:
    """Ask the worker how it goes; tell whether there was still something to ask.

    Who may not be left a message is not asked here: the check stays with the desk.
    """
    check = session.get(EngagementCheck, reminder.about_id)
    if check is None or check.answered_at is not None:
        return False
    engagement = session.get_one(Engagement, check.engagement_id)
    worker = session.get_one(Case, engagement.worker_id)
    if engagement.state not in AT_WORK or worker.phase is Phase.CLOSED:
        return False
    if session.get_one(Person, worker.person_id).contact.no_messages:
        return False
    conversation = lock_conversation(session, conversation.id)
    language = conversation.language
    draft = Draft(
        Author.SYSTEM,
        text("engagement_chat.ask", language),
        buttons=[_button(check, answer, language) for answer in ANSWERS],
    )
    write(session, conversation, draft, now=now)
    check.asked_at = now
    return True


def answer_engagement(
    session: Session, conversation: Conversation, check_id: str, answer: str, *, now: datetime
) -> None:
    """Take the worker's answer. A second press of the same button changes nothing more."""
    check = session.get(EngagementCheck, check_id)
    if check is None or answer not in ANSWERS:
        return
    engagement = session.get_one(Engagement, check.engagement_id)
    worker = session.get_one(Case, engagement.worker_id)
    if worker.conversation_id != conversation.id:
        return
    if check.answer != answer:
        _take(session, conversation, engagement, check, worker, answer, now)
    if answer in GRAVE:  # whoever presses again may need the numbers again
        _say(session, conversation, text("bot.work_problem_numbers", conversation.language), now)


def open_check(session: Session, check: EngagementCheck) -> Case | None:
    """Return the case that an answer opened."""
    return session.get(Case, check.opened_case_id) if check.opened_case_id else None


def settle_check(session: Session, check: EngagementCheck, *, outcome: str, by: str, now: datetime) -> None:
    """Note what the desk found out, where the chat did not ask or the answer worried."""
    check.outcome, check.done_by = outcome.strip(), by
    if check.answered_at is None:
        check.answered_at = now
    cancel_reminders(session, check.id, now=now)
    session.flush()


def _take(
    session: Session,
    conversation: Conversation,
    engagement: Engagement,
    check: EngagementCheck,
    worker: Case,
    answer: str,
    now: datetime,
) -> None:
    check.answer, check.answered_at = answer, now
    if answer == WELL:
        # a worry that was told before stays one
        check.worries = bool(check.worries)
        session.flush()
        _say(session, conversation, text("engagement_chat.thanks", conversation.language), now)
        return
    check.worries = True
    case = _worry(session, conversation, check, worker, answer, now)
    said = text(f"backoffice.engagement_said.{answer}", SOURCE, number=case.number)
    note = Draft(Author.SYSTEM, said, language=SOURCE, audience=Audience.STAFF, note_kind=NoteKind.INTERNAL)
    write(session, conversation, note, now=now)
    words = text("engagement_chat.helps", conversation.language, number=case.number)
    _say(session, conversation, words, now)


def _worry(
    session: Session,
    conversation: Conversation,
    check: EngagementCheck,
    worker: Case,
    answer: str,
    now: datetime,
) -> Case:
    """Return the open case of a check, opened now where there is none; its needs grow with what is told."""
    need, known = _NEEDS[answer], open_check(session, check)
    if known is not None and known.phase is not Phase.CLOSED:
        needs = {*(Need(code) for code in known.needs), need}
        change_needs(session, known, needs, by=SERVICE, now=now)
        set_urgent(session, known, True, by=SERVICE, now=now)
        return known
    new = NewCase(
        type=CaseType.RECEPTION,
        person=session.scalars(select(Person).where(Person.id == worker.person_id)).one(),
        organisation_id=worker.organisation_id,
        language=conversation.language,
        source=CaseSource(conversation.channel.value),
        needs=(need,),
        conversation_id=conversation.id,
    )
    case = open_case(session, new, by=SERVICE, now=now)
    set_urgent(session, case, True, by=SERVICE, now=now)
    check.opened_case_id = case.id
    session.flush()
    return case


def _button(check: EngagementCheck, answer: str, language: str) -> ReplyButton:
    return ReplyButton(
        title=text(f"engagement_chat.button.{answer}", language),
        payload=f"{CHOICE_PAYLOAD}engagement:{check.id}:{answer}",
        lasting=True,
    )


def _say(session: Session, conversation: Conversation, words: str, now: datetime) -> None:
    write(session, conversation, Draft(Author.SYSTEM, words), now=now)


SAYERS: dict[ReminderKind, Say] = {ReminderKind.ENGAGEMENT_CHECK: ask_in_chat}
