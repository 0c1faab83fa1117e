"""What happens while people wait: urgent ones are called for again, and each hears where they stand.

Nobody is told much: once that they are next, and once, after ten minutes, which number they have.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, and_, exists, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from backoffice.audit import service as audit
from backoffice.client.schemas import Mode, WaitingReason
from backoffice.conversation.messages import say
from backoffice.conversation.models import Conversation
from backoffice.conversation.routing import LONG_WAIT
from backoffice.handoff.queue import position
from backoffice.live.service import announce
from backoffice.office.service import find_office, read_opening

PAGED_AGAIN_AFTER = timedelta(seconds=60)
"""An urgent conversation that nobody takes calls for mediators again, each time after so long."""

NEXT_TOLD_AFTER = timedelta(seconds=60)
"""Who has only just been told a number is not told another one at once."""

AT_ONCE = 50
"""How many are looked at in one transaction; the others come five seconds later."""

_OTHER = aliased(Conversation)

SYSTEM = "system"
"""The actor of what happens without anybody asking."""


def has_urgent_unclaimed(session: Session, *, now: datetime) -> bool:
    """Tell whether mediators are to be called again; a look that locks nothing."""
    return session.execute(_unclaimed(now).limit(1)).first() is not None


def page_urgent(session: Session, *, now: datetime) -> int:
    """Call mediators again for what is urgent and waits for a minute; return for how many.

    Each call is a live event and an audit entry.
    """
    found = session.scalars(_unclaimed(now).limit(AT_ONCE).with_for_update(skip_locked=True)).all()
    for conversation in found:
        conversation.paged_at = now
        announce(session, conversation.id)
        audit.record(
            session,
            by=SYSTEM,
            action="conversation.paged",
            subject_kind="conversation",
            subject_id=conversation.id,
            now=now,
        )
    return len(found)


def has_somebody_to_tell(session: Session, *, now: datetime) -> bool:
    """Tell whether somebody is to hear where they stand; a look that locks nothing."""
    return bool(_open_desks(session, now))


def tell_standing(session: Session, *, now: datetime) -> int:
    """Tell who is next now, and who waits for long where they stand; return how many were told.

    Only while the desk is open: before, they were told when it opens.
    """
    statement = _to_tell(now).where(Conversation.organisation_id.in_(_open_desks(session, now)))
    found = session.scalars(statement.limit(AT_ONCE).with_for_update(skip_locked=True)).all()
    for conversation in found:
        _tell(session, conversation, now)
    return len(found)


def _tell(session: Session, conversation: Conversation, now: datetime) -> None:
    since, place = conversation.waiting_since, position(session, conversation)
    assert since is not None  # it waits
    is_long = since <= now - LONG_WAIT and not _told(conversation.wait_told_at, since)
    if place == 1:
        conversation.next_told_at = now
    if is_long:
        conversation.wait_told_at = now
        say(session, conversation, "still_waiting", position=str(place), now=now)
    elif place == 1:
        say(session, conversation, "next_in_line", now=now)


def _told(at: datetime | None, since: datetime) -> bool:
    return at is not None and at >= since


def _unclaimed(now: datetime) -> Select[Conversation]:
    last = now - PAGED_AGAIN_AFTER
    return (
        select(Conversation)
        .where(
            Conversation.mode == Mode.WAITING,
            Conversation.urgent,
            Conversation.waiting_since <= last,
            or_(Conversation.paged_at.is_(None), Conversation.paged_at <= last),
        )
        .order_by(Conversation.waiting_since)
    )


def _to_tell(now: datetime) -> Select[Conversation]:
    is_long = (Conversation.waiting_since <= now - LONG_WAIT) & _untold(Conversation.wait_told_at)
    is_next = _is_first() & _untold(Conversation.next_told_at)
    return (
        select(Conversation)
        .where(
            Conversation.mode == Mode.WAITING,
            # The assistant may be back any moment: who waits only for it is not counted down.
            Conversation.waiting_reason != WaitingReason.ASSISTANT_UNAVAILABLE,
            Conversation.waiting_since <= now - NEXT_TOLD_AFTER,
            or_(is_long, is_next),
        )
        .order_by(Conversation.urgent.desc(), Conversation.waiting_since, Conversation.id)
    )


def _is_first() -> ColumnElement[bool]:
    """Return the condition that nobody of the same language comes before, as `queue.position` counts."""
    sooner = or_(
        _OTHER.waiting_since < Conversation.waiting_since,
        and_(_OTHER.waiting_since == Conversation.waiting_since, _OTHER.id < Conversation.id),
    )
    before = or_(
        and_(_OTHER.urgent, ~Conversation.urgent), and_(_OTHER.urgent == Conversation.urgent, sooner)
    )
    return ~exists().where(
        _OTHER.organisation_id == Conversation.organisation_id,
        _OTHER.mode == Mode.WAITING,
        _OTHER.language == Conversation.language,
        _OTHER.id != Conversation.id,
        before,
    )


def _untold(column: InstrumentedAttribute[datetime | None]) -> ColumnElement[bool]:
    return or_(column.is_(None), column < Conversation.waiting_since)


def _open_desks(session: Session, now: datetime) -> list[str]:
    """Return the organisations whose desk is open and where somebody is to be told something."""
    statement = _to_tell(now).with_only_columns(Conversation.organisation_id).order_by(None).distinct()
    return [
        each
        for each in session.scalars(statement)
        if read_opening(find_office(session, each), now=now).is_open
    ]
