"""Who may label: those who take conversations over, for the conversations of their own organisation."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from backoffice.conversation.permissions import may_claim
from backoffice.review.errors import ReviewItemNotFound
from backoffice.review.models import ReviewItem
from backoffice.staff.models import Staff


def may_review(staff: Staff) -> bool:
    """Tell whether somebody labels messages at all."""
    return may_claim(staff) and staff.organisation.is_front_door


def get_reviewable_item(session: Session, staff: Staff, item_id: str) -> ReviewItem:
    """Return an item of the queue, its row locked until the end of the transaction.

    Raises:
        ReviewItemNotFound: it does not exist, or this person may not see it.
    """
    statement = (
        select(ReviewItem)
        .where(ReviewItem.id == item_id, ReviewItem.organisation_id == staff.organisation_id)
        .with_for_update()
    )
    found = session.scalar(statement) if may_review(staff) else None
    if found is None:
        raise ReviewItemNotFound
    return found
