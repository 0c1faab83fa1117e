"""Who may do what with requests for mediators; the one place where that is decided.

Asks, calls off, confirms: staff of the asking body who work on cases; where a request belongs to a case, who
may read that case. Decides, offers, settles, sets hours: a coordinator of the body that has the mediators.
Answers an offer, gives back, reports: the mediator themself. Nobody: what a conflict of theirs is stated in.
"""

from __future__ import annotations

from sqlalchemy import ColumnElement, Select, and_, false, or_, select
from sqlalchemy.orm import Session

from backoffice.case.models import Case
from backoffice.case.permissions import get_changeable_case, has_no_conflict, is_readable
from backoffice.errors import NotFound
from backoffice.mediation.models import (
    MediationConflict,
    MediationOffer,
    MediationRequest,
    MediationState,
    MediatorAbsence,
)
from backoffice.staff.models import Organisation, Staff
from backoffice.staff.roles import ASKS_FOR_MEDIATORS, Role


def may_ask(staff: Staff) -> bool:
    """Tell whether a person asks for mediators."""
    return staff.has_role(*ASKS_FOR_MEDIATORS)


def may_decide(staff: Staff) -> bool:
    """Tell whether a person decides on requests: a coordinator of the body that has the mediators."""
    return staff.has_role(Role.COORDINATOR) and staff.organisation.is_front_door


def may_mediate(staff: Staff) -> bool:
    """Tell whether a person is offered requests."""
    return staff.has_role(Role.MEDIATOR) and staff.organisation.is_front_door


def require_asking(staff: Staff) -> None:
    """Let only those on who ask.

    Raises:
        NotFound: this person does not.
    """
    if not may_ask(staff):
        raise NotFound


def require_deciding(staff: Staff) -> None:
    """Let only those on who decide.

    Raises:
        NotFound: this person does not.
    """
    if not may_decide(staff):
        raise NotFound


def require_mediating(staff: Staff) -> None:
    """Let only mediators on.

    Raises:
        NotFound: this person is none.
    """
    if not may_mediate(staff):
        raise NotFound


def readable_requests(staff: Staff) -> Select[MediationRequest]:
    """Return the statement of every request that a person may read, on whatever side they stand."""
    return select(MediationRequest).where(or_(_is_asked(staff), _is_decided(staff), _is_assigned(staff)))


def asked_requests(staff: Staff) -> Select[MediationRequest]:
    """Return the statement of the requests of the person's own body."""
    return select(MediationRequest).where(_is_asked(staff))


def decided_requests(staff: Staff) -> Select[MediationRequest]:
    """Return the statement of the requests that a coordinator decides on; a draft is nobody else's yet."""
    return select(MediationRequest).where(_is_decided(staff))


def assigned_requests(staff: Staff) -> Select[MediationRequest]:
    """Return the statement of the requests that a mediator has."""
    return select(MediationRequest).where(_is_assigned(staff))


def own_offers(staff: Staff) -> Select[MediationOffer]:
    """Return the statement of the offers made to a mediator."""
    if not may_mediate(staff):
        return select(MediationOffer).where(false())
    conflicts = select(MediationConflict.case_id).where(MediationConflict.staff_id == staff.id)
    about = select(MediationRequest.id).where(
        or_(MediationRequest.case_id.is_(None), MediationRequest.case_id.not_in(conflicts)),
        _without_conflict(staff),
    )
    return select(MediationOffer).where(
        MediationOffer.staff_id == staff.id, MediationOffer.request_id.in_(about)
    )


def get_request(session: Session, staff: Staff, request_id: str) -> MediationRequest:
    """Return one request that the person may read.

    Raises:
        NotFound: there is none, or this person may not know of it.
    """
    return _one(session, readable_requests(staff), request_id)


def get_asked(session: Session, staff: Staff, request_id: str) -> MediationRequest:
    """Return one request of the person's own body: to send, call off, confirm or dispute.

    Raises:
        NotFound: there is none, or another body asked.
    """
    return _one(session, asked_requests(staff), request_id)


def get_decided(session: Session, staff: Staff, request_id: str) -> MediationRequest:
    """Return one request that a coordinator decides on.

    Raises:
        NotFound: there is none, or this person decides on none of that body.
    """
    return _one(session, decided_requests(staff), request_id)


