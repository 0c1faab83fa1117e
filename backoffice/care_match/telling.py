"""What a family assistant and a family read of each other in the chat, each in their language.

Before both said yes nothing names anybody: the worker reads of a town, hours, tasks and pay, the family of a
numbered profile. Somebody whom no message may reach is told nothing here, nor is a chat that was silent
for long: the desk calls. Days and hours are Italy's.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from babel import Locale
from babel.dates import format_date, format_datetime
from babel.lists import format_list
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backoffice.care_match.models import CareMatch, CareSide
from backoffice.case.models import Case
from backoffice.case.reaching import reachable_chat
from backoffice.client.schemas import CHOICE_PAYLOAD, CareSchedule, CareSkill, ReplyButton
from backoffice.conversation.messages import say
from backoffice.conversation.models import Conversation
from backoffice.italy import ROME, day_in_italy
from backoffice.viewing.telling import moment_in
from translations.catalog import text

CHOICE = "care_offer"
"""Buttons carry `choice:care_offer:<match>:<what>`."""

TO_WORKER = ("yes", "hours", "pay", "too_far", "no")
TO_FAMILY = ("meet", "experience", "not_now", "other")
"""What each side can answer; the first of each is the yes."""


@dataclass(frozen=True)
class Pay:
    """The gross pay of an offer, for a month or an hour."""

    euros: Decimal
    is_hourly: bool = False


def tell_offer(session: Session, match: CareMatch, pay: Pay | None, *, now: datetime) -> bool:
    """Show a worker what is offered, with buttons; tell whether they could be written to."""
    conversation = reachable(session, match, CareSide.WORKER, now=now)
    if conversation is None:
        return False
    request, language = session.get_one(Case, match.request_id).intake, conversation.language
    hours = request.get("hours_week")
    say(
        session,
        conversation,
        "care_offer",
        now=now,
        buttons=_buttons(match, TO_WORKER, language),
        town=_or_desk(request.get("municipality"), language),
        needs=_skills(request.get("needs"), language),
        schedules=_schedules(request.get("schedules"), language),
        hours=_or_desk(str(hours) if hours else None, language),
        start=_start(request.get("start_from"), language, now),
        pay=_pay(pay, language),
    )
    return True


def tell_profile(session: Session, match: CareMatch, *, now: datetime) -> bool:
    """Show a family a profile, with buttons; tell whether they could be written to."""
    conversation = reachable(session, match, CareSide.FAMILY, now=now)
    if conversation is None:
        return False
    buttons = _buttons(match, TO_FAMILY, conversation.language)
    profile = profile_of(session, match, conversation.language, now=now)
    say(session, conversation, "care_profile", now=now, buttons=buttons, **profile)
    return True


def profile_of(session: Session, match: CareMatch, language: str, *, now: datetime) -> dict[str, str]:
    """Return what a family reads of a worker, in its language: nothing that names them."""
    intake = session.get_one(Case, match.worker_id).intake
    years = intake.get("years_experience")
    names = Locale.parse(language).languages
    spoken = [names.get(code, code) for code in intake.get("languages") or ()]
    towns = intake.get("municipalities") or [None]
    return {
        "number": str(number_of(session, match)),
        "skills": _skills(intake.get("skills"), language),
        "years": _or_desk(None if years is None else str(years), language),
        "languages": _listed(spoken, language),
        "town": _or_desk(towns[0], language),
        "schedules": _schedules(intake.get("schedules"), language),
        "start": _start(intake.get("availability_from"), language, now),
    }


def number_of(session: Session, match: CareMatch) -> int:
    """Return the number of a profile: which of the workers that were proposed to its family it is."""
    before = select(func.count()).where(
        CareMatch.request_id == match.request_id,
        (CareMatch.created_at < match.created_at)
        | ((CareMatch.created_at == match.created_at) & (CareMatch.id < match.id)),
    )
    return (session.scalar(before) or 0) + 1


def tell(
    session: Session, match: CareMatch, side: CareSide, key: str, *, now: datetime, **values: str
) -> bool:
    """Say a sentence about a match to a side; tell whether it could be written to."""
    conversation = reachable(session, match, side, now=now)
    if conversation is None:
        return False
    when = _interview(match, conversation.language) if match.interview_at else {}
    say(session, conversation, key, now=now, buttons=(), **{**when, **values})
    return True


def tell_trial(session: Session, match: CareMatch, *, now: datetime) -> None:
    """Tell both sides from when to when a trial is."""
    assert match.trial_from is not None
    assert match.trial_until is not None
    for side in (CareSide.WORKER, CareSide.FAMILY):
        conversation = reachable(session, match, side, now=now)
        if conversation is not None:
            days = {
                "begins": _day(match.trial_from, conversation.language),
                "ends": _day(match.trial_until, conversation.language),
            }
            say(session, conversation, "care_trial", now=now, buttons=(), **days)


def reachable(session: Session, match: CareMatch, side: CareSide, *, now: datetime) -> Conversation | None:
    """Return the conversation in which a side can be written to now, if there is one."""
    return reachable_chat(session, session.get_one(Case, case_of(match, side)), now=now)


def case_of(match: CareMatch, side: CareSide) -> str:
    """Return the case of a side of a match."""
    return match.worker_id if side is CareSide.WORKER else match.request_id


def _interview(match: CareMatch, language: str) -> dict[str, str]:
    assert match.interview_at is not None
    return {
        "moment": moment_in(match.interview_at, language),
        "time": format_datetime(match.interview_at.astimezone(ROME), "HH:mm", locale=language),
        "place": _or_desk(match.interview_place, language),
    }


def _buttons(match: CareMatch, choices: Iterable[str], language: str) -> list[ReplyButton]:
    return [
        ReplyButton(
            title=text(f"system.button.care_{what}", language),
            payload=f"{CHOICE_PAYLOAD}{CHOICE}:{match.id}:{what}",
            lasting=True,
        )
        for what in choices
    ]


def _skills(codes: Iterable[str] | None, language: str) -> str:
    known = {each.value for each in CareSkill}
    return _listed(
        [text(f"bot.button.care_skill_{code}", language) for code in codes or () if code in known], language
    )


def _schedules(codes: Iterable[str] | None, language: str) -> str:
    known = {each.value for each in CareSchedule}
    return _listed([_schedule(code, language) for code in codes or () if code in known], language)


def _schedule(code: str, language: str) -> str:
    own = code == CareSchedule.LIVE_IN.value
    return text("system.care_live_in" if own else f"bot.button.care_schedule_{code}", language)


def _listed(words: Sequence[str], language: str) -> str:
    return format_list(list(words), locale=language) if words else _or_desk(None, language)


def _start(day: Any, language: str, now: datetime) -> str:
    begins = date.fromisoformat(day) if isinstance(day, str) else day
    return _or_desk(_day(max(begins, day_in_italy(now)), language) if begins else None, language)


def _day(day: date, language: str) -> str:
    return format_date(day, "d MMMM yyyy", locale=language)


def _pay(pay: Pay | None, language: str) -> str:
    if pay is None:
        return _or_desk(None, language)
    key = "system.care_pay_hour_sum" if pay.is_hourly else "system.care_pay_month_sum"
    return text(key, language, sum=f"{pay.euros:.2f}".replace(".", ",").removesuffix(",00"))


def _or_desk(words: str | None, language: str) -> str:
    return words or text("system.care_ask_desk", language)
