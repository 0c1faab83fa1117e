"""What can be done to a share; each step leaves its columns and its audit entry.

`offered -> accepted | rejected | revoked | expired`, `accepted -> done | revoked | expired`. Functions
flush, never commit. Rights have been asked before: `referral.permissions`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from backoffice.audit import service as audit
from backoffice.consent.models import Consent
from backoffice.consent.queries import valid_consent
from backoffice.sharing.errors import (
    ConsentMissing,
    PeriodInvalid,
    ReceiverUnknown,
    ShareIncomplete,
    ShareNotOpen,
    WordsMissing,
)
from backoffice.sharing.models import Share, ShareGround, ShareKind, SharePart, ShareState
from backoffice.sharing.parts import RESTRICTED, CasePart
from backoffice.sharing.queries import WITH_PARTS, overdue_or_ended
from backoffice.sharing.working_days import ANSWER_WITHIN_WORKING_DAYS, working_days_after
from backoffice.staff.models import Organisation
from backoffice.wall import beyond_the_wall

SYSTEM = "system"
"""The actor of what happens because its time has come."""

LONGEST = timedelta(days=731)
"""Two years: whoever needs longer asks again."""

SHORTEST_WORDS = 10
"""Letters that explain a ground other than consent."""


@dataclass(frozen=True)
class Offer:
    """What is offered to another body."""

    kind: ShareKind
    organisation_id: str
    parts: frozenset[CasePart]
    purpose: str
    ground: ShareGround
    until: datetime
    restricted: bool = False
    request: str | None = None
    ground_words: str | None = None
    left_parts: frozenset[CasePart] = frozenset()

    @property
    def categories(self) -> frozenset[str]:
        """What a consent has to name; what is restricted is named apart."""
        return consent_categories(self.parts, restricted=self.restricted)


def offer_share(
    session: Session, offer: Offer, *, case_id: str, person_id: str, owner_id: str, by: str, now: datetime
) -> Share:
    """Offer some parts of a case to another body; it opens nothing until that body accepts.

    Raises:
        ReceiverUnknown: no other body of that id.
        ShareIncomplete: no part, no purpose, no request of a referral, or no words of the ground.
        PeriodInvalid: over before it begins, or longer than two years.
        ConsentMissing: the ground is consent, and the ledger has none that fits.
    """
    _require_complete(session, offer, owner_id, now)
    consent = None
    if offer.ground is ShareGround.CONSENT:
        consent = find_consent(session, person_id, offer.organisation_id, offer.categories, now=now)
    share = Share(
        case_id=case_id,
        organisation_id=offer.organisation_id,
        from_organisation_id=owner_id,
        kind=offer.kind,
        restricted=offer.restricted,
        left_parts=sorted(part.value for part in offer.left_parts),
        purpose=offer.purpose.strip(),
        request=(offer.request or "").strip() or None,
        ground=offer.ground,
        ground_words=(offer.ground_words or "").strip() or None,
        consent_id=consent.id if consent else None,
        starts_at=now,
        until=offer.until,
        state=ShareState.OFFERED,
        offered_by=by,
        offered_at=now,
        answer_by=working_days_after(now, ANSWER_WITHIN_WORKING_DAYS),
        lines=[SharePart(part=part.value) for part in sorted(offer.parts | {CasePart.SUMMARY})],
    )
    session.add(share)
    _record(session, share, "offered", by=by, now=now)
    return share


def accept_share(session: Session, share: Share, *, person_id: str, by: str, now: datetime) -> None:
    """Accept an offer: from now on the receiver sees the parts.

    Raises:
        ShareNotOpen: it was answered, taken back, or its time is over.
        ConsentMissing: the person has taken the consent back since.
    """
    require_state(share, ShareState.OFFERED, now=now)
    if share.ground is ShareGround.CONSENT:
        wanted = consent_categories(share.parts, restricted=share.restricted)
        find_consent(session, person_id, share.organisation_id, wanted, now=now)
    share.state, share.answered_by, share.answered_at, share.starts_at = ShareState.ACCEPTED, by, now, now
    _record(session, share, "accepted", by=by, now=now)


def reject_share(session: Session, share: Share, *, words: str, by: str, now: datetime) -> None:
    """Reject an offer with a reason.

    Raises:
        ShareNotOpen: it was answered, taken back, or its time is over.
        WordsMissing: no reason.
    """
    require_state(share, ShareState.OFFERED, now=now)
    if not words.strip():
        raise WordsMissing
    share.state, share.answered_by, share.answered_at = ShareState.REJECTED, by, now
    share.answer_words = words.strip()
    _record(session, share, "rejected", by=by, now=now)


def finish_share(session: Session, share: Share, *, outcome: str, by: str, now: datetime) -> None:
    """Say that what was asked is done, with what came of it; the receiver's access ends.

    Raises:
        ShareNotOpen: it is not, or no longer, accepted.
        WordsMissing: a referral without its outcome.
    """
    require_state(share, ShareState.ACCEPTED, now=now)
    if share.kind is ShareKind.REFERRAL and not outcome.strip():
        raise WordsMissing
    end_share(session, share, ShareState.DONE, by=by, now=now, words=outcome)


def revoke_share(session: Session, share: Share, *, words: str, by: str, now: datetime) -> None:
    """Take a share back: access ends with this transaction.

    Raises:
        ShareNotOpen: there is nothing to take back any more.
    """
    require_state(share, ShareState.OFFERED, ShareState.ACCEPTED, now=now)
    end_share(session, share, ShareState.REVOKED, by=by, now=now, words=words)


def revoke_for_consent(session: Session, consent_id: str, *, by: str, now: datetime) -> int:
    """Take back every share that stands on a consent, since the person withdrew it; return how many."""
    statement = select(Share).where(
        Share.consent_id == consent_id, Share.state.in_((ShareState.OFFERED, ShareState.ACCEPTED))
    )
    with beyond_the_wall(session):  # whichever body gave: the person's word ends it
        shares = session.scalars(statement.with_for_update()).all()
        for share in shares:
            end_share(session, share, ShareState.REVOKED, by=by, now=now)
    return len(shares)


def end_share(
    session: Session, share: Share, state: ShareState, *, by: str, now: datetime, words: str = ""
) -> None:
    """Write down that a share is over."""
    share.state, share.ended_by, share.ended_at = state, by, now
    share.outcome = words.strip() or None
    _record(session, share, state.value, by=by, now=now)


def consent_categories(parts: frozenset[CasePart], *, restricted: bool) -> frozenset[str]:
    """Return what a consent has to name: every part, and apart what is restricted within them."""
    named = {part.value for part in parts | {CasePart.SUMMARY}}
    return frozenset(named | {RESTRICTED} if restricted else named)


def find_consent(
    session: Session, person_id: str, organisation_id: str, categories: frozenset[str], *, now: datetime
) -> Consent:
    """Return the consent that a share may stand on.

    Raises:
        ConsentMissing: none that fits and is valid now.
    """
    found = valid_consent(
        session,
        person_id=person_id,
        purpose="share",
        organisation_id=organisation_id,
        categories=categories,
        now=now,
    )
    if found is None:
        raise ConsentMissing
    return found


def require_state(share: Share, *states: ShareState, now: datetime) -> None:
    """Demand that a share is in one of some states and within its time.

    Raises:
        ShareNotOpen: it is not.
    """
    if share.state not in states or share.until <= now:
        raise ShareNotOpen


def has_something_due(session: Session, *, now: datetime) -> bool:
    """Tell whether a share has ended or an offer has waited too long, and nobody has written it down."""
    return session.scalar(select(Share.id).where(overdue_or_ended(now)).limit(1)) is not None


def settle_due(session: Session, *, now: datetime) -> list[Share]:
    """Write down what has ended by its time, and tell of each unanswered offer once; return both."""
    due = session.scalars(
        select(Share).where(overdue_or_ended(now)).options(*WITH_PARTS).with_for_update(of=Share)
    ).all()
    for share in due:
        if share.until <= now:
            end_share(session, share, ShareState.EXPIRED, by=SYSTEM, now=now)
        else:
            share.alarmed_at = now
            _record(session, share, "unanswered", by=SYSTEM, now=now)
    return list(due)


def _require_complete(session: Session, offer: Offer, owner_id: str, now: datetime) -> None:
    if offer.organisation_id == owner_id or session.get(Organisation, offer.organisation_id) is None:
        raise ReceiverUnknown
    if not offer.parts or not offer.purpose.strip():
        raise ShareIncomplete
    if offer.kind is ShareKind.REFERRAL and not (offer.request or "").strip():
        raise ShareIncomplete
    if offer.ground is not ShareGround.CONSENT and len((offer.ground_words or "").strip()) < SHORTEST_WORDS:
        raise ShareIncomplete
    if not now < offer.until <= now + LONGEST:
        raise PeriodInvalid


def _record(session: Session, share: Share, step: str, *, by: str, now: datetime) -> None:
    session.flush()
    audit.record(
        session, by=by, action=f"share.{step}", subject_kind="case", subject_id=share.case_id, now=now
    )
    session.flush()
