"""What calls a mediator: somebody waits, somebody writes, an urgent one was called for again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Select, or_
from sqlalchemy.orm import Session

from backoffice.client.schemas import Mode
from backoffice.conversation.models import Conversation
from backoffice.conversation.read_marks import unread_of
from backoffice.staff.models import Staff

MOST = 100


class CallKind(StrEnum):
    """Why somebody is called."""

    WAITING = "waiting"
    MESSAGE = "message"
    URGENT = "urgent"


@dataclass(frozen=True)
class Call:
    """One reason to look. `mark` changes when there is a new one: a page tells each mark once."""

    conversation_id: str
    kind: CallKind
    mark: str


@dataclass(frozen=True)
class Calls:
    """All that calls somebody now. `unread`: conversations of theirs with messages not yet seen."""

    unread: int
    calls: list[Call]


def read_calls(session: Session, readable: Select[Conversation], staff: Staff) -> Calls:
    """Return who waits in somebody's languages, urgent ones in any, and who wrote to them."""
    concerns = or_(
        (Conversation.mode == Mode.WAITING)
        & (Conversation.language.in_(staff.languages) | Conversation.urgent),
        Conversation.holder_id == staff.id,
    )
    found = session.scalars(readable.where(concerns).order_by(Conversation.id.desc()).limit(MOST)).all()
    unread = unread_of(session, [each.id for each in found], staff.id)
    calls = [_call(each) for each in found if each.mode is Mode.WAITING or unread.get(each.id)]
    mine = sum(1 for each in found if each.holder_id == staff.id and unread.get(each.id))
    return Calls(mine, calls)


def _call(conversation: Conversation) -> Call:
    if conversation.mode is not Mode.WAITING:
        mark = f"{conversation.id}:{conversation.last_seq}"
        return Call(conversation.id, CallKind.MESSAGE, mark)
    kind = CallKind.URGENT if conversation.urgent else CallKind.WAITING
    called = conversation.paged_at if conversation.urgent else None
    return Call(
        conversation.id, kind, f"{conversation.id}:{_code(conversation.waiting_since)}:{_code(called)}"
    )


def _code(moment: datetime | None) -> str:
    return moment.isoformat() if moment else ""
