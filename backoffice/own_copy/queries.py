"""Statements about requests for copies."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from backoffice.own_copy.models import OwnCopy
from backoffice.person.standing import ids_of_person


def waiting_copies(session: Session, answerable: Select[OwnCopy], *, limit: int) -> Sequence[OwnCopy]:
    """Return the requests that nobody has answered, the oldest first."""
    statement = answerable.where(OwnCopy.answered_at.is_(None))
    return session.scalars(statement.order_by(OwnCopy.asked_at, OwnCopy.id).limit(limit)).all()


def answered_copies(session: Session, answerable: Select[OwnCopy], *, limit: int) -> Sequence[OwnCopy]:
    """Return the requests that were released or refused, the latest first."""
    statement = answerable.where(OwnCopy.answered_at.is_not(None))
    return session.scalars(statement.order_by(OwnCopy.answered_at.desc(), OwnCopy.id).limit(limit)).all()


def open_copy_of(session: Session, person_id: str) -> OwnCopy | None:
    """Return the request of a person that waits for its answer."""
    ids = ids_of_person(session, person_id)
    statement = select(OwnCopy).where(OwnCopy.person_id.in_(ids), OwnCopy.answered_at.is_(None))
    return session.scalars(statement.order_by(OwnCopy.asked_at)).first()
