"""The conversation that an invented case came out of, with what was said in it, as rows."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache

from backoffice.client.schemas import Author, Channel, MessageKind, Mode
from backoffice.conversation.models import DeliveryState, InboxState, RenderingState, TranslatedBy
from backoffice.seed_many.invented import Invented, Row, id_at
from translations.catalog import text

FEWEST = 2
"""A question and its answer."""
MOST = 40
_MEDIATED = 0.15
_MEDIATED_FROM = 6
"""So many messages at least has a talk in which a mediator takes part, for there is time to wait for one."""
_TYPED = 0.5
_NOT_UNDERSTOOD = 0.07
_ENGINE, _ENGINE_VERSION = "argos", "1.9"

_SAID = (
    "search_housing",
    "ask_residence_permit",
    "ask_italian_course",
    "ask_health_care",
    "ask_job_search",
    "ask_benefits",
    "ask_school_enrolment",
    "ask_office",
    "ask_case_status",
    "book_appointment",
    "ask_rental_contract",
    "ask_citizenship",
    "ask_tax_code",
    "register_care_worker",
    "ask_menu",
)
"""Intents, whose words on a button people say here."""
_ANSWERS = ("bot.menu", "bot.what_now", "bot.greet_again", "bot.thank")
_HUMAN = "ask_human"


@dataclass
class Talk:
    """The rows of one conversation, of each table."""

    conversation: Row
    messages: list[Row] = field(default_factory=list)
    inbox: list[Row] = field(default_factory=list)
    deliveries: list[Row] = field(default_factory=list)
    renderings: list[Row] = field(default_factory=list)
    floor: list[Row] = field(default_factory=list)
    assignments: list[Row] = field(default_factory=list)
    sessions: list[Row] = field(default_factory=list)
    addresses: list[Row] = field(default_factory=list)
    words: set[str] = field(default_factory=set)
    """What the conversation is found by."""


def lengths(dice: random.Random, talks: int, messages: int) -> list[int]:
    """Return how long each of some talks is: most are short, and together they have so many messages."""
    if not talks:
        return []
    wanted = [FEWEST + int(dice.expovariate(1) * max(messages / talks - FEWEST, 0)) for _ in range(talks)]
    found = [min(each, MOST) for each in wanted]
    missing = max(messages, FEWEST * talks) - sum(found)
    place = 0
    while missing:
        step = 1 if missing > 0 else -1
        if step > 0 or found[place % talks] > FEWEST:
            found[place % talks] += step
            missing -= step
        place += 1
    return found


def talk(made: Invented, number: int, length: int, mediators: Sequence[str]) -> Talk:
    """Return the conversation of a case that came out of one."""
    return _Writer(made, number, length, mediators).written()


@cache
def _words(key: str, language: str) -> str:
    return text(key, language)


class _Writer:
    def __init__(self, made: Invented, number: int, length: int, mediators: Sequence[str]) -> None:
        assert made.channel is not None
        self.dice, self.case, self.channel = made.dice, made.case, made.channel
        self.language: str = made.case["language"]
        self.length, self.number = length, number
        self.at: datetime = made.case["opened_at"] - timedelta(minutes=2 * length)
        self.begun = self.at
        self.id = id_at(self.at, self.dice)
        self.chat_id = 10_000_000_000 + number if self.channel is Channel.TELEGRAM else None
        self.session_id = id_at(self.at, self.dice)
        is_mediated = bool(mediators) and length >= _MEDIATED_FROM and self.dice.random() < _MEDIATED * 2
        self.mediator = self.dice.choice(mediators) if is_mediated else None
        self.epoch = 1
        self.done = Talk({})

    def written(self) -> Talk:
        if self.mediator is None:
            self._with_assistant(self.length)
        else:
            self._with_assistant(self.length - 4)
            self._with_mediator(self.mediator)
        self.done.conversation = self._conversation()
        if self.channel is Channel.WEB:
            token = hashlib.sha256(self.dice.randbytes(32)).hexdigest()
            opened = {"id": self.session_id, "token_sha256": token, "created_at": self.begun}
            self.done.sessions.append(opened | {"conversation_id": self.id})
        else:
            address = {"person_id": self.case["person_id"], "channel": self.channel}
            address |= {"id": id_at(self.begun, self.dice), "address": str(self.chat_id)}
            self.done.addresses.append(address)
        return self.done

    def _with_assistant(self, length: int) -> None:
        for place in range(length):
            if place % 2 == 0:
                self._citizen(self.dice.choice(_SAID))
            else:
                self._staff(Author.ASSISTANT, self.dice.choice(_ANSWERS))

    def _with_mediator(self, mediator: str) -> None:
        """A person asks for one, waits, is answered, and the assistant goes on."""
        self._citizen(_HUMAN)
        self._floor(Mode.WAITING, "asked", None)
        self._citizen(self.dice.choice(_SAID), seen=True)
        self._pause(self.dice.expovariate(1 / 25.0))
        self._floor(Mode.MEDIATOR, "claimed", mediator)
        since = self.at
        self._staff(Author.MEDIATOR, self.dice.choice(_ANSWERS), mediator)
        self._citizen(self.dice.choice(_SAID), seen=True)
        self.done.assignments.append(
            {
                "id": id_at(since, self.dice),
                "conversation_id": self.id,
                "staff_id": mediator,
                "epoch": self.epoch,
                "started_at": since,
                "ended_at": self.at,
                "ended_because": "released",
            }
        )
        self._floor(Mode.ASSISTANT, "released", mediator)

    def _citizen(self, intent: str, *, seen: bool = False) -> None:
        words = _words(f"bot.button.intent_{intent}", self.language)
        is_typed = seen or self.dice.random() < _TYPED
        message = self._message(Author.CITIZEN, words, has_words_of_ones_own=True)
        understood = None if seen else "nlu_fallback" if self.dice.random() < _NOT_UNDERSTOOD else intent
        of_channel = str(self.number) if self.channel is Channel.TELEGRAM else self.session_id
        self.done.inbox.append(
            {
                "id": message["id"],
                "conversation_id": self.id,
                "seq": message["seq"],
                "channel": self.channel,
                "external_id": f"{of_channel}:{message['seq']}",
                "second_id": None,
                "fingerprint": hashlib.sha256(message["id"].encode()).hexdigest(),
                "payload": None if is_typed else f"/{intent}",
                "state": InboxState.DONE,
                "next_at": self.at,
                "intent": understood,
                "confidence": None if seen else round(0.5 + self.dice.random() / 2, 4),
                "created_at": self.at,
            }
        )
        if seen and self.language != "it":
            self.done.renderings.append(self._rendering(message, f"bot.button.intent_{intent}"))

    def _staff(self, author: Author, key: str, staff_id: str | None = None) -> None:
        words = _words(key, self.language)
        is_foreign = staff_id is not None and self.language != "it"
        own = _words(key, "it") if is_foreign else None
        message = self._message(
            author, words, staff_id, original=own, has_words_of_ones_own=staff_id is not None
        )
        if self.chat_id is None:
            return
        self.done.deliveries.append(
            {
                "id": id_at(self.at, self.dice),
                "conversation_id": self.id,
                "message_id": message["id"],
                "seq": message["seq"],
                "channel": self.channel,
                "chat_id": self.chat_id,
                "state": DeliveryState.DEAD if self.dice.random() < 0.004 else DeliveryState.SENT,
                "attempts": 1,
                "next_at": self.at,
                "sent_at": self.at,
            }
        )

    def _message(
        self,
        author: Author,
        words: str,
        staff_id: str | None = None,
        *,
        original: str | None = None,
        has_words_of_ones_own: bool,
    ) -> Row:
        self._pause(self.dice.random())
        if has_words_of_ones_own:
            self.done.words |= {each for each in (words, original) if each}
        row: Row = {
            "id": id_at(self.at, self.dice),
            "conversation_id": self.id,
            "seq": len(self.done.messages) + 1,
            "author": author,
            "staff_id": staff_id,
            "kind": MessageKind.TEXT,
            "text": words,
            "language": self.language,
            "original_text": original,
            "original_language": "it" if original else None,
            "translated_by": TranslatedBy.MACHINE if original else None,
            "created_at": self.at,
        }
        self.done.messages.append(row)
        return row

    def _rendering(self, message: Row, key: str) -> Row:
        is_done = self.dice.random() >= 0.03
        if is_done:
            self.done.words.add(_words(key, "it"))
        return {
            "id": id_at(self.at, self.dice),
            "message_id": message["id"],
            "language": "it",
            "state": RenderingState.DONE if is_done else RenderingState.REFUSED,
            "text": _words(key, "it") if is_done else None,
            "engine": _ENGINE,
            "version": _ENGINE_VERSION,
            "attempts": 1,
            "next_at": self.at,
            "created_at": self.at,
        }

    def _floor(self, mode: Mode, reason: str, staff_id: str | None) -> None:
        self.epoch += 1
        self.done.floor.append(
            {
                "id": id_at(self.at, self.dice),
                "conversation_id": self.id,
                "epoch": self.epoch,
                "mode": mode,
                "reason": reason,
                "staff_id": staff_id,
                "at": self.at,
            }
        )

    def _pause(self, minutes: float) -> None:
        self.at += timedelta(minutes=minutes)

    def _conversation(self) -> Row:
        return {
            "id": self.id,
            "organisation_id": self.case["organisation_id"],
            "channel": self.channel,
            "chat_id": self.chat_id,
            "language": self.language,
            "language_chosen": True,
            "person_id": self.case["person_id"],
            "mode": Mode.ASSISTANT,
            "epoch": self.epoch,
            "last_seq": self.length,
            "received_seq": self.length,
            "rasa_session": 1 + len(self.done.assignments),
            "created_at": self.begun,
            "last_message_at": self.at,
        }
