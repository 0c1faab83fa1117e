"""Who reads and who writes ready answers: those of the organisation that runs the front door."""

from __future__ import annotations

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from backoffice.conversation.permissions import may_claim, may_read
from backoffice.staff.models import Staff
from backoffice.workplace.errors import CannedReplyNotFound, SavedFilterNotFound
from backoffice.workplace.models import CannedReply, SavedFilter


def may_edit(staff: Staff) -> bool:
    """Tell whether somebody writes ready answers: whoever talks with people."""
    return may_claim(staff)


def readable_replies(staff: Staff) -> Select[CannedReply]:
    """Return the statement of the ready answers of somebody's organisation.

    Raises:
        CannedReplyNotFound: none at all.
    """
    if not may_read(staff):
        raise CannedReplyNotFound
    return select(CannedReply).where(CannedReply.organisation_id == staff.organisation_id)


def get_editable_reply(session: Session, staff: Staff, reply_id: str) -> CannedReply:
    """Return a ready answer that somebody may change.

    Raises:
        CannedReplyNotFound: it does not exist, or this person may not.
    """
    found = session.scalar(readable_replies(staff).where(CannedReply.id == reply_id))
    if found is None or not may_edit(staff):
        raise CannedReplyNotFound
    return found


def get_own_filter(session: Session, staff: Staff, filter_id: str) -> SavedFilter:
    """Return a filter that somebody has kept.

    Raises:
        SavedFilterNotFound: it does not exist, or is another's.
    """
    found = session.get(SavedFilter, filter_id)
    if found is None or found.staff_id != staff.id:
        raise SavedFilterNotFound
    return found
