"""Who works with families' requests: those who may open such cases, in their own body."""

from __future__ import annotations

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload

from backoffice.care_request.models import CareRequest
from backoffice.case.models import Case
from backoffice.case.permissions import can_open, is_own_readable
from backoffice.client.schemas import CaseType
from backoffice.errors import NotFound
from backoffice.staff.models import Staff


def readable_requests(staff: Staff) -> Select[CareRequest]:
    """Return the statement of every request that a person of the desk may read, joined with its case.

    Raises:
        NotFound: the person does not work there; nothing tells that there is such a page.
    """
    if not can_open(staff, CaseType.CARE_REQUEST):
        raise NotFound
    return (
        select(CareRequest)
        .join(Case, Case.id == CareRequest.case_id)
        .where(CareRequest.organisation_id == staff.organisation_id, is_own_readable(staff))
    )


def get_request(session: Session, staff: Staff, case_id: str) -> CareRequest:
    """Return a request of the person's own body, with its case and person.

    Raises:
        NotFound: there is none, or this person may not know of it.
    """
    statement = readable_requests(staff).where(CareRequest.case_id == case_id)
    request = session.scalars(
        statement.options(joinedload(CareRequest.case).joinedload(Case.person))
    ).one_or_none()
    if request is None:
        raise NotFound
    return request
