"""Links by which a family answers: mailed, good for two weeks, replaced by the next one for the same request.

A link is kept as its SHA-256. The mail tells nothing of anybody. Opening a link changes nothing: scanners of
mail open them too.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from backoffice.audit import service as audit
from backoffice.care_match.errors import CareMoveRefused
from backoffice.care_match.models import CareMatch, CareMatchState, CareRefusal, CareSide
from backoffice.care_match.offers import note_answer
from backoffice.care_match.states import NAMES_KNOWN
from backoffice.care_request.models import CareRequest
from backoffice.case.models import Case
from backoffice.family_link.errors import FamilyLinkOver, NoFamilyMail
from backoffice.family_link.models import FamilyLink
from backoffice.mail.kinds import MailKind
from backoffice.mail.service import write_mail
from backoffice.staff.sessions import digest

LASTS = timedelta(days=14)

BY_FAMILY = "family"
"""The actor of what a family does by a link."""

REASONS = (CareRefusal.EXPERIENCE, CareRefusal.NOT_NOW, CareRefusal.OTHER)
"""What a family may choose by a link; a reason that the law forbids is not offered."""


@dataclass(frozen=True)
class OpenLink:
    """What a link that still works is about: the request, and the profiles that its family was shown."""

    link: FamilyLink
    case: Case
    matches: Sequence[CareMatch]


def send_link(session: Session, request: CareRequest, *, base_url: str, by: str, now: datetime) -> FamilyLink:
    """Mail the family of a request a link; older ones for it end.

    Raises:
        NoFamilyMail: there is no address.
    """
    if not request.email:
        raise NoFamilyMail
    end_links(session, request.case_id, now=now)
    token = secrets.token_urlsafe(32)
    link = FamilyLink(
        request_id=request.case_id,
        token_hash=digest(token),
        expires_at=now + LASTS,
        created_by=by,
        created_at=now,
    )
    session.add(link)
    session.flush()
    write_mail(
        session,
        MailKind.FAMILY_ASKED,
        organisation_id=request.organisation_id,
        recipient=request.email,
        link=f"{base_url.rstrip('/')}/family/{token}",
        now=now,
    )
    audit.record(
        session, by=by, action="family_link.sent", subject_kind="case", subject_id=request.case_id, now=now
    )
    return link


def end_links(session: Session, request_id: str, *, now: datetime) -> None:
    """End every link of a request."""
    session.execute(
        update(FamilyLink)
        .where(FamilyLink.request_id == request_id, FamilyLink.ended_at.is_(None))
        .values(ended_at=now)
        .execution_options(synchronize_session="fetch")
    )


def find_link(session: Session, token: str, *, now: datetime) -> OpenLink:
    """Return what a link is about.

    Raises:
        FamilyLinkOver: it is not ours, was replaced, or its time is over.
    """
    statement = select(FamilyLink).where(FamilyLink.token_hash == digest(token))
    link = session.scalars(statement).one_or_none()
    if link is None or link.ended_at is not None or link.expires_at <= now:
        raise FamilyLinkOver
    shown = (CareMatchState.FAMILY_INFORMED, *NAMES_KNOWN)
    matches = select(CareMatch).where(CareMatch.request_id == link.request_id, CareMatch.state.in_(shown))
    return OpenLink(
        link=link,
        case=session.get_one(Case, link.request_id),
        matches=session.scalars(matches.order_by(CareMatch.created_at, CareMatch.id)).all(),
    )


def answer_by_link(
    session: Session, opened: OpenLink, match_id: str, reason: CareRefusal | None, *, now: datetime
) -> None:
    """Note what the family says of a profile: yes, or no with its reason.

    Raises:
        FamilyLinkOver: it is no profile that the family was shown.
        CareMoveRefused: it was answered already, or is over.
    """
    if match_id not in {match.id for match in opened.matches}:
        raise FamilyLinkOver
    statement = select(CareMatch).where(CareMatch.id == match_id).with_for_update()
    match = session.scalars(statement.execution_options(populate_existing=True)).one()
    if match.state is not CareMatchState.FAMILY_INFORMED or match.family_said is not None:
        raise CareMoveRefused
    opened.link.opened_at = opened.link.opened_at or now
    note_answer(
        session,
        match,
        CareSide.FAMILY,
        is_yes=reason is None,
        reason=reason,
        words=None,
        by=BY_FAMILY,
        now=now,
    )
