"""The pages of shares: offering, the two boxes, one share, who can see a case, and opening in need."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import Response
from sqlalchemy.orm import Session

from backoffice.case.models import Case
from backoffice.case.parts import is_own
from backoffice.case.permissions import can_change, get_changeable_case, get_readable_case
from backoffice.clock import ClockDep
from backoffice.consent.aims import Aim
from backoffice.database import DatabaseDep, DbSession, ReadSession
from backoffice.errors import BackofficeError, NotFound
from backoffice.referral.access import who_looked, who_sees
from backoffice.referral.asked import form_of_question, questions_of_case
from backoffice.referral.break_glass import acknowledge_opening, open_in_need
from backoffice.referral.forms import NeedForm, OfferForm, proposed_end, usual_aim
from backoffice.referral.permissions import (
    BREAKS_GLASS,
    get_given_share,
    get_known_share,
    get_opening_to_acknowledge,
    get_receivable_share,
    received_shares,
    sent_shares,
)
from backoffice.referral.queries import case_of, contributions, names_of, page_of_shares
from backoffice.referral.service import accept_offer, end_given, end_received, offer_case, refuse_offer
from backoffice.referral.share_view import ShareView
from backoffice.sharing.models import BreakGlassReason, ShareGround, ShareKind
from backoffice.sharing.parts import CasePart
from backoffice.sharing.queries import openings_of_case, other_bodies, shares_of_case
from backoffice.staff.models import Staff
from backoffice.staff.sign_in import SignedIn, SignedInCaseStaff
from backoffice.templating import redirect, render

router = APIRouter(include_in_schema=False)

PAGE = 30
OFFERED_PARTS = [part for part in CasePart if part is not CasePart.SUMMARY]

Box = Literal["received", "sent"]
Cursor = Annotated[str, Query(max_length=36)]
Words = Annotated[str, Form(max_length=2000)]


@router.get("/shares")
def box_page(
    request: Request,
    session: ReadSession,
    staff: SignedInCaseStaff,
    clock: ClockDep,
    box: Box = "received",
    cursor: Cursor = "",
) -> Response:
    """Show what other bodies gave, or what was given to them."""
    statement = received_shares(staff) if box == "received" else sent_shares(staff)
    page = page_of_shares(session, statement, limit=PAGE, cursor=cursor or None)
    return render(
        request,
        "referral/list.html",
        staff=staff,
        box=box,
        page=page,
        cursor=cursor,
        sees=ShareView(staff, clock()),
        can_break_glass=staff.has_role(*BREAKS_GLASS),
    )


@router.get("/shares/{share_id}")
def share_page(
    request: Request, share_id: str, session: ReadSession, staff: SignedIn, clock: ClockDep
) -> Response:
    """Show one share, with what can be done to it."""
    share = get_known_share(session, staff, share_id)
    people = {each for each in (share.offered_by, share.answered_by, share.ended_by) if each}
    return render(
        request,
        "referral/share.html",
        staff=staff,
        share=share,
        case=case_of(session, share),
        names=names_of(session, people),
        sees=ShareView(staff, clock()),
    )


@router.post("/shares/{share_id}/accept")
def submit_acceptance(share_id: str, session: DbSession, staff: SignedIn, clock: ClockDep) -> Response:
    """Accept an offer, and go to the case."""
    share = get_receivable_share(session, staff, share_id, lock=True)
    accept_offer(session, share, by=staff.id, now=clock())
    return redirect(f"/cases/{share.case_id}", notice="share_accepted")


@router.post("/shares/{share_id}/reject")
def submit_rejection(
    share_id: str, session: DbSession, staff: SignedIn, clock: ClockDep, words: Words = ""
) -> Response:
    """Reject an offer with a reason."""
    share = get_receivable_share(session, staff, share_id, lock=True)
    refuse_offer(session, share, words=words, by=staff.id, now=clock())
    return redirect(f"/shares/{share.id}", notice="share_rejected")


@router.post("/shares/{share_id}/done")
def submit_done(
    share_id: str, session: DbSession, staff: SignedIn, clock: ClockDep, words: Words = ""
) -> Response:
    """Say that it is done; access ends."""
    share = get_receivable_share(session, staff, share_id, lock=True)
    end_received(session, share, outcome=words, by=staff.id, now=clock())
    return redirect(f"/shares/{share.id}", notice="share_done")


@router.post("/shares/{share_id}/revoke")
def submit_revocation(
    share_id: str, session: DbSession, staff: SignedIn, clock: ClockDep, words: Words = ""
) -> Response:
    """Take a share back; access ends at once."""
    share = get_given_share(session, staff, share_id, lock=True)
    end_given(session, share, words=words, by=staff.id, now=clock())
    return redirect(f"/shares/{share.id}", notice="share_revoked")


@router.get("/cases/{case_id}/shares/new")
def offer_page(
    request: Request,
    case_id: str,
    session: ReadSession,
    staff: SignedIn,
    clock: ClockDep,
    asked: Annotated[str, Query(max_length=36)] = "",
) -> Response:
    """Show the form of an offer; with `asked`, filled in as the person was asked in the chat."""
    case = get_changeable_case(session, staff, case_id)
    if asked:
        return offer_form(request, session, staff, case, form_of_question(session, case, asked), agreed=True)
    return offer_form(
        request, session, staff, case, OfferForm(until=proposed_end(clock()), aim=usual_aim(case.type))
    )


@router.post("/cases/{case_id}/shares")
def submit_offer(
    request: Request,
    case_id: str,
    form: Annotated[OfferForm, Form()],
    session: DbSession,
    staff: SignedIn,
    clock: ClockDep,
) -> Response:
    """Offer parts of a case; what is missing is said above the form, which keeps what was filled in."""
    case, now = get_changeable_case(session, staff, case_id), clock()
    try:
        share = offer_case(session, case, form.offer(now), by=staff.id, now=now)
    except BackofficeError as refused:  # it is raised before anything is written
        return offer_form(request, session, staff, case, form, refused)
    return redirect(f"/shares/{share.id}", notice="share_offered")


@router.get("/cases/{case_id}/sharing")
def sharing_fragment(
    request: Request, case_id: str, session: ReadSession, staff: SignedIn, clock: ClockDep
) -> Response:
    """Show with whom a case is shared, for the page of the case."""
    case, now = get_readable_case(session, staff, case_id), clock()
    receiver, may = None if is_own(staff, case) else staff.organisation_id, can_change(staff, case)
    shares = shares_of_case(session, case.id, organisation_id=receiver)
    return render(
        request,
        "referral/_sharing.html",
        staff=staff,
        case=case,
        shares=shares,
        asked=questions_of_case(session, case, shares, now=now) if may else [],
        can_change=may,
        sees=ShareView(staff, now),
    )


@router.get("/cases/{case_id}/access")
def access_page(
    request: Request, case_id: str, session: ReadSession, staff: SignedIn, clock: ClockDep
) -> Response:
    """Show who can see a case and why, what was shared before, and who has looked."""
    case, now = get_changeable_case(session, staff, case_id), clock()
    shares, openings = shares_of_case(session, case.id), openings_of_case(session, case.id)
    return render(
        request,
        "referral/access.html",
        staff=staff,
        case=case,
        access=who_sees(session, case, now=now),
        looks=who_looked(session, case),
        past=[share for share in shares if not share.is_live(now)],
        openings=openings,
        names=names_of(session, {opening.staff_id for opening in openings}),
        sees=ShareView(staff, clock()),
    )


@router.get("/contributions")
def contributions_page(
    request: Request, session: ReadSession, staff: SignedInCaseStaff, cursor: Cursor = ""
) -> Response:
    """Show what the reader's body wrote on cases of others: the number and the notes, nothing else."""
    found, following = contributions(session, staff, limit=PAGE, cursor=cursor or None)
    return render(
        request, "referral/contributions.html", staff=staff, found=found, next=following, cursor=cursor
    )


