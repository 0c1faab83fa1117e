"""Who works with matches: those of the care-work desk, where they may read both cases."""

from __future__ import annotations

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload

from backoffice.care_match.models import CareMatch
from backoffice.care_worker.permissions import require_care
from backoffice.case.models import Case
from backoffice.case.permissions import is_own_readable
from backoffice.errors import NotFound
from backoffice.staff.models import Staff


def readable_matches(staff: Staff) -> Select[CareMatch]:
    """Return the statement of every match that a person may read: both its cases, in their own body.

    Raises:
        NotFound: the person does not work at the desk.
    """
    require_care(staff)
    own = select(Case.id).where(is_own_readable(staff))
    return select(CareMatch).where(
        CareMatch.organisation_id == staff.organisation_id,
        CareMatch.request_id.in_(own),
        CareMatch.worker_id.in_(own),
    )


def get_match(session: Session, staff: Staff, match_id: str, *, lock: bool = False) -> CareMatch:
    """Return a match of the person's own body, with both cases and their people.

    `lock`: nobody else changes it meanwhile.

    Raises:
        NotFound: there is none, or this person may not know of it.
    """
    statement = readable_matches(staff).where(CareMatch.id == match_id)
    statement = statement.options(
        joinedload(CareMatch.request, innerjoin=True).joinedload(Case.person, innerjoin=True),
        joinedload(CareMatch.worker, innerjoin=True).joinedload(Case.person, innerjoin=True),
    )
    if lock:
        statement = statement.with_for_update(of=CareMatch).execution_options(populate_existing=True)
    match = session.scalars(statement).one_or_none()
    if match is None:
        raise NotFound
    return match
