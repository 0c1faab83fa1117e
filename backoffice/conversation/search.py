"""The list of conversations as its address says: the filters, and the words that are looked for."""

from __future__ import annotations

from datetime import datetime
from typing import TypeVar
from urllib.parse import urlencode

from pydantic import BaseModel
from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select
from sqlalchemy.orm import Session

from backoffice.client.schemas import Author, Channel, Mode
from backoffice.conversation.models import Conversation, ConversationLabel, Message, ReadMark
from backoffice.conversation.words import clean, clean_name
from backoffice.italy import day_in_italy
from backoffice.search.models import Indexed
from backoffice.search.service import Place, finds
from backoffice.staff.models import Staff
from translations.languages import LANGUAGES

SHORTEST_WORDS = 2
"""Letters below which nothing is looked for: one letter is in every message."""

LONGEST_WORDS = 100

Code = TypeVar("Code", Mode, Channel)


class ConversationSearch(BaseModel):
    """The filters as they stand in the address. What no list knows narrows nothing."""

    mode: str = ""
    language: str = ""
    channel: str = ""
    holder: str = ""
    label: str = ""
    follow: str = ""
    unread: str = ""
    q: str = ""
    cursor: str = ""

    @property
    def filters(self) -> dict[str, str]:
        """The filters that are set, by name, without the place in the list."""
        names = ConversationSearch.model_fields.keys() - {"cursor"}
        found = self.model_dump(include=set(names))
        return {name: value for name, value in found.items() if value}

    @property
    def is_narrowed(self) -> bool:
        """Whether any filter is set."""
        return bool(self.filters)

    @property
    def is_detailed(self) -> bool:
        """Whether a filter is set that has neither a tab nor the line of words."""
        return bool(self.filters.keys() - {"q", "mode", "holder"}) or self.queue == "other"

    @property
    def queue(self) -> str:
        """Which tab the list stands on: `mine`, `waiting`, `all`, or `other`."""
        if self.holder == "me":
            return "mine"
        return {"waiting": "waiting", "": "all"}.get(self.mode, "other")

    @property
    def known_mode(self) -> Mode | None:
        """The mode that is looked for, if it is one."""
        return _known(Mode, self.mode)

    @property
    def words(self) -> str:
        """The words that are looked for; nothing where they are too short."""
        words = " ".join(clean(self.q).split())[:LONGEST_WORDS].strip()
        return words if len(words) >= SHORTEST_WORDS else ""

    def address(self, path: str = "/conversations", **changed: str) -> str:
        """Return the address of the list with some parts changed; empty ones are left out."""
        parts = {"cursor": self.cursor, **self.filters, **changed}
        shown = {name: value for name, value in parts.items() if value}
        return f"{path}?{urlencode(shown)}" if shown else path

    def on_tab(self, queue: str) -> str:
        """Return the address of the same filters on another tab."""
        mode, holder = {"mine": ("", "me"), "waiting": ("waiting", "")}.get(queue, ("", ""))
        return self.address(mode=mode, holder=holder, cursor="")

    def narrow(
        self, session: Session, statement: Select[Conversation], staff: Staff, *, now: datetime
    ) -> Select[Conversation]:
        """Return the statement with these filters."""
        conditions = [
            self._on_mode(),
            self._on_language(staff),
            self._on_holder(staff),
            self._on_label(),
            Conversation.follow_up_on <= day_in_italy(now) if self.follow == "due" else None,
            Conversation.follow_up_on.is_not(None) if self.follow == "any" else None,
            is_unread(staff) if self.unread == "yes" else None,
            says(session, self.words) if self.words else None,
        ]
        return statement.where(*(each for each in conditions if each is not None))

    def _on_mode(self) -> ColumnElement[bool] | None:
        channel = _known(Channel, self.channel)
        mode = self.known_mode
        wanted = []
        if mode is not None:
            wanted.append(Conversation.mode == mode)
        if channel is not None:
            wanted.append(Conversation.channel == channel)
        return and_(*wanted) if wanted else None

    def _on_language(self, staff: Staff) -> ColumnElement[bool] | None:
        if self.language == "mine":
            return Conversation.language.in_(staff.languages)
        return Conversation.language == self.language if self.language in LANGUAGES else None

    def _on_holder(self, staff: Staff) -> ColumnElement[bool] | None:
        return Conversation.holder_id == staff.id if self.holder == "me" else None

    def _on_label(self) -> ColumnElement[bool] | None:
        name = clean_name(self.label)
        if name is None:
            return None
        labelled = select(ConversationLabel.conversation_id).where(ConversationLabel.name == name)
        return Conversation.id.in_(labelled)


def is_unread(staff: Staff) -> ColumnElement[bool]:
    """Return the condition that a person wrote what somebody has not read, waiting or with them."""
    mark = (
        select(ReadMark.seq)
        .where(ReadMark.conversation_id == Message.conversation_id, ReadMark.staff_id == staff.id)
        .scalar_subquery()
    )
    newer = exists().where(
        Message.conversation_id == Conversation.id,
        Message.author == Author.CITIZEN,
        Message.seq > func.coalesce(mark, 0),
    )
    concerns = or_(Conversation.mode == Mode.WAITING, Conversation.holder_id == staff.id)
    return and_(concerns, newer)


def says(session: Session, words: str) -> ColumnElement[bool]:
    """Return the condition that a conversation has these words: in a name, a phone number or a message."""
    person_id = func.coalesce(Conversation.person_id, "")
    places = (Place(Indexed.CONVERSATION, Conversation.id), Place(Indexed.PERSON, person_id))
    return finds(session, words, *places)


def _known(kind: type[Code], value: str) -> Code | None:
    try:
        return kind(value)
    except ValueError:
        return None
