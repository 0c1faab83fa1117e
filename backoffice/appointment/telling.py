"""What a person reads of appointments in the chat without being asked; never what one is about (attack 4).

Somebody whom no message may reach (`SafeContact.no_messages`) is told nothing here, nor is a chat that was
silent for long: the desk calls.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from backoffice.appointment.models import Appointment, AppointmentDesk
from backoffice.appointment.wording import clock_in, moment_in
from backoffice.case.reaching import reachable
from backoffice.client.schemas import CHOICE_PAYLOAD, ReplyButton
from backoffice.conversation.messages import say
from translations.catalog import text

CHOICE = "appointment"
"""Buttons carry `choice:appointment:<what>:...`."""


def choice(key: str, language: str, *parts: str) -> ReplyButton:
    """Return a button whose title is `system.button.appointment_<key>` and whose answer is `parts`."""
    return titled(text(f"system.button.appointment_{key}", language), *parts)


def titled(title: str, *parts: str) -> ReplyButton:
    """Return a button with a title that no catalogue has, such as a day."""
    payload = ":".join((f"{CHOICE_PAYLOAD}{CHOICE}", *parts))
    return ReplyButton(title=title, payload=payload, lasting=True)


def own_buttons(appointment: Appointment, language: str) -> list[ReplyButton]:
    """Return what can be done with an appointment to come."""
    return [
        choice("move", language, "move", appointment.id),
        choice("cancel", language, "cancel", appointment.id),
    ]


def values_of(appointment: Appointment, desk: AppointmentDesk, language: str) -> dict[str, str]:
    """Return when and where, for a sentence."""
    return {
        "moment": moment_in(appointment.starts_at, language),
        "time": clock_in(appointment.starts_at),
        "desk": desk.name,
        "address": desk.address,
        "link": appointment.calendar_link or "",
    }


def tell(
    session: Session,
    appointment: Appointment,
    key: str,
    *,
    buttons: Sequence[str] = (),
    now: datetime,
) -> bool:
    """Say a sentence about an appointment; tell whether the person could be written to.

    `buttons`: `own` (move, cancel) or `book`.
    """
    conversation = reachable(session, appointment.person_id, appointment.conversation_id, now=now)
    if conversation is None:
        return False
    language = conversation.language
    shown = own_buttons(appointment, language) if "own" in buttons else []
    if "book" in buttons:
        shown.append(choice("book", language, "begin"))
    desk = session.get_one(AppointmentDesk, appointment.desk_id)
    say(session, conversation, key, now=now, buttons=shown, **values_of(appointment, desk, language))
    return True
