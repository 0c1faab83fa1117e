"""The JSON API of who decides on requests (approval, offers, what is settled), and of who is offered them."""

from __future__ import annotations

from fastapi import APIRouter
from sqlalchemy.orm import Session

from backoffice.case.queries import names_of_staff
from backoffice.clock import ClockDep
from backoffice.database import DbSession, ReadSession
from backoffice.idempotency.headers import KeyHeader
from backoffice.idempotency.service import once
from backoffice.mediation.api import check_moment, out
from backoffice.mediation.candidates import choices_for
from backoffice.mediation.drafts import fix_moment
from backoffice.mediation.models import MediationOffer, MediationRequest
from backoffice.mediation.offering import answer_by
from backoffice.mediation.permissions import (
    get_decided,
    get_own_offer,
    mediator_of_body,
    own_offers,
    require_mediating,
)
from backoffice.mediation.queries import answered_offers, names_of_bodies, offers_of_request, open_offers
from backoffice.mediation.schemas import (
    ApprovalIn,
    CandidateList,
    DeclineIn,
    MadeOfferList,
    MomentIn,
    OfferList,
    OfferOut,
    OffersIn,
    RefusalIn,
    RequestOut,
    SettlementIn,
    candidate_out,
    made_offer_out,
    offer_out,
)
from backoffice.mediation.service import accept, approve, decline, offer, refuse, settle
from backoffice.staff.sign_in import SignedIn

router = APIRouter(prefix="/api/v1", tags=["mediation"])


@router.post("/mediation-requests/{mediation_id}/approval")
def approve_request(
    mediation_id: str, how: ApprovalIn, session: DbSession, staff: SignedIn, clock: ClockDep
) -> RequestOut:
    """Approve a request against the hours of the body that asks."""
    request = get_decided(session, staff, mediation_id)
    approve(session, request, by=staff.id, now=clock(), beyond_hours=how.beyond_hours)
    return out(session, staff, request)


@router.post("/mediation-requests/{mediation_id}/rejection")
def refuse_request(
    mediation_id: str, why: RefusalIn, session: DbSession, staff: SignedIn, clock: ClockDep
) -> RequestOut:
    """Say no to a request, with the reason that is counted."""
    request = get_decided(session, staff, mediation_id)
    refuse(session, request, why.because, by=staff.id, now=clock())
    return out(session, staff, request)


@router.put("/mediation-requests/{mediation_id}/moment")
def put_moment(
    mediation_id: str, wanted: MomentIn, session: DbSession, staff: SignedIn, clock: ClockDep
) -> RequestOut:
    """Say when a request begins that nobody has yet, as agreed with who asked."""
    request, now = get_decided(session, staff, mediation_id), clock()
    check_moment(wanted.starts_at, now=now)
    fix_moment(session, request, wanted.starts_at, by=staff.id, now=now)
    return out(session, staff, request)


@router.get("/mediation-requests/{mediation_id}/candidates")
def list_candidates(mediation_id: str, session: ReadSession, staff: SignedIn) -> CandidateList:
    """List the mediators who speak the language, who fit first, each with what hinders and what speaks."""
    choices = choices_for(session, get_decided(session, staff, mediation_id))
    people = names_of_staff(session, {each.mediator.id for each in choices})
    return CandidateList(items=[candidate_out(each, people) for each in choices])


@router.get("/mediation-requests/{mediation_id}/offers")
def list_made_offers(mediation_id: str, session: ReadSession, staff: SignedIn) -> MadeOfferList:
    """List to whom a request was offered, and what each said."""
    return _made(session, get_decided(session, staff, mediation_id))


@router.post("/mediation-requests/{mediation_id}/offers", status_code=201)
def make_offers(
    mediation_id: str,
    wanted: OffersIn,
    session: DbSession,
    staff: SignedIn,
    clock: ClockDep,
    key: KeyHeader = None,
) -> MadeOfferList:
    """Offer an approved request to mediators, whom the coordinator has chosen; the first to accept has it."""
    request = get_decided(session, staff, mediation_id)

    def act() -> MadeOfferList:
        now = clock()
        reasons = {each.mediator.id: list(each.reasons) for each in choices_for(session, request)}
        people = [
            mediator_of_body(session, request.organisation_id, each)
            for each in dict.fromkeys(wanted.mediators)
        ]
        until = wanted.until or answer_by(request, now=now)
        chosen = [(each.id, reasons.get(each.id, [])) for each in people]
        offer(session, request, chosen, until=until, by=staff.id, now=now)
        return _made(session, request)

    return once(
        session,
        act,
        result_type=MadeOfferList,
        principal=f"staff:{staff.id}",
        operation="mediation.offer",
        key=key,
        request={"mediation": mediation_id, "offers": wanted.model_dump(mode="json")},
        now=clock(),
    )


@router.post("/mediation-requests/{mediation_id}/settlement")
def settle_dispute(
    mediation_id: str, how: SettlementIn, session: DbSession, staff: SignedIn, clock: ClockDep
) -> RequestOut:
    """Decide how long it was after a dispute."""
    request = get_decided(session, staff, mediation_id)
    settle(session, request, how.worked_quarters, by=staff.id, now=clock())
    return out(session, staff, request)


@router.get("/mediation-offers")
def list_offers(session: ReadSession, staff: SignedIn, clock: ClockDep) -> OfferList:
    """List what is offered to the caller, then what is over: taken by somebody else, expired, answered."""
    require_mediating(staff)
    offers = own_offers(staff)
    pairs = [*open_offers(session, offers, now=clock()), *answered_offers(session, offers)]
    bodies = names_of_bodies(session, {request.asking_id for _made, request in pairs})
    return OfferList(items=[offer_out(made, request, bodies) for made, request in pairs])


@router.post("/mediation-offers/{mediation_offer_id}/acceptance")
def accept_offer(mediation_offer_id: str, session: DbSession, staff: SignedIn, clock: ClockDep) -> RequestOut:
    """Accept an offer: the first to do so has the request."""
    made = get_own_offer(session, staff, mediation_offer_id)
    return out(session, staff, accept(session, made, now=clock()))


@router.post("/mediation-offers/{mediation_offer_id}/refusal")
def decline_offer(
    mediation_offer_id: str, why: DeclineIn, session: DbSession, staff: SignedIn, clock: ClockDep
) -> OfferOut:
    """Say no to an offer."""
    made = get_own_offer(session, staff, mediation_offer_id)
    decline(session, made, now=clock(), because=why.because)
    return _offered(session, made)


def _made(session: Session, request: MediationRequest) -> MadeOfferList:
    offers = offers_of_request(session, request.id)
    people = names_of_staff(session, {each.staff_id for each in offers})
    return MadeOfferList(items=[made_offer_out(each, people) for each in offers])


def _offered(session: Session, made: MediationOffer) -> OfferOut:
    request = session.get_one(MediationRequest, made.request_id)
    return offer_out(made, request, names_of_bodies(session, {request.asking_id}))
