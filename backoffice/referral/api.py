"""The JSON API of shares (contract, "Backoffice API"), of openings in need, and of who can see a case."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Query
from sqlalchemy.orm import Session

from backoffice.case.parts import is_own, visible_parts
from backoffice.case.permissions import get_changeable_case, get_readable_case
from backoffice.case.schemas import CaseOut, case_out
from backoffice.case.service import record_reading
from backoffice.clock import ClockDep
from backoffice.database import DatabaseDep, DbSession, ReadSession
from backoffice.errors import NotFound
from backoffice.idempotency.headers import KeyHeader
from backoffice.idempotency.service import once
from backoffice.referral.access import who_looked, who_sees
from backoffice.referral.break_glass import open_in_need
from backoffice.referral.permissions import (
    get_given_share,
    get_known_share,
    get_receivable_share,
    received_shares,
    sent_shares,
)
from backoffice.referral.queries import case_of, contributions, page_of_shares
from backoffice.referral.schemas import (
    CaseAccessOut,
    ContributionList,
    NeedIn,
    ShareList,
    ShareOffer,
    ShareOut,
    ShareWords,
    case_access_out,
    contribution_out,
    share_out,
)
from backoffice.referral.service import accept_offer, end_given, end_received, offer_case, refuse_offer
from backoffice.sharing.models import Share, ShareState
from backoffice.sharing.queries import shares_of_case
from backoffice.staff.models import Staff
from backoffice.staff.sign_in import SignedIn, SignedInCaseStaff

router = APIRouter(prefix="/api/v1", tags=["shares"])

Limit = Annotated[int, Query(ge=1, le=200)]
Cursor = Annotated[str | None, Query(max_length=36, description="the id of the last item of the page before")]


@router.get("/cases/{case_id}/shares")
def list_shares_of_case(case_id: str, session: ReadSession, staff: SignedIn, clock: ClockDep) -> ShareList:
    """List the shares of a case, newest first: for another body those that it received."""
    case = get_readable_case(session, staff, case_id)
    receiver = None if is_own(staff, case) else staff.organisation_id
    found = shares_of_case(session, case.id, organisation_id=receiver)
    return ShareList(items=[share_out(share, case, staff, now=clock()) for share in found], next=None)


@router.post("/cases/{case_id}/shares", status_code=201)
def create_share(
    case_id: str,
    offer: ShareOffer,
    session: DbSession,
    staff: SignedIn,
    clock: ClockDep,
    key: KeyHeader = None,
) -> ShareOut:
    """Offer parts of a case, a request, or the case itself to another body."""
    case, now = get_changeable_case(session, staff, case_id), clock()

    def act() -> ShareOut:
        made = offer_case(session, case, offer.offer(), by=staff.id, now=now)
        return _share_out(session, get_given_share(session, staff, made.id), staff, clock)

    return once(
        session,
        act,
        result_type=ShareOut,
        principal=f"staff:{staff.id}",
        operation="share.create",
        key=key,
        request={"case": case_id, "offer": offer.model_dump(mode="json")},
        now=now,
    )


@router.get("/cases/{case_id}/access")
def read_access(case_id: str, session: ReadSession, staff: SignedIn, clock: ClockDep) -> CaseAccessOut:
    """Return who can see a case and why, and who has looked at it."""
    case = get_changeable_case(session, staff, case_id)
    return case_access_out(who_sees(session, case, now=clock()), who_looked(session, case))


@router.get("/shares")
def list_shares(
    session: ReadSession,
    staff: SignedInCaseStaff,
    clock: ClockDep,
    box: Literal["received", "sent"] = "received",
    state: ShareState | None = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> ShareList:
    """List what the caller's body received from others, or gave to others, newest first."""
    statement = received_shares(staff) if box == "received" else sent_shares(staff)
    if state is not None:
        statement = statement.where(Share.state == state)
    page = page_of_shares(session, statement, limit=limit, cursor=cursor)
    now = clock()
    items = [share_out(share, page.cases[share.case_id], staff, now=now) for share in page.shares]
    return ShareList(items=items, next=page.next)


@router.get("/shares/{share_id}")
def read_share(share_id: str, session: ReadSession, staff: SignedIn, clock: ClockDep) -> ShareOut:
    """Return one share that the caller's body gives or receives."""
    return _share_out(session, get_known_share(session, staff, share_id), staff, clock)


@router.post("/shares/{share_id}/accept")
def accept(share_id: str, session: DbSession, staff: SignedIn, clock: ClockDep) -> ShareOut:
    """Accept an offer; with a transfer the caller's body is responsible from now on."""
    share = get_receivable_share(session, staff, share_id, lock=True)
    accept_offer(session, share, by=staff.id, now=clock())
    return _share_out(session, share, staff, clock)


@router.post("/shares/{share_id}/reject")
def reject(
    share_id: str, given: ShareWords, session: DbSession, staff: SignedIn, clock: ClockDep
) -> ShareOut:
    """Reject an offer with a reason."""
    share = get_receivable_share(session, staff, share_id, lock=True)
    refuse_offer(session, share, words=given.words, by=staff.id, now=clock())
    return _share_out(session, share, staff, clock)


@router.post("/shares/{share_id}/done")
def finish(
    share_id: str, given: ShareWords, session: DbSession, staff: SignedIn, clock: ClockDep
) -> ShareOut:
    """Say that it is done, with what came of it; access ends."""
    share = get_receivable_share(session, staff, share_id, lock=True)
    end_received(session, share, outcome=given.words, by=staff.id, now=clock())
    return _share_out(session, share, staff, clock)


@router.post("/shares/{share_id}/revoke")
def revoke(
    share_id: str, given: ShareWords, session: DbSession, staff: SignedIn, clock: ClockDep
) -> ShareOut:
    """Take a share back; access ends at once."""
    share = get_given_share(session, staff, share_id, lock=True)
    end_given(session, share, words=given.words, by=staff.id, now=clock())
    return _share_out(session, share, staff, clock)


@router.get("/contributions")
def list_contributions(
    session: ReadSession, staff: SignedInCaseStaff, limit: Limit = 50, cursor: Cursor = None
) -> ContributionList:
    """List what the caller's body wrote on cases of others, also of those that it sees no more."""
    found, following = contributions(session, staff, limit=limit, cursor=cursor)
    return ContributionList(items=[contribution_out(each) for each in found], next=following)


@router.post("/break-glass", status_code=201)
def break_glass(need: NeedIn, database: DatabaseDep, staff: SignedInCaseStaff, clock: ClockDep) -> CaseOut:
    """Open another body's case in need, by its number, for four hours; its owner is told.

    Raises:
        NotFound: the number opens nothing: it does not exist, or must not be opened.
    """
    now = clock()
    with database.transaction() as session:  # a try that opens nothing is counted, so it is committed too
        case = open_in_need(session, staff, need.number, reason=need.reason, words=need.words, now=now)
        if case is not None:
            case = get_readable_case(session, staff, case.id)
            record_reading(session, staff, case, now=now)
            return case_out(case, staff, visible_parts(session, staff, case, now=now))
    raise NotFound


def _share_out(session: Session, share: Share, staff: Staff, clock: ClockDep) -> ShareOut:
    return share_out(share, case_of(session, share), staff, now=clock())
