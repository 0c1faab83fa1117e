"""A request for a copy of one's own data: asked, released after a look at who asks, or refused.

A chat alone gives nothing out: whoever holds a stolen telephone holds the chat too. Functions flush, never
commit; each act leaves its audit entry. Rights have been asked before (`permissions`).
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from backoffice.audit import service as audit
from backoffice.conversation.messages import say
from backoffice.conversation.queries import lock_conversation
from backoffice.own_copy.errors import AlreadyAnswered, AskedAlready, NoLongerThere
from backoffice.own_copy.models import IdentityCheck, OwnCopy, RefusedBecause
from backoffice.own_copy.queries import open_copy_of
from backoffice.own_copy.writings import Writing, writings_of
from backoffice.person.models import OpeningReason, Person
from backoffice.person.service import open_restricted

ANSWERED_WITHIN = timedelta(days=30)
"""A month, as GDPR art. 12(3) has it; the shortest month is left to the eye."""

READY_FOR = timedelta(hours=2)
"""How long the files can be made once it is released: while the person is at the desk."""

_OPENED = "Copy of the person's own data"


def ask_for_copy(
    session: Session, person: Person, *, by: str, now: datetime, conversation_id: str | None = None
) -> OwnCopy:
    """Write down that a person wants a copy.

    Raises:
        AskedAlready: a request of theirs waits for its answer.
    """
    if open_copy_of(session, person.id) is not None:
        raise AskedAlready
    asked = OwnCopy(
        person=person,
        organisation_id=person.organisation_id,
        conversation_id=conversation_id,
        asked_by=by,
        asked_at=now,
    )
    session.add(asked)
    session.flush()
    _note(session, asked, "own_copy.asked", by=by, now=now)
    return asked


def due_at(asked: OwnCopy) -> datetime:
    """Return by when the person has a right to the answer."""
    return asked.asked_at + ANSWERED_WITHIN


def read_writings(session: Session, asked: OwnCopy, *, by: str, now: datetime) -> list[Writing]:
    """Return what staff wrote for themselves about the person, so that somebody says what goes along."""
    _note(session, asked, "own_copy.writings_read", by=by, now=now)
    return writings_of(session, asked.person, asked.organisation_id)


def release_copy(
    session: Session,
    asked: OwnCopy,
    *,
    identity: IdentityCheck,
    writings: Collection[str],
    by: str,
    now: datetime,
) -> OwnCopy:
    """Let a copy be made, by who has seen who asks; what is restricted opens for that reader with it.

    Args:
        session: the transaction.
        asked: the request.
        identity: how it is known that who asks is the person.
        writings: ids of internal writings that go with it; the others are counted in the copy.
        by: who releases, and alone can make the files.
        now: the present moment.

    Raises:
        AlreadyAnswered: it was released or refused before.
    """
    _lock_open(session, asked)
    known = {each.id for each in writings_of(session, asked.person, asked.organisation_id)}
    asked.identity, asked.writings = identity, sorted(known & set(writings))
    asked.answered_by, asked.answered_at, asked.until = by, now, now + READY_FOR
    open_restricted(
        session,
        asked.person,
        reason=OpeningReason.REQUEST_OF_THE_PERSON,
        words=_OPENED,
        staff_id=by,
        now=now,
    )
    _note(session, asked, "own_copy.released", by=by, now=now, reason=identity.value)
    _tell(session, asked, "copy_given", now)
    session.flush()
    return asked


def refuse_copy(
    session: Session, asked: OwnCopy, because: RefusedBecause, *, by: str, now: datetime
) -> OwnCopy:
    """End a request without a copy, and tell the person why.

    Raises:
        AlreadyAnswered: it was released or refused before.
    """
    _lock_open(session, asked)
    asked.refused_because, asked.answered_by, asked.answered_at = because, by, now
    _note(session, asked, "own_copy.refused", by=by, now=now, reason=because.value)
    if because is not RefusedBecause.TAKEN_BACK:
        _tell(session, asked, f"copy_refused_{because.value}", now)
    session.flush()
    return asked


def require_ready(session: Session, asked: OwnCopy, *, by: str, form: str, now: datetime) -> None:
    """Note that a file of a copy is made; `form` is `json`, `pdf` or the like.

    Raises:
        NoLongerThere: it is not released, was by somebody else, or its time is over.
    """
    if asked.answered_by != by or not asked.is_ready(now):
        raise NoLongerThere
    _note(session, asked, "own_copy.read", by=by, now=now, reason=form)


def _lock_open(session: Session, asked: OwnCopy) -> None:
    session.refresh(asked, ["answered_at"], with_for_update=True)
    if not asked.is_open:
        raise AlreadyAnswered


def _tell(session: Session, asked: OwnCopy, key: str, now: datetime) -> None:
    """Say it where it was asked for, unless messages may be read by somebody whom the person fears."""
    if asked.conversation_id is None or asked.person.contact.no_messages:
        return
    say(session, lock_conversation(session, asked.conversation_id), key, now=now)


def _note(
    session: Session, asked: OwnCopy, action: str, *, by: str, now: datetime, reason: str | None = None
) -> None:
    audit.record(
        session,
        by=by,
        action=action,
        subject_kind="person",
        subject_id=asked.person_id,
        now=now,
        reason=reason,
    )
