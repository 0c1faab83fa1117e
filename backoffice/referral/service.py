"""Offering a case and answering: what a share does to the case itself, and who is told.

Functions flush, never commit. Rights have been asked before: `referral.permissions`.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from backoffice.audit import service as audit
from backoffice.case.models import Case, CaseStatus
from backoffice.client.schemas import Phase
from backoffice.live.service import announce
from backoffice.person.models import Person
from backoffice.referral.queries import case_of
from backoffice.sharing import service as sharing
from backoffice.sharing.errors import ShareNotOpen
from backoffice.sharing.models import Share, ShareKind, SharePart, ShareState
from backoffice.sharing.service import Offer
from backoffice.wall import beyond_the_wall


def offer_case(session: Session, case: Case, offer: Offer, *, by: str, now: datetime) -> Share:
    """Offer parts of a case, a request, or the case itself to another body.

    Raises:
        ReceiverUnknown, ShareIncomplete, PeriodInvalid, ConsentMissing: as `sharing.service.offer_share`.
    """
    share = sharing.offer_share(
        session,
        offer,
        case_id=case.id,
        person_id=case.person_id,
        owner_id=case.organisation_id,
        by=by,
        now=now,
    )
    tell(session, case)
    return share


def accept_offer(session: Session, share: Share, *, by: str, now: datetime) -> None:
    """Accept what was offered; with a transfer the receiver is responsible from now on.

    Raises:
        ShareNotOpen, ConsentMissing: as `sharing.service.accept_share`.
    """
    case = lock_case(session, share.case_id)
    if case.organisation_id != share.from_organisation_id:
        raise ShareNotOpen  # it was offered by a body that is no longer responsible
    sharing.accept_share(session, share, person_id=case.person_id, by=by, now=now)
    if share.kind is ShareKind.TRANSFER:
        _hand_over(session, case, share, by=by, now=now)
    tell(session, case)


def refuse_offer(session: Session, share: Share, *, words: str, by: str, now: datetime) -> None:
    """Reject what was offered.

    Raises:
        ShareNotOpen, WordsMissing: as `sharing.service.reject_share`.
    """
    sharing.reject_share(session, share, words=words, by=by, now=now)
    tell(session, case_of(session, share))


def end_received(session: Session, share: Share, *, outcome: str, by: str, now: datetime) -> None:
    """Say that what was received is done, or is not needed any more.

    Raises:
        ShareNotOpen, WordsMissing: as `sharing.service.finish_share`.
    """
    sharing.finish_share(session, share, outcome=outcome, by=by, now=now)
    tell(session, case_of(session, share))


def end_given(session: Session, share: Share, *, words: str, by: str, now: datetime) -> None:
    """Take back what was given.

    Raises:
        ShareNotOpen: as `sharing.service.revoke_share`.
    """
    sharing.revoke_share(session, share, words=words, by=by, now=now)
    tell(session, case_of(session, share))


def lock_case(session: Session, case_id: str) -> Case:
    """Return a case, held against others who would hand it over at the same time."""
    return session.scalars(
        select(Case).where(Case.id == case_id).with_for_update().execution_options(populate_existing=True)
    ).one()


def tell(session: Session, case: Case) -> None:
    """Let open pages of the body that answers the chat look again; the others look when they are opened."""
    if case.conversation_id is not None:
        announce(session, case.conversation_id)


def _hand_over(session: Session, case: Case, share: Share, *, by: str, now: datetime) -> None:
    """Make the receiver responsible: the former body keeps only what the transfer leaves it."""
    former = case.organisation_id
    case.organisation_id = share.organisation_id
    case.assignee_id = None
    if case.phase is not Phase.CLOSED:
        case.status = CaseStatus.NEW
    case.updated_at = now
    session.flush()
    _hand_over_person(session, case, former)
    audit.record(session, by=by, action="case.transferred", subject_kind="case", subject_id=case.id, now=now)
    for other in session.scalars(
        select(Share).where(
            Share.case_id == case.id,
            Share.id != share.id,
            Share.organisation_id == case.organisation_id,
            Share.state.in_((ShareState.OFFERED, ShareState.ACCEPTED)),
        )
    ):
        sharing.end_share(session, other, ShareState.DONE, by=by, now=now)
    left = list(share.left_parts)
    sharing.end_share(session, share, ShareState.DONE, by=by, now=now)
    if left:
        _leave(session, share, former, left, by=by, now=now)


def _leave(
    session: Session, transfer: Share, former: str, parts: list[str], *, by: str, now: datetime
) -> None:
    """Give the former body what the transfer leaves it, on the transfer's ground and until its end."""
    left = Share(
        case_id=transfer.case_id,
        organisation_id=former,
        from_organisation_id=transfer.organisation_id,
        kind=ShareKind.SHARE,
        purpose=transfer.purpose,
        ground=transfer.ground,
        ground_words=transfer.ground_words,
        consent_id=transfer.consent_id,
        starts_at=now,
        until=transfer.until,
        state=ShareState.ACCEPTED,
        offered_by=by,
        offered_at=now,
        answer_by=now,
        answered_by=transfer.offered_by,
        answered_at=now,
        lines=[SharePart(part=part) for part in sorted({*parts, "summary"})],
    )
    session.add(left)
    session.flush()
    audit.record(
        session, by=by, action="share.left", subject_kind="case", subject_id=transfer.case_id, now=now
    )


def _hand_over_person(session: Session, case: Case, former: str) -> None:
    """Let the person go with the case, unless the former body still has another case of theirs."""
    person = session.get_one(Person, case.person_id)
    kept = select(Case.id).where(Case.person_id == person.id, Case.organisation_id == former).limit(1)
    with beyond_the_wall(session):  # whether the former body has another one is not for the receiver to see
        has_another = session.scalar(kept) is not None
    if person.organisation_id == former and not has_another:
        person.organisation_id = case.organisation_id
