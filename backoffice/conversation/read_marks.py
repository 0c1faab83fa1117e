"""How far each member of staff has read, and what they have not read yet."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Select, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from backoffice.client.schemas import Author
from backoffice.conversation.models import Message, ReadMark


def read_up_to(session: Session, conversation_id: str, staff_id: str) -> int:
    """Return the number of the last message that somebody has read; 0 where they never opened the thread."""
    return session.scalar(_marks(staff_id).where(ReadMark.conversation_id == conversation_id)) or 0


def mark_read(session: Session, conversation_id: str, staff_id: str, *, seq: int) -> bool:
    """Move the mark forward, never back; tell whether it moved."""
    if read_up_to(session, conversation_id, staff_id) >= seq:
        return False
    on_postgres = session.get_bind().dialect.name == "postgresql"
    insert = postgresql.insert if on_postgres else sqlite.insert
    statement = insert(ReadMark).values(conversation_id=conversation_id, staff_id=staff_id, seq=seq)
    # two windows of one person may come at the same moment
    session.execute(
        statement.on_conflict_do_update(
            index_elements=["conversation_id", "staff_id"],
            set_={"seq": statement.excluded.seq},
            where=ReadMark.seq < statement.excluded.seq,
        )
    )
    return True


def unread_of(session: Session, ids: Sequence[str], staff_id: str) -> dict[str, int]:
    """Return how many messages of the person somebody has not read, by conversation."""
    if not ids:
        return {}
    mark = _marks(staff_id).where(ReadMark.conversation_id == Message.conversation_id).scalar_subquery()
    statement = (
        select(Message.conversation_id, func.count().label("unread"))
        .where(
            Message.conversation_id.in_(ids),
            Message.author == Author.CITIZEN,
            Message.seq > func.coalesce(mark, 0),
        )
        .group_by(Message.conversation_id)
    )
    return {row.conversation_id: row.unread for row in session.execute(statement)}


def _marks(staff_id: str) -> Select[int]:
    return select(ReadMark.seq).where(ReadMark.staff_id == staff_id)