@router.get("/break-glass")
def need_page(request: Request, staff: SignedInCaseStaff) -> Response:
    """Show the form with which a case is opened in need."""
    if not staff.has_role(*BREAKS_GLASS):
        raise NotFound
    return _need_form(request, staff, NeedForm())


@router.post("/break-glass")
def submit_need(
    request: Request,
    form: Annotated[NeedForm, Form()],
    database: DatabaseDep,
    staff: SignedInCaseStaff,
    clock: ClockDep,
) -> Response:
    """Open a case in need; the same answer for every number that opens nothing."""
    if not staff.has_role(*BREAKS_GLASS):
        raise NotFound
    try:
        with database.transaction() as session:  # a try that opens nothing is counted: committed too
            case = open_in_need(
                session, staff, form.number, reason=form.reason, words=form.words, now=clock()
            )
            opened = case.id if case else None
    except BackofficeError as refused:
        return _need_form(request, staff, form, refused)
    if opened is None:
        return _need_form(
            request, staff, form, NotFound("sharing.error.number", way_out="sharing.error.number.way_out")
        )
    return redirect(f"/cases/{opened}", notice="opened_in_need")


@router.post("/break-glass/{opening_id}/acknowledge")
def submit_acknowledgement(opening_id: str, session: DbSession, staff: SignedIn, clock: ClockDep) -> Response:
    """Write down that the responsible body knows."""
    opening = get_opening_to_acknowledge(session, staff, opening_id)
    acknowledge_opening(session, opening, by=staff.id, now=clock())
    return redirect(f"/cases/{opening.case_id}/access", notice="opening_acknowledged")


def offer_form(
    request: Request,
    session: Session,
    staff: Staff,
    case: Case,
    form: OfferForm,
    refused: BackofficeError | None = None,
    agreed: bool = False,
) -> Response:
    """Show the form of an offer, with what was refused above it, or that the person has agreed to it."""
    return render(
        request,
        "referral/offer.html",
        staff=staff,
        status=refused.status if refused else 200,
        case=case,
        form=form,
        refused=refused,
        agreed=agreed,
        bodies=other_bodies(session, case.organisation_id),
        parts=OFFERED_PARTS,
        kinds=list(ShareKind),
        aims=list(Aim),
        grounds=list(ShareGround),
    )


def _need_form(
    request: Request, staff: Staff, form: NeedForm, refused: BackofficeError | None = None
) -> Response:
    return render(
        request,
        "referral/need.html",
        staff=staff,
        status=refused.status if refused else 200,
        form=form,
        refused=refused,
        reasons=list(BreakGlassReason),
    )
