"""What people read of their courses in the chat, in their language. Days are Italy's.

Somebody whom no message may reach (`SafeContact.no_messages`) is told nothing here, nor is a chat that was
silent for long: the desk calls.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from babel.dates import format_date, format_datetime
from babel.numbers import format_decimal
from sqlalchemy import select
from sqlalchemy.orm import Session

from backoffice.care_training.models import Course, CourseNews, CourseState, Enrolment, EnrolmentState
from backoffice.case.models import Case
from backoffice.case.reaching import is_reachable
from backoffice.client.schemas import CHOICE_PAYLOAD, ReplyButton
from backoffice.conversation.messages import say
from backoffice.conversation.models import Conversation
from backoffice.conversation.queries import lock_conversation
from backoffice.italy import ROME, day_in_italy
from translations.catalog import text

CHOICE = "course"
"""Buttons carry `choice:course:<enrolment>:<what>`."""

TOLD_BEFORE = timedelta(days=2)
"""So long before its first day somebody is told that a course begins."""

EARLIEST, LATEST = time(8), time(21)
"""Nobody is written to at night in Italy."""

_BUTTONS: dict[CourseNews, tuple[str, ...]] = {
    CourseNews.OFFERED: ("yes", "no"),
    CourseNews.TAKEN: ("cannot",),
    CourseNews.CHANGED: ("cannot",),
}

AT_ONCE = 200


def is_day(now: datetime) -> bool:
    """Tell whether people are written to at this hour."""
    return EARLIEST <= now.astimezone(ROME).time() < LATEST


def with_news(session: Session) -> list[str]:
    """Return the ids of enrolments of which something is to be told."""
    statement = select(Enrolment.id).where(Enrolment.to_tell.is_not(None))
    return list(session.scalars(statement.order_by(Enrolment.state_since, Enrolment.id).limit(AT_ONCE)))


def about_to_begin(session: Session, *, now: datetime) -> list[str]:
    """Return the ids of enrolments in courses that begin soon, of which this was not told yet."""
    today = day_in_italy(now)
    statement = (
        select(Enrolment.id)
        .join(Course, Course.id == Enrolment.course_id)
        .where(
            Enrolment.state == EnrolmentState.ENROLLED,
            Course.state == CourseState.OPEN,
            Course.starts_on > today,
            Course.starts_on <= today + TOLD_BEFORE,
            Enrolment.start_told_for.is_(None) | (Enrolment.start_told_for != Course.starts_on),
        )
    )
    return list(session.scalars(statement.order_by(Enrolment.id).limit(AT_ONCE)))


def tell_news(session: Session, enrolment_id: str, *, now: datetime) -> bool:
    """Say what is new of an enrolment, once; tell whether it could be said. The desk calls the others."""
    found = _locked(session, enrolment_id, now)
    if found is None:
        return False
    enrolment, conversation = found
    news, enrolment.to_tell = enrolment.to_tell, None
    is_over = news is CourseNews.OFFERED and (enrolment.offer_until is None or enrolment.offer_until <= now)
    if news is None or conversation is None or is_over:
        return False
    _say(session, conversation, enrolment, f"course_{news.value}", _BUTTONS.get(news, ()), now)
    return True


def tell_beginning(session: Session, enrolment_id: str, *, now: datetime) -> bool:
    """Say that a course begins soon, once for a first day; tell whether it could be said."""
    found = _locked(session, enrolment_id, now)
    if found is None or found[0].state is not EnrolmentState.ENROLLED or found[0].course is None:
        return False
    enrolment, conversation = found
    assert enrolment.course is not None
    if enrolment.start_told_for == enrolment.course.starts_on:
        return False
    enrolment.start_told_for = enrolment.course.starts_on
    if conversation is None:
        return False
    _say(session, conversation, enrolment, "course_begins", ("cannot",), now)
    return True


def tell(
    session: Session, conversation: Conversation, enrolment: Enrolment, key: str, *, now: datetime
) -> None:
    """Answer in the chat, whose conversation is locked, about a course."""
    choices = ("cannot",) if key == "course_taken" else ()
    _say(session, conversation, enrolment, key, choices, now)


def can_be_told(session: Session, case: Case, *, now: datetime) -> bool:
    """Tell whether somebody hears of courses in the chat; else the desk has to call."""
    return is_reachable(session, case.person_id, case.conversation_id, now=now)


def day_in(day: date, language: str) -> str:
    """Return weekday, day, month and year as a language writes them."""
    return format_date(day, "full", locale=language)


def _locked(
    session: Session, enrolment_id: str, now: datetime
) -> tuple[Enrolment, Conversation | None] | None:
    """Lock the conversation, then the enrolment: who holds a course never waits for a conversation."""
    found = session.get(Enrolment, enrolment_id)
    if found is None:
        return None
    case = session.get_one(Case, found.case_id)
    conversation = lock_conversation(session, case.conversation_id) if case.conversation_id else None
    statement = select(Enrolment).where(Enrolment.id == enrolment_id).with_for_update()
    enrolment = session.scalars(statement.execution_options(populate_existing=True)).one()
    if enrolment.course_id is not None:
        enrolment.course = session.get_one(Course, enrolment.course_id, populate_existing=True)
    is_told = is_reachable(session, case.person_id, case.conversation_id, now=now)
    return enrolment, conversation if is_told else None


def _say(
    session: Session,
    conversation: Conversation,
    enrolment: Enrolment,
    key: str,
    choices: Sequence[str],
    now: datetime,
) -> None:
    language = conversation.language
    buttons = [
        ReplyButton(
            title=text(f"system.button.course_{choice}", language),
            payload=f"{CHOICE_PAYLOAD}{CHOICE}:{enrolment.id}:{choice}",
            lasting=True,
        )
        for choice in choices
    ]
    values = {
        "kind": text(f"system.course_kind.{enrolment.kind.value}", language),
        "lines": "\n".join(_lines(session, enrolment, language)),
        "until": _until(enrolment.offer_until, language),
    }
    say(session, conversation, key, now=now, buttons=buttons, **values)


def _lines(session: Session, enrolment: Enrolment, language: str) -> list[str]:
    """Return what one has to know of a course, a line each; what is not known is left out."""
    if enrolment.course_id is None:
        return []
    course = session.get_one(Course, enrolment.course_id)
    lines = [_line("hours", language, hours=format_decimal(course.hours, locale=language))]
    if course.starts_on:
        lines.append(_line("start", language, day=day_in(course.starts_on, language)))
    where = ", ".join(each for each in (course.place, course.municipality) if each)
    if where:
        lines.append(_line("where", language, place=where))
    if course.timetable:
        lines.append(_line("times", language, times=course.timetable))
    if course.cost_eur:
        lines.append(_line("cost", language, euros=format_decimal(course.cost_eur, locale=language)))
    elif course.cost_eur == 0:
        lines.append(_line("free", language))
    return lines


def _line(name: str, language: str, **values: str) -> str:
    return text(f"system.course_line.{name}", language, **values)


def _until(moment: datetime | None, language: str) -> str:
    if moment is None:
        return ""
    return format_datetime(moment.astimezone(ROME), "EEEE d MMMM, HH:mm", locale=language)
