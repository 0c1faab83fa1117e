"""Who works with contracts: those of the care-work desk, where they may read both cases.

An amount that no source gives passes by a coordinator's word alone.
"""

from __future__ import annotations

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from backoffice.care_worker.permissions import require_care
from backoffice.case.models import Case
from backoffice.case.permissions import is_own_readable
from backoffice.engagement.models import Engagement
from backoffice.errors import NotFound
from backoffice.staff.models import Staff
from backoffice.staff.roles import Role


def readable_engagements(staff: Staff) -> Select[Engagement]:
    """Return the statement of every contract that a person may read: both its cases, in their own body.

    Raises:
        NotFound: the person does not work at the desk.
    """
    require_care(staff)
    own = select(Case.id).where(is_own_readable(staff))
    return select(Engagement).where(
        Engagement.organisation_id == staff.organisation_id,
        Engagement.request_id.in_(own),
        Engagement.worker_id.in_(own),
    )


def get_engagement(session: Session, staff: Staff, engagement_id: str, *, lock: bool = False) -> Engagement:
    """Return a contract of the person's own body; `lock`: nobody else changes it meanwhile.

    Raises:
        NotFound: there is none, or this person may not know of it.
    """
    statement = readable_engagements(staff).where(Engagement.id == engagement_id)
    if lock:
        statement = statement.with_for_update(of=Engagement).execution_options(populate_existing=True)
    found = session.scalars(statement).one_or_none()
    if found is None:
        raise NotFound
    return found


def may_confirm_unknown(staff: Staff) -> bool:
    """Tell whether a person may let a pay pass whose minimum no source gives."""
    return staff.has_role(Role.COORDINATOR)
