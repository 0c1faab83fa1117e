"""Who works with family assistants: those who may open their cases, in their own body."""

from __future__ import annotations

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload

from backoffice.care_worker.models import CareWorker
from backoffice.case.models import Case
from backoffice.case.permissions import can_open, get_changeable_case, is_own_readable
from backoffice.client.schemas import CaseType
from backoffice.errors import NotFound
from backoffice.staff.models import Staff
from backoffice.staff.roles import Role


def works_on_care(staff: Staff) -> bool:
    """Tell whether a person works at the care-work desk: care desk, caseworker or coordinator."""
    return can_open(staff, CaseType.CARE_WORK)


def require_care(staff: Staff) -> None:
    """Let only those of the care-work desk pass.

    Raises:
        NotFound: the person does not work there; nothing tells that there is such a page.
    """
    if not works_on_care(staff):
        raise NotFound


def require_coordinator(staff: Staff) -> None:
    """Let only a coordinator pass, who answers for how people are matched and for the figures.

    Raises:
        NotFound: the person is none.
    """
    if not staff.has_role(Role.COORDINATOR):
        raise NotFound


def readable_workers(staff: Staff) -> Select[CareWorker]:
    """Return the statement of the family assistants that a person of the desk may read, joined with cases.

    Raises:
        NotFound: the person does not work there.
    """
    require_care(staff)
    return (
        select(CareWorker)
        .join(Case, Case.id == CareWorker.case_id)
        .where(CareWorker.organisation_id == staff.organisation_id, is_own_readable(staff))
    )


def get_worker(session: Session, staff: Staff, case_id: str) -> CareWorker:
    """Return a family assistant of the person's own body, with their case and person.

    Raises:
        NotFound: there is none, or this person may not know of it.
    """
    statement = readable_workers(staff).where(CareWorker.case_id == case_id)
    worker = session.scalars(
        statement.options(joinedload(CareWorker.case).joinedload(Case.person))
    ).one_or_none()
    if worker is None:
        raise NotFound
    return worker


def get_worker_case(session: Session, staff: Staff, case_id: str) -> Case:
    """Return a case of a family assistant that the person may change, with its person.

    Raises:
        NotFound: there is none, or this person may not change it.
    """
    require_care(staff)
    case = get_changeable_case(session, staff, case_id)
    if case.type is not CaseType.CARE_WORK:
        raise NotFound
    return case
