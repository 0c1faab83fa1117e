"""Links by which an owner answers: mailed, good for two weeks, replaced by the next one for the same match.

A link is kept as its SHA-256. The mail tells nothing of the home or of who wants to see it.
Opening a link changes nothing: scanners of mail open them too.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from backoffice.audit import service as audit
from backoffice.home_owner.models import HomeOwner
from backoffice.housing_match.consequences import REASONS_OF
from backoffice.housing_match.models import HousingMatch, MatchSide, MatchState, RefusalReason
from backoffice.housing_match.service import accept, refuse
from backoffice.housing_match.states import MOVES
from backoffice.listing.models import Listing
from backoffice.mail.kinds import MailKind
from backoffice.mail.service import write_mail
from backoffice.owner_link.errors import NoOwnerMail, OwnerLinkOver
from backoffice.owner_link.models import OwnerLink
from backoffice.staff.sessions import digest
from backoffice.viewing.models import Viewing
from backoffice.viewing.service import ask_for_viewing, open_viewing, propose_dates
from backoffice.viewing.telling import tell

LASTS = timedelta(days=14)

BY_OWNER = "owner"
"""The actor of what an owner does by a link."""

REASONS = tuple(
    reason for reason in REASONS_OF[MatchSide.OWNER] if reason is not RefusalReason.OWNER_REFUSES_FOREIGNERS
)
"""What an owner may choose: a reason that the law forbids is not offered."""


@dataclass(frozen=True)
class OpenLink:
    """What a link that still works is about."""

    link: OwnerLink
    owner: HomeOwner
    match: HousingMatch
    listing: Listing
    viewing: Viewing | None

    @property
    def may_accept(self) -> bool:
        """Whether the owner can say yes to the household now: after a viewing, or after its own yes."""
        return self.match.owner_said is None and MatchState.ACCEPTED_BY_OWNER in MOVES[self.match.state]

    @property
    def is_over(self) -> bool:
        """Whether there is nothing to answer any more."""
        return self.match.state in (MatchState.REFUSED, MatchState.CONTRACT)


def send_link(session: Session, match: HousingMatch, *, base_url: str, by: str, now: datetime) -> OwnerLink:
    """Mail the owner a link for a match; older ones for it end.

    Raises:
        NoOwnerMail: there is no address, or no agreement to be contacted.
    """
    listing = session.get_one(Listing, match.listing_id)
    owner = session.get_one(HomeOwner, listing.owner_id)
    if not owner.email or owner.contact_agreed_on is None:
        raise NoOwnerMail
    end_links(session, match.id, now=now)
    token = secrets.token_urlsafe(32)
    link = OwnerLink(
        owner_id=owner.id,
        match_id=match.id,
        token_hash=digest(token),
        expires_at=now + LASTS,
        created_by=by,
        created_at=now,
    )
    session.add(link)
    session.flush()
    write_mail(
        session,
        MailKind.OWNER_ASKED,
        organisation_id=owner.organisation_id,
        recipient=owner.email,
        link=f"{base_url.rstrip('/')}/owner/{token}",
        now=now,
    )
    audit.record(session, by=by, action="owner_link.sent", subject_kind="match", subject_id=match.id, now=now)
    return link


def end_links(session: Session, match_id: str, *, now: datetime) -> None:
    """End every link of a match."""
    session.execute(
        update(OwnerLink)
        .where(OwnerLink.match_id == match_id, OwnerLink.ended_at.is_(None))
        .values(ended_at=now)
        .execution_options(synchronize_session="fetch")
    )


def find_link(session: Session, token: str, *, now: datetime) -> OpenLink:
    """Return what a link is about.

    Raises:
        OwnerLinkOver: it is not ours, was replaced, or its time is over.
    """
    link = session.scalars(select(OwnerLink).where(OwnerLink.token_hash == digest(token))).one_or_none()
    if link is None or link.ended_at is not None or link.expires_at <= now:
        raise OwnerLinkOver
    match = session.get_one(HousingMatch, link.match_id)
    return OpenLink(
        link=link,
        owner=session.get_one(HomeOwner, link.owner_id),
        match=match,
        listing=session.get_one(Listing, match.listing_id),
        viewing=open_viewing(session, match.id),
    )


def propose_by_link(
    session: Session, opened: OpenLink, moments: Sequence[datetime], *, base_url: str, now: datetime
) -> None:
    """Let the owner offer dates.

    Raises:
        ViewingMoveRefused, MomentRefused: as `viewing.service.propose_dates`.
    """
    viewing = opened.viewing or ask_for_viewing(session, opened.match, by=BY_OWNER, now=now)
    propose_dates(session, viewing, moments, base_url=base_url, by=BY_OWNER, now=now)
    _noted(session, opened, "owner_link.proposed", now=now)


def accept_by_link(session: Session, opened: OpenLink, *, now: datetime) -> None:
    """Note the owner's yes to the household, which is told of it.

    Raises:
        MatchMoveRefused: the match is not so far, or over.
    """
    accept(session, opened.match, MatchSide.OWNER, by=BY_OWNER, now=now)
    _noted(session, opened, "owner_link.accepted", now=now)
    _tell(session, opened, "viewing_owner_yes", now=now)


def refuse_by_link(
    session: Session, opened: OpenLink, reason: RefusalReason, words: str | None, *, now: datetime
) -> None:
    """Note the owner's no.

    Raises:
        RefusalReasonMissing: it is not a reason that an owner can choose.
        MatchMoveRefused: the match was refused already.
    """
    refuse(session, opened.match, MatchSide.OWNER, reason, words=words, by=BY_OWNER, now=now)
    _noted(session, opened, "owner_link.refused", now=now)
    _tell(session, opened, "viewing_owner_no", now=now)


def _tell(session: Session, opened: OpenLink, key: str, *, now: datetime) -> None:
    latest = select(Viewing).where(Viewing.match_id == opened.match.id).order_by(Viewing.created_at.desc())
    viewing = session.scalars(latest.limit(1)).one_or_none()
    if viewing is not None:
        tell(session, viewing, key, now=now)


def _noted(session: Session, opened: OpenLink, action: str, *, now: datetime) -> None:
    opened.link.opened_at = opened.link.opened_at or now
    audit.record(
        session, by=BY_OWNER, action=action, subject_kind="match", subject_id=opened.match.id, now=now
    )
    session.flush()
