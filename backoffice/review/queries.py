"""Statements about the review queue."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select, tuple_
from sqlalchemy.orm import Session

from backoffice.paging import read_cursor, write_cursor
from backoffice.review.models import ReviewItem, ReviewState
from backoffice.staff.models import Staff


@dataclass(frozen=True)
class ReviewPage:
    """One page of the queue, the oldest first, how many wait in all, and the cursor of the next page."""

    items: Sequence[ReviewItem]
    waiting: int
    next: str | None


def open_items(
    session: Session, staff: Staff, *, languages: Sequence[str], cursor: str | None, limit: int
) -> ReviewPage:
    """Return what waits for a label in the reader's organisation, in these languages, or in all.

    Raises:
        InvalidCursor: the cursor is not one of ours.
    """
    statement = select(ReviewItem).where(
        ReviewItem.organisation_id == staff.organisation_id, ReviewItem.state == ReviewState.OPEN
    )
    if languages:
        statement = statement.where(ReviewItem.language.in_(languages))
    waiting = session.scalar(select(func.count()).select_from(statement.subquery())) or 0
    if cursor:
        moment, row_id = read_cursor(cursor)
        statement = statement.where(tuple_(ReviewItem.given_at, ReviewItem.id) > (moment, row_id))
    found = session.scalars(statement.order_by(ReviewItem.given_at, ReviewItem.id).limit(limit + 1)).all()
    shown = found[:limit]
    following = write_cursor(shown[-1].given_at, shown[-1].id) if len(found) > limit else None
    return ReviewPage(shown, waiting, following)


def labelled_items(session: Session) -> Sequence[ReviewItem]:
    """Return every labelled message, in an order that does not change: language, meaning, text."""
    items = session.scalars(select(ReviewItem).where(ReviewItem.state == ReviewState.LABELLED)).all()
    return sorted(items, key=lambda item: (item.language, item.intent or "", item.text, item.id))
