"""Shares for tests: every argument has a default."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from backoffice.case.models import Case
from backoffice.client.schemas import ConsentGiven
from backoffice.consent.models import Consent
from backoffice.consent.service import record_given
from backoffice.referral.service import accept_offer, offer_case
from backoffice.sharing.models import Share, ShareGround, ShareKind
from backoffice.sharing.parts import CasePart
from backoffice.sharing.service import Offer
from backoffice.staff.models import Organisation, Staff
from tests.backoffice.factories import NOW

LAW_WORDS = "art. 403 del codice civile"


def an_offer(
    organisation: Organisation,
    *parts: CasePart,
    kind: ShareKind = ShareKind.SHARE,
    ground: ShareGround = ShareGround.LAW,
    days: float = 30,
    request: str | None = None,
    left_parts: frozenset[CasePart] = frozenset(),
    now: datetime = NOW,
) -> Offer:
    """Return what is offered to a body, on the ground of the law unless told otherwise."""
    return Offer(
        kind=kind,
        organisation_id=organisation.id,
        parts=frozenset(parts or CasePart),
        purpose="trovare casa",
        ground=ground,
        until=now + timedelta(days=days),
        request=request or ("trovare un alloggio" if kind is ShareKind.REFERRAL else None),
        ground_words=LAW_WORDS,
        left_parts=left_parts,
    )


def create_share(
    session: Session,
    case: Case,
    offer: Offer,
    *,
    by: Staff,
    accepted_by: Staff | None = None,
    now: datetime = NOW,
) -> Share:
    """Offer a case and let somebody of the receiver accept it, where they are named."""
    share = offer_case(session, case, offer, by=by.id, now=now)
    if accepted_by is not None:
        accept_offer(session, share, by=accepted_by.id, now=now)
    session.commit()
    return share


def give_consent(session: Session, case: Case, organisation: Organisation, *, now: datetime = NOW) -> Consent:
    """Let the person agree that their case is shared with a body."""
    words = ConsentGiven(purpose="share", text_version="1", text="ਕੀ ਅਸੀਂ ਸਾਂਝਾ ਕਰੀਏ?", language="pa")
    given = record_given(
        session, words, person_id=case.person_id, conversation_id=None, by="service", now=now
    )
    given.organisation_id = organisation.id
    given.categories = [part.value for part in CasePart]
    return given
