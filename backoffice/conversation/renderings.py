"""Which messages need a rendering in Italian, and which renderings they have.

Only what somebody of the staff may look at is translated: while the assistant holds the floor,
nothing is. A row is written in the transaction of the message; `backoffice.translation` fills it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from sqlalchemy import Select, exists, insert, or_, select
from sqlalchemy.orm import Session, joinedload

from backoffice.client.schemas import Mode
from backoffice.conversation.models import Conversation, Message, Rendering
from backoffice.database import Database, new_id, publish_after_commit
from backoffice.staff.models import Staff
from translations.guards import Flag
from translations.masking import has_words

RENDERINGS = "renderings"
"""The topic that rings when there may be something to translate."""

STAFF_LANGUAGE = "it"
"""What everybody who works here reads."""

SHOWN = 50
"""Messages of the history that are translated when somebody opens a conversation."""

NO_PACKAGE = "no_package"
"""Flag: nothing here translates this pair of languages."""

TOO_LONG = "too_long"
"""Flag: more letters than the engine takes at once."""

ENGINE_FAILED = "engine_failed"
"""Flag: the engine broke or was silent, again and again."""

FLAGS: tuple[str, ...] = (*Flag, NO_PACKAGE, TOO_LONG, ENGINE_FAILED)
"""Why there may be no translation."""

_LOOKED_AT = (Mode.WAITING, Mode.MEDIATOR, Mode.CLOSED)


def read_by(staff: Staff | None) -> frozenset[str]:
    """Return the languages that somebody reads; without a person, what everybody does."""
    return frozenset({STAFF_LANGUAGE, *(staff.languages if staff is not None else ())})


def ask_for_new(
    session: Session, conversation: Conversation, messages: Iterable[Message], *, now: datetime
) -> None:
    """Ask for a rendering of what was just written, where a person waits or talks with a mediator."""
    if conversation.mode not in _LOOKED_AT:
        return
    needing = [message for message in messages if _is_foreign(message, frozenset({STAFF_LANGUAGE}))]
    if needing and conversation.holder_id is not None:
        holder = session.get(Staff, conversation.holder_id)
        needing = [message for message in needing if _is_foreign(message, read_by(holder))]
    _ask(session, [message.id for message in needing], now=now)


def ask_for_history(session: Session, conversation: Conversation, *, staff: Staff, now: datetime) -> None:
    """Ask for what somebody who looks at a conversation cannot read, of its last messages."""
    if conversation.mode not in _LOOKED_AT:
        return
    reads = read_by(staff)
    needing = [each.id for each in session.scalars(_missing(conversation, reads)) if has_words(each.text)]
    _ask(session, needing, now=now)


def ask_where_lacking(
    session: Session, database: Database, conversation: Conversation, *, staff: Staff, now: datetime
) -> None:
    """Do so for a page or a program that only reads, in a transaction of its own where something is lacking.

    Args:
        session: a reading session.
        database: where to write.
        conversation: read with that session.
        staff: who looks.
        now: the present moment.
    """
    if conversation.mode not in _LOOKED_AT:
        return
    lacking = session.scalars(_missing(conversation, read_by(staff)))
    if any(has_words(each.text) for each in lacking):
        with database.transaction() as writing:
            ask_for_history(writing, conversation, staff=staff, now=now)


def renderings_of(session: Session, messages: Iterable[Message]) -> dict[str, list[Rendering]]:
    """Return the renderings of these messages, by message, the youngest last."""
    ids = [message.id for message in messages]
    found: dict[str, list[Rendering]] = {}
    if ids:
        statement = (
            select(Rendering)
            .where(Rendering.message_id.in_(ids))
            .options(joinedload(Rendering.staff))
            .order_by(Rendering.created_at, Rendering.id)
        )
        for row in session.scalars(statement):
            found.setdefault(row.message_id, []).append(row)
    return found


def install_command(source: str, target: str) -> str:
    """Return the command that installs what a pair needs: packages lead from and to English."""
    languages = sorted({source, target} - {"en"})
    return f'make translation-packages LANGUAGES="{" ".join(languages)}"'


def _is_foreign(message: Message, reads: Collection[str]) -> bool:
    return (
        message.note_kind is None
        and message.language not in reads
        and message.original_language not in reads
        and has_words(message.text)
    )


def _missing(conversation: Conversation, reads: Collection[str]) -> Select[Message]:
    return (
        select(Message)
        .where(
            Message.conversation_id == conversation.id,
            Message.seq > conversation.last_seq - SHOWN,
            Message.language.not_in(reads),
            or_(Message.original_language.is_(None), Message.original_language.not_in(reads)),
            Message.note_kind.is_(None),
            Message.text != "",
            ~exists().where(Rendering.message_id == Message.id, Rendering.language == STAFF_LANGUAGE),
        )
        .order_by(Message.seq)
    )


def _ask(session: Session, ids: Sequence[str], *, now: datetime) -> None:
    if not ids:
        return
    rows = [
        {
            "id": new_id(),
            "message_id": message_id,
            "language": STAFF_LANGUAGE,
            "flags": [],
            "next_at": now,
            "created_at": now,
        }
        for message_id in ids
    ]
    session.execute(insert(Rendering), rows)
    publish_after_commit(session, RENDERINGS)
