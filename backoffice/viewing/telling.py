"""What a household reads of its viewings in the chat, in its language. Days and hours are Italy's.

Somebody whom no message may reach (`SafeContact.no_messages`) is told nothing here, nor is a chat that was
silent for long: the desk calls.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from babel.dates import format_datetime
from sqlalchemy.orm import Session

from backoffice.case.models import Case
from backoffice.case.reaching import reachable_chat
from backoffice.client.schemas import CHOICE_PAYLOAD, ReplyButton
from backoffice.conversation.messages import say
from backoffice.conversation.models import Conversation
from backoffice.housing_match.models import HousingMatch
from backoffice.italy import ROME
from backoffice.listing.models import Listing
from backoffice.viewing.models import Viewing
from translations.catalog import text

CHOICE = "viewing"
"""Buttons carry `choice:viewing:<id>:<what>`."""


def moment_in(moment: datetime, language: str) -> str:
    """Return weekday, day and hour in Italy, as a language writes them."""
    return format_datetime(moment.astimezone(ROME), "EEEE d MMMM, HH:mm", locale=language)


def tell_dates(session: Session, viewing: Viewing, moments: Sequence[datetime], *, now: datetime) -> None:
    """Ask which of some dates suits; a button each."""
    conversation = _reachable(session, viewing, now)
    if conversation is None:
        return
    language = conversation.language
    buttons = [
        ReplyButton(title=_short(moment, language), payload=_payload(viewing, _code_of(moment)), lasting=True)
        for moment in moments
    ]
    buttons.append(_button(viewing, "none", language))
    lines = "\n".join(f"• {moment_in(moment, language)}" for moment in moments)
    say(
        session,
        conversation,
        "viewing_dates",
        now=now,
        buttons=buttons,
        lines=lines,
        **_values(session, viewing),
    )


def tell_fixed(session: Session, viewing: Viewing, *, now: datetime) -> None:
    """Say when and where, and how to put it into a calendar."""
    tell(session, viewing, "viewing_fixed", choices=("cannot",), now=now)
    if viewing.interpreter:
        tell(session, viewing, "viewing_mediator", now=now)


def tell_moved(session: Session, viewing: Viewing, *, now: datetime) -> None:
    """Say that the date has changed."""
    tell(session, viewing, "viewing_moved", choices=("cannot",), now=now)


def tell(session: Session, viewing: Viewing, key: str, *, choices: Sequence[str] = (), now: datetime) -> bool:
    """Say a sentence about a viewing; tell whether the person could be written to."""
    conversation = _reachable(session, viewing, now)
    if conversation is None:
        return False
    buttons = [_button(viewing, choice, conversation.language) for choice in choices]
    values = {**_values(session, viewing), **_date_of(viewing, conversation.language)}
    say(session, conversation, key, now=now, buttons=buttons, **values)
    return True


def can_be_told(session: Session, viewing: Viewing, *, now: datetime) -> bool:
    """Tell whether the household hears of its viewings in the chat; else the desk has to call."""
    return _reachable(session, viewing, now) is not None


def moment_of(code: str) -> datetime | None:
    """Return the moment that a date's button stands for, or None where it is none."""
    try:
        return datetime.fromisoformat(code.replace("_", ":"))
    except ValueError:
        return None


def _code_of(moment: datetime) -> str:
    return moment.isoformat().replace(":", "_")


def _reachable(session: Session, viewing: Viewing, now: datetime) -> Conversation | None:
    return reachable_chat(session, session.get_one(Case, viewing.case_id), now=now)


def _values(session: Session, viewing: Viewing) -> dict[str, str]:
    listing = session.get_one(Listing, session.get_one(HousingMatch, viewing.match_id).listing_id)
    return {"code": listing.code, "town": listing.municipality}


def _date_of(viewing: Viewing, language: str) -> dict[str, str]:
    if viewing.starts_at is None:
        return {}
    return {
        "moment": moment_in(viewing.starts_at, language),
        "time": format_datetime(viewing.starts_at.astimezone(ROME), "HH:mm", locale=language),
        "place": viewing.meeting_place or "",
        "link": viewing.calendar_link or "",
    }


def _short(moment: datetime, language: str) -> str:
    return format_datetime(moment.astimezone(ROME), "EEE d MMM, HH:mm", locale=language)


def _payload(viewing: Viewing, what: str) -> str:
    return f"{CHOICE_PAYLOAD}{CHOICE}:{viewing.id}:{what}"


def _button(viewing: Viewing, what: str, language: str) -> ReplyButton:
    return ReplyButton(
        title=text(f"system.button.viewing_{what}", language), payload=_payload(viewing, what), lasting=True
    )
