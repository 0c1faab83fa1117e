"""Reminds of what was accepted: the evening before, and two hours before.

The person in the chat, in their language; who asked and the mediator by mail.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from babel import Locale
from babel.dates import format_datetime
from sqlalchemy.orm import Session

from backoffice.case.models import Case
from backoffice.case.reaching import reachable_chat
from backoffice.client.schemas import CHOICE_PAYLOAD, ReplyButton
from backoffice.conversation.messages import say
from backoffice.conversation.models import Conversation
from backoffice.italy import ROME
from backoffice.mail.kinds import MailKind
from backoffice.mediation.models import MediationMode, MediationRequest, MediationState
from backoffice.mediation.telling import link_to, write_to
from backoffice.reminder.models import Reminder, ReminderKind
from backoffice.reminder.service import Say, Tell
from backoffice.staff.models import Organisation
from backoffice.viewing.telling import moment_in
from translations.catalog import text

CHOICE = "mediation"
"""The button carries `choice:mediation:<request>:cannot`."""


def remind(session: Session, reminder: Reminder, _conversation: Conversation, now: datetime) -> bool:
    """Say to the person that there is an appointment; tell whether there still is, and they can be told."""
    request = _coming(session, reminder, now)
    if request is None or request.case_id is None:
        return False
    conversation = reachable_chat(session, session.get_one(Case, request.case_id), now=now)
    if conversation is None:
        return False
    language = conversation.language
    title = text("system.button.mediation_cannot", language)
    payload = f"{CHOICE_PAYLOAD}{CHOICE}:{request.id}:cannot"
    say(
        session,
        conversation,
        reminder.kind.value,
        now=now,
        buttons=[ReplyButton(title=title, payload=payload, lasting=True)],
        **_values(session, request, language),
    )
    return True


SAYERS: Mapping[ReminderKind, Say] = {
    ReminderKind.MEDIATION_TOMORROW: remind,
    ReminderKind.MEDIATION_SOON: remind,
}


def tellers(base_url: str) -> Mapping[ReminderKind, Tell]:
    """Return who reminds staff; `base_url` begins the link of the mail."""

    def remind_staff(session: Session, reminder: Reminder, now: datetime) -> bool:
        request = _coming(session, reminder, now)
        if request is None:
            return False
        both, link = [request.asked_by, request.mediator_id], link_to(base_url, request.id)
        return write_to(session, both, MailKind.MEDIATION_REMINDER, link=link, now=now) > 0

    return {
        ReminderKind.MEDIATION_STAFF_TOMORROW: remind_staff,
        ReminderKind.MEDIATION_STAFF_SOON: remind_staff,
    }


def _coming(session: Session, reminder: Reminder, now: datetime) -> MediationRequest | None:
    request = session.get(MediationRequest, reminder.about_id)
    if request is None or request.state is not MediationState.ASSIGNED or request.starts_at <= now:
        return None
    return request


def _values(session: Session, request: MediationRequest, language: str) -> dict[str, str]:
    spoken = Locale.parse(language).languages.get(request.language, request.language)
    return {
        "moment": moment_in(request.starts_at, language),
        "time": format_datetime(request.starts_at.astimezone(ROME), "HH:mm", locale=language),
        "place": _place(session, request, language),
        "language": spoken,
    }


def _place(session: Session, request: MediationRequest, language: str) -> str:
    if request.mode is not MediationMode.PRESENCE:
        return text(f"system.mediation_place.{request.mode.value}", language)
    if request.confidential:
        return text("system.mediation_place.confidential", language)
    body = session.get_one(Organisation, request.asking_id).name
    known = [each for each in (body, request.place, request.municipality) if each]
    return ", ".join(dict.fromkeys(known))
