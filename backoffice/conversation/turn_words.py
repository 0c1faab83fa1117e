"""What a message means before anybody understands it: its words for the transcript, and its turn.

Only what is ours becomes a payload: a button that we offered, a command of the channel, a shared
contact, and a code that links two chats. What else a person types stays a text.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass

import phonenumbers
from sqlalchemy.orm import Session

from backoffice.client.schemas import (
    CHOICE_PAYLOAD,
    SYSTEM_PAYLOAD,
    Command,
    IncomingRequest,
    MessageKind,
    Mode,
    SystemAnswer,
)
from backoffice.conversation.errors import MalformedMessage
from backoffice.conversation.models import Button, Conversation
from backoffice.conversation.words import clean
from translations.catalog import text

PAYLOADS = {
    Command.START: "/greet",
    Command.MENU: "/ask_menu",
    Command.LANGUAGE: "/change_language",
    Command.HUMAN: "/ask_human",
    Command.STOP: "/stop",
    Command.PRIVACY: "/ask_privacy",
}

_CODE = re.compile(r"[2-9A-HJKMNP-Z]{4}[\s-]?[2-9A-HJKMNP-Z]{4}", re.ASCII | re.IGNORECASE)
"""What a code that links two chats looks like (people/linking.py): it has a letter and a digit at least."""


@dataclass(frozen=True)
class Understood:
    """A message's words, its payload if it has one, and what the system says to it at once.

    `notice` is a key of the area `system`; a message with one makes no turn, nor does an answer to the
    system: a button that the backoffice itself offered to somebody who waits.
    """

    text: str
    payload: str | None = None
    notice: str | None = None
    answer: SystemAnswer | None = None
    choice: str | None = None
    """What was chosen of the backoffice's own questions, such as `consent:<id>:yes`."""

    @property
    def makes_turn(self) -> bool:
        """Whether the assistant gets it."""
        return self.notice is None and self.answer is None and self.choice is None


def understand(session: Session, conversation: Conversation, request: IncomingRequest) -> Understood:
    """Return what a message says and does.

    Raises:
        MalformedMessage: what its kind needs is missing.
    """
    words = clean(request.text or "")
    match request.kind:
        case MessageKind.TEXT if words:
            return Understood(words, payload=_code_payload(words, conversation.mode))
        case MessageKind.BUTTON if request.button is not None:
            return _pressed(session, conversation, request.button)
        case MessageKind.COMMAND if request.command is Command.START and _code_of_link(words):
            # A link of ours opened the chat. The code is nothing to keep in a transcript.
            code = _code_payload(_code_of_link(words), conversation.mode, choice="opened")
            return Understood("/start", payload=code)
        case MessageKind.COMMAND if request.command is not None:
            return Understood(words or f"/{request.command.value}", payload=PAYLOADS[request.command])
        case MessageKind.CONTACT if request.phone is not None:
            return _contact(clean(request.phone))
        case MessageKind.ATTACHMENT if request.attachment_id is not None:
            return Understood(words, notice=None if words else "attachment_received")
        case MessageKind.ATTACHMENT if request.attachment_id is None:
            return Understood(words, notice="attachment_refused")
        case MessageKind.EDIT:
            return Understood(words, notice="edited_noted")
    raise MalformedMessage


def _pressed(session: Session, conversation: Conversation, token: str) -> Understood:
    button = session.get(Button, token)
    if button is None or button.conversation_id != conversation.id:
        return Understood(text("system.button_unknown", conversation.language), notice="button_expired")
    if button.closed:
        return Understood(button.label, notice="button_expired")
    if button.payload.startswith(CHOICE_PAYLOAD):
        return Understood(button.label, choice=button.payload.removeprefix(CHOICE_PAYLOAD))
    if button.payload.startswith(SYSTEM_PAYLOAD):
        return _answered(conversation, button)
    if not button.lasting and conversation.mode is Mode.ASSISTANT:
        button.closed = True
    return Understood(button.label, payload=button.payload)


def _answered(conversation: Conversation, button: Button) -> Understood:
    # Whoever no longer waits has nothing to say by it; while they wait they may change their mind.
    if conversation.mode is Mode.ASSISTANT:
        return Understood(button.label, notice="button_expired")
    return Understood(button.label, answer=SystemAnswer(button.payload.removeprefix(SYSTEM_PAYLOAD)))


def _code_of_link(words: str) -> str:
    """Return the code that stands behind `/start`, or nothing."""
    code = words.partition(" ")[2].strip()
    return code if _is_code(code) else ""


def _code_payload(typed: str, mode: Mode, **about: str) -> str | None:
    """Return the payload of a code that links two chats, typed where the assistant answers."""
    if mode is not Mode.ASSISTANT or not _is_code(typed):
        return None
    return "/link_account" + json.dumps({"code": re.sub(r"[\s-]", "", typed).upper(), **about})


def _is_code(typed: str) -> bool:
    bare = re.sub(r"[\s-]", "", typed)
    return _CODE.fullmatch(typed.strip()) is not None and not (bare.isalpha() or bare.isdigit())


def _contact(phone: str) -> Understood:
    number = e164(phone)
    if number is None:
        return Understood(phone)
    return Understood(number, payload="/inform" + json.dumps({"phone": number}))


def e164(phone: str) -> str | None:
    """Return a phone number in the form +39..., or None where it is none. Telegram leaves the plus out."""
    written = phone.strip()
    for candidate, region in ((f"+{written.lstrip('+')}", None), (written, "IT")):
        try:
            parsed = phonenumbers.parse(candidate, region)
        except phonenumbers.NumberParseException:
            continue
        if phonenumbers.is_valid_number(parsed):
            return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
    return None