def get_assigned(session: Session, staff: Staff, request_id: str) -> MediationRequest:
    """Return one request that the person has as its mediator: to give back or to report.

    Raises:
        NotFound: there is none, or somebody else has it.
    """
    return _one(session, assigned_requests(staff), request_id)


def get_attended(session: Session, staff: Staff, request_id: str) -> MediationRequest:
    """Return one request that the person asked for or has: either side says who did not come.

    Raises:
        NotFound: there is none, or this person stands on neither side.
    """
    either = select(MediationRequest).where(or_(_is_asked(staff), _is_assigned(staff)))
    return _one(session, either, request_id)


def get_own_offer(session: Session, staff: Staff, offer_id: str) -> MediationOffer:
    """Return one offer made to the person.

    Raises:
        NotFound: there is none, or it was made to somebody else.
    """
    found = session.scalars(own_offers(staff).where(MediationOffer.id == offer_id)).one_or_none()
    if found is None:
        raise NotFound
    return found


def get_case_to_ask_for(session: Session, staff: Staff, case_id: str) -> Case:
    """Return a case of the person's own body that a mediator may be asked for.

    Raises:
        NotFound: there is none, or this person may not change it.
    """
    return get_changeable_case(session, staff, case_id)


def get_mediator(session: Session, staff: Staff, mediator_id: str) -> Staff:
    """Return a mediator whose roster, absences and profile the person may read and change.

    A mediator their own, a coordinator those of their body.

    Raises:
        NotFound: there is none, or this person may not.
    """
    is_own = may_mediate(staff) and mediator_id == staff.id
    if not is_own and not may_decide(staff):
        raise NotFound
    return mediator_of_body(session, staff.organisation_id, mediator_id)


def get_own_absence(session: Session, staff: Staff, mediator_id: str, absence_id: int) -> MediatorAbsence:
    """Return an absence of a mediator whom the person may look after.

    Raises:
        NotFound: there is none, or this person may not.
    """
    found = session.get(MediatorAbsence, absence_id)
    if found is None or found.staff_id != get_mediator(session, staff, mediator_id).id:
        raise NotFound
    return found


def mediator_of_body(session: Session, organisation_id: str, mediator_id: str) -> Staff:
    """Return a mediator of a body who still works there.

    Raises:
        NotFound: there is none.
    """
    found = session.get(Staff, mediator_id)
    if found is None or not found.active or not found.has_role(Role.MEDIATOR):
        raise NotFound
    if found.organisation_id != organisation_id:
        raise NotFound
    return found


def get_asking_body(session: Session, staff: Staff, organisation_id: str) -> Organisation:
    """Return a body whose hours a coordinator sets.

    Raises:
        NotFound: there is none, or this person sets no hours.
    """
    require_deciding(staff)
    found = session.get(Organisation, organisation_id)
    if found is None:
        raise NotFound
    return found


def body_with_mediators(session: Session) -> Organisation:
    """Return the body that has the mediators: the one that runs the front door.

    Raises:
        NotFound: there is none yet.
    """
    found = session.scalars(select(Organisation).where(Organisation.is_front_door)).one_or_none()
    if found is None:
        raise NotFound
    return found


def _one(session: Session, statement: Select[MediationRequest], request_id: str) -> MediationRequest:
    found = session.scalars(statement.where(MediationRequest.id == request_id)).one_or_none()
    if found is None:
        raise NotFound
    return found


def _is_asked(staff: Staff) -> ColumnElement[bool]:
    if not may_ask(staff):
        return false()
    cases = select(Case.id).where(is_readable(staff))
    reaches = or_(MediationRequest.case_id.is_(None), MediationRequest.case_id.in_(cases))
    return and_(MediationRequest.asking_id == staff.organisation_id, reaches)


def _is_decided(staff: Staff) -> ColumnElement[bool]:
    if not may_decide(staff):
        return false()
    return and_(
        MediationRequest.organisation_id == staff.organisation_id,
        MediationRequest.state != MediationState.DRAFT,
        _without_conflict(staff),
    )


def _is_assigned(staff: Staff) -> ColumnElement[bool]:
    if not may_mediate(staff):
        return false()
    return and_(MediationRequest.mediator_id == staff.id, _without_conflict(staff))


def _without_conflict(staff: Staff) -> ColumnElement[bool]:
    free = select(Case.id).where(has_no_conflict(staff))
    return or_(MediationRequest.case_id.is_(None), MediationRequest.case_id.in_(free))
