"""What the actions call when a person gives a message to learn from."""

from __future__ import annotations

from fastapi import APIRouter

from backoffice.client.schemas import MessageGiven, MisunderstoodMessage
from backoffice.clock import ClockDep
from backoffice.database import DbSession
from backoffice.review.service import give_message
from backoffice.service_access import ServiceOnly

router = APIRouter(prefix="/api/v1/service", tags=["service"], dependencies=[ServiceOnly])


@router.post("/review-items", status_code=201)
def create_review_item(given: MisunderstoodMessage, session: DbSession, clock: ClockDep) -> MessageGiven:
    """Put a message into the review queue; the same message twice is one item."""
    return MessageGiven(id=give_message(session, given, now=clock()).id)
