"""What a family assistant reads in the chat of the register, in their language. Days and hours are Italy's.

Somebody whom no message may reach (`SafeContact.no_messages`) is told nothing here, nor is a chat that was
silent for long: the desk calls.
"""

from __future__ import annotations

from datetime import date, datetime

from babel.dates import format_date
from sqlalchemy.orm import Session

from backoffice.care_worker.models import CareWorker, WorkerState
from backoffice.case.models import Case
from backoffice.case.reaching import reachable_chat
from backoffice.client.schemas import Author
from backoffice.conversation.messages import Draft, write
from backoffice.conversation.models import Conversation
from backoffice.italy import ROME
from backoffice.reminder.models import Reminder, ReminderKind
from backoffice.reminder.service import Say
from translations.catalog import text

AREA = "care_register"


def tell_state(session: Session, case: Case, worker: CareWorker, *, now: datetime) -> bool:
    """Say what the new state means and what comes next; tell whether the person could be written to."""
    conversation = reachable_chat(session, case, now=now)
    if conversation is None:
        return False
    return _tell(session, conversation, _state_words(worker, conversation.language), now)


def tell_interview(session: Session, case: Case, worker: CareWorker, *, now: datetime) -> bool:
    """Say when and where the interview is; tell whether the person could be written to."""
    conversation = reachable_chat(session, case, now=now)
    if conversation is None or worker.interview_at is None:
        return False
    return _tell(session, conversation, _interview_words(worker, conversation.language), now)


def remind_of_permit(
    session: Session, reminder: Reminder, _conversation: Conversation, now: datetime
) -> bool:
    """Say that the permit ends; tell whether that is still so, and somebody to say it to."""
    worker = session.get(CareWorker, reminder.about_id)
    if worker is None or worker.permit_expires_on is None or worker.permit_told_for is None:
        return False
    if worker.permit_expires_on != worker.permit_told_for:
        return False  # renewed meanwhile
    conversation = reachable_chat(session, session.get_one(Case, worker.case_id), now=now)
    if conversation is None:
        return False
    is_over = worker.permit_expires_on < now.astimezone(ROME).date()
    key = "permit_expired" if is_over else "permit_expires"
    day = day_in(worker.permit_expires_on, conversation.language)
    return _tell(session, conversation, text(f"{AREA}.{key}", conversation.language, day=day), now)


def day_in(day: date, language: str) -> str:
    """Return a day as a language writes it."""
    return format_date(day, "long", locale=language)


def _state_words(worker: CareWorker, language: str) -> str:
    if worker.state is WorkerState.DOCUMENTS_MISSING:
        wanted = [text(f"{AREA}.document.{code}", language) for code in worker.documents_wanted or ()]
        lines = "\n".join(f"• {each}" for each in wanted)
        key = "documents_missing" if wanted else "documents_ask"
        return text(f"{AREA}.{key}", language, **({"lines": lines} if wanted else {}))
    if worker.state is WorkerState.INTERVIEW:
        return _interview_words(worker, language)
    if worker.reason is not None:
        why = text(f"{AREA}.reason.{worker.reason.value}", language)
        return text(f"{AREA}.{worker.state.value}", language, reason=why)
    return text(f"{AREA}.{worker.state.value}", language)


def _interview_words(worker: CareWorker, language: str) -> str:
    if worker.interview_at is None:
        return text(f"{AREA}.interview", language)
    here = worker.interview_at.astimezone(ROME)
    moment = f"{format_date(here.date(), 'full', locale=language)}, {here:%H:%M}"
    if worker.interview_place:
        return text(f"{AREA}.interview_at", language, moment=moment, place=worker.interview_place)
    return text(f"{AREA}.interview_on", language, moment=moment)


def _tell(session: Session, conversation: Conversation, words: str, now: datetime) -> bool:
    write(session, conversation, Draft(Author.SYSTEM, words), now=now)
    return True


SAYERS: dict[ReminderKind, Say] = {ReminderKind.PERMIT_EXPIRES: remind_of_permit}
