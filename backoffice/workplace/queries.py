"""Statements about ready answers and kept filters."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from backoffice.workplace.models import CannedReply, FilterKind, SavedFilter


def canned_replies(
    session: Session, readable: Select[CannedReply], *, language: str = "", words: str = ""
) -> Sequence[CannedReply]:
    """Return ready answers by code, then language."""
    statement = readable
    if language:
        statement = statement.where(CannedReply.language == language)
    if words:
        named = CannedReply.code.icontains(words, autoescape=True)
        statement = statement.where(or_(named, CannedReply.text.icontains(words, autoescape=True)))
    return session.scalars(statement.order_by(CannedReply.code, CannedReply.language)).all()


def saved_filters(
    session: Session, staff_id: str, kind: FilterKind = FilterKind.CONVERSATION
) -> Sequence[SavedFilter]:
    """Return the filters of a kind that somebody has kept, by name."""
    statement = select(SavedFilter).where(SavedFilter.staff_id == staff_id, SavedFilter.kind == kind)
    return session.scalars(statement.order_by(SavedFilter.name)).all()
