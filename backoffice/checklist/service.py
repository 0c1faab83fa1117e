"""Keep, tick and delete saved lists, and make the links to their sheets."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from backoffice.audit import service as audit
from backoffice.checklist.models import Checklist
from backoffice.conversation.models import Conversation

MOST = 10
"""Lists of one conversation."""

LINK_LASTS = timedelta(days=7)

SERVICE = "service"
"""Who acts in the audit trail: the person in the chat."""


class TooManyChecklists(Exception):
    """The conversation has as many lists as one may."""


def lists_of(session: Session, conversation: Conversation) -> Sequence[Checklist]:
    """Return the lists of the conversation's person, the newest first."""
    statement = (
        select(Checklist)
        .where(
            Checklist.conversation_id == conversation.id,
            or_(Checklist.person_id.is_(None), Checklist.person_id == conversation.person_id),
        )
        .order_by(Checklist.created_at.desc(), Checklist.id)
    )
    return session.scalars(statement).all()


def own_list(session: Session, conversation: Conversation, list_id: str) -> Checklist | None:
    """Return one of the lists of the conversation's person."""
    return next((each for each in lists_of(session, conversation) if each.id == list_id), None)


def save_list(
    session: Session, conversation: Conversation, topic: str, case: str, *, version: str, now: datetime
) -> Checklist:
    """Keep a list, or the one that there is already of the same case, with its ticks.

    Raises:
        TooManyChecklists: there is no room for another one.
    """
    kept = lists_of(session, conversation)
    same = next((c for c in kept if (c.content.get("topic"), c.content.get("case")) == (topic, case)), None)
    if same is not None:
        same.content = {**same.content, "version": version}
        return same
    if len(kept) >= MOST:
        raise TooManyChecklists
    made = Checklist(
        conversation_id=conversation.id,
        person_id=conversation.person_id,
        content={"topic": topic, "case": case, "version": version, "ticked": []},
        created_at=now,
    )
    session.add(made)
    session.flush()
    _record(session, made, "saved", now)
    return made


def tick(session: Session, checklist: Checklist, mark: str, *, now: datetime) -> None:
    """Tick a point, or take its tick away."""
    ticked = list(checklist.content.get("ticked", []))
    left = [each for each in ticked if each != mark]
    checklist.content = {
        **checklist.content,
        "ticked": left if len(left) < len(ticked) else [*ticked, mark],
    }
    _record(session, checklist, "ticked", now)


def note_version(checklist: Checklist, version: str) -> bool:
    """Tell whether the guide says something else than when the list was last looked at, and note it."""
    if checklist.content.get("version") == version:
        return False
    checklist.content = {**checklist.content, "version": version}
    return True


def drop_list(session: Session, checklist: Checklist, *, now: datetime) -> None:
    """Delete a list."""
    _record(session, checklist, "deleted", now)
    session.delete(checklist)
    session.flush()


def make_link(session: Session, checklist: Checklist, *, now: datetime) -> str:
    """Return the token of a new link to the list's sheet; an older one ends."""
    token = secrets.token_urlsafe(32)
    checklist.link_sha256, checklist.link_until = _digest(token), now + LINK_LASTS
    _record(session, checklist, "link_made", now)
    return token


def list_of_link(session: Session, token: str, *, now: datetime) -> Checklist | None:
    """Return the list that a link leads to; None where it is not ours, was replaced, or its time is over."""
    found = session.scalars(select(Checklist).where(Checklist.link_sha256 == _digest(token))).one_or_none()
    is_open = found is not None and found.link_until is not None and found.link_until > now
    return found if is_open else None


def leave_to(session: Session, conversation: Conversation, person_id: str | None) -> None:
    """Give the lists that are nobody's yet to whom the conversation was until now; without one they go.

    Somebody else is about to go on in the chat of a shared telephone.
    """
    nobodys = select(Checklist).where(
        Checklist.conversation_id == conversation.id, Checklist.person_id.is_(None)
    )
    for each in session.scalars(nobodys):
        if person_id is None:
            session.delete(each)
        else:
            each.person_id = person_id
    session.flush()


def _record(session: Session, checklist: Checklist, act: str, now: datetime) -> None:
    audit.record(
        session,
        by=SERVICE,
        action=f"checklist.{act}",
        subject_kind="conversation",
        subject_id=checklist.conversation_id,
        now=now,
    )


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
