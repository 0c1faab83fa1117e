"""How a household is after the keys: looked at after 1, 3 and 6 months, and asked in the chat on that day.

Each is a follow-up check of the case; the person's answer is written into it. An answer that worries makes
the case urgent and leaves a note for staff in the conversation.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time

from sqlalchemy.orm import Session

from backoffice.accompaniment.models import Tenancy
from backoffice.accompaniment.queries import match_of_contract
from backoffice.audit.service import SERVICE
from backoffice.case.history import record_event
from backoffice.case.models import Case, CaseEventKind
from backoffice.case.planning import CHECK_MONTHS, add_months, plan_check
from backoffice.case.progress import set_urgent
from backoffice.client.schemas import CHOICE_PAYLOAD, Author, Phase, ReplyButton
from backoffice.conversation.messages import Draft, write
from backoffice.conversation.models import Audience, Conversation, NoteKind
from backoffice.conversation.queries import lock_conversation
from backoffice.italy import ROME, day_in_italy
from backoffice.person.models import Person
from backoffice.plan.models import FollowUpCheck
from backoffice.plan.queries import checks_of
from backoffice.reminder.models import Reminder, ReminderKind
from backoffice.reminder.service import Say, cancel_reminders, plan_reminder
from translations.catalog import text
from translations.languages import SOURCE

ASKED_AT = time(10)
"""When the chat asks, in Italy's time."""

ANSWERS = ("well", "rent", "neighbours", "home", "talk")
"""What the person may answer; everything but the first worries."""


def plan_follow_up(
    session: Session, case: Case, keys_on: date, *, moved_from: date | None, by: str, now: datetime
) -> None:
    """Plan the checks that follow the keys; where their day is corrected, those still open move with it."""
    known = checks_of(session, case.id)
    for months in CHECK_MONTHS:
        due_on = add_months(keys_on, months)
        check = _of_month(known, moved_from, months) or _of_month(known, keys_on, months)
        if check is None:
            check = plan_check(session, case, due_on, by=by, now=now)
        elif check.due_on != due_on:
            check.due_on, check.overdue_told_at = due_on, None
            cancel_reminders(session, check.id, now=now)
        _plan_question(session, case, check, now)
    session.flush()


def end_follow_up(session: Session, case: Case, tenancy: Tenancy, *, now: datetime) -> None:
    """Ask nothing more about a contract that came to nothing; the desk's own checks stay."""
    if tenancy.keys_on is None:
        return
    known = checks_of(session, case.id)
    for months in CHECK_MONTHS:
        check = _of_month(known, tenancy.keys_on, months)
        if check is not None:
            cancel_reminders(session, check.id, now=now)


def ask_in_chat(session: Session, reminder: Reminder, conversation: Conversation, now: datetime) -> bool:
    """Ask the person how they are in the new home; tell whether there was still something to ask.

    Who may not be left a message is not asked here: the check stays with the desk.
    """
    check = session.get(FollowUpCheck, reminder.about_id)
    if check is None or check.done_on is not None:
        return False
    case = session.get_one(Case, check.case_id)
    if case.phase is Phase.CLOSED or match_of_contract(session, case.id) is None:
        return False
    if session.get_one(Person, case.person_id).contact.no_messages:
        return False
    conversation = lock_conversation(session, conversation.id)
    language = conversation.language
    draft = Draft(
        Author.SYSTEM,
        text("tenancy.follow_up", language),
        buttons=[_button(check, answer, language) for answer in ANSWERS],
    )
    write(session, conversation, draft, now=now)
    return True


def answer_follow_up(
    session: Session, conversation: Conversation, check_id: str, answer: str, *, now: datetime
) -> None:
    """Take the person's answer. A second press of the same button changes nothing more."""
    check = session.get(FollowUpCheck, check_id)
    if check is None or answer not in ANSWERS:
        return
    case = session.get_one(Case, check.case_id)
    if case.conversation_id != conversation.id:
        return
    said = text(f"backoffice.follow_up.said_{answer}", SOURCE)
    is_new = said not in (check.outcome or "")
    if case.phase is not Phase.CLOSED and is_new:
        _take(session, case, conversation, check, answer, said, now)
    _say(session, conversation, "follow_up_thanks" if answer == "well" else "follow_up_helps", now)


def _take(
    session: Session,
    case: Case,
    conversation: Conversation,
    check: FollowUpCheck,
    answer: str,
    said: str,
    now: datetime,
) -> None:
    check.outcome = "\n".join(each for each in (check.outcome, said) if each)
    if check.done_on is None:
        check.done_on = day_in_italy(now)
        session.flush()
        due = check.due_on.isoformat()
        record_event(session, case, CaseEventKind.CHECK_DONE, by=SERVICE, now=now, after=due)
    if answer == "well":
        return
    set_urgent(session, case, True, by=SERVICE, now=now)
    note = Draft(Author.SYSTEM, said, language=SOURCE, audience=Audience.STAFF, note_kind=NoteKind.INTERNAL)
    write(session, conversation, note, now=now)


def _plan_question(session: Session, case: Case, check: FollowUpCheck, now: datetime) -> None:
    if case.conversation_id is None or check.done_on is not None:
        return
    plan_reminder(
        session,
        ReminderKind.TENANCY_FOLLOW_UP,
        check.id,
        conversation_id=case.conversation_id,
        case_id=case.id,
        due_at=datetime.combine(check.due_on, ASKED_AT, ROME),
        now=now,
    )


def _of_month(checks: Sequence[FollowUpCheck], keys_on: date | None, months: int) -> FollowUpCheck | None:
    if keys_on is None:
        return None
    day = add_months(keys_on, months)
    return next((each for each in checks if each.due_on == day and each.done_on is None), None)


def _button(check: FollowUpCheck, answer: str, language: str) -> ReplyButton:
    return ReplyButton(
        title=text(f"tenancy.button.{answer}", language),
        payload=f"{CHOICE_PAYLOAD}tenancy:{check.id}:{answer}",
        lasting=True,
    )


def _say(session: Session, conversation: Conversation, key: str, now: datetime) -> None:
    words = text(f"tenancy.{key}", conversation.language)
    write(session, conversation, Draft(Author.SYSTEM, words), now=now)


SAYERS: dict[ReminderKind, Say] = {ReminderKind.TENANCY_FOLLOW_UP: ask_in_chat}
