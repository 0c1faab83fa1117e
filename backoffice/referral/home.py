"""What the first page says of shares: offers that wait, those that nobody answers, openings in need."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select
from sqlalchemy.orm import Session

from backoffice.referral.permissions import openings_to_acknowledge, received_shares, sent_shares
from backoffice.referral.queries import Opening, SharePage, openings_shown, page_of_shares
from backoffice.sharing.models import Share, ShareState
from backoffice.sharing.queries import is_alarm
from backoffice.staff.models import Staff
from backoffice.staff.roles import Role

SHOWN = 10


@dataclass(frozen=True)
class SharingNews:
    """What waits for somebody: `unanswered` are alarms, of offers sent and, for a coordinator, received."""

    offers: SharePage
    unanswered: SharePage
    unanswered_here: SharePage | None
    openings: Sequence[Opening]


def read_news(session: Session, staff: Staff, *, now: datetime) -> SharingNews:
    """Return what waits for somebody."""
    offered = received_shares(staff).where(Share.state == ShareState.OFFERED, Share.until > now)
    here = None
    if staff.has_role(Role.COORDINATOR):
        here = _page(session, received_shares(staff).where(is_alarm(now)))
    return SharingNews(
        offers=_page(session, offered),
        unanswered=_page(session, sent_shares(staff).where(is_alarm(now))),
        unanswered_here=here,
        openings=openings_shown(session, openings_to_acknowledge(staff)),
    )


def _page(session: Session, statement: Select[Share]) -> SharePage:
    return page_of_shares(session, statement, limit=SHOWN)
