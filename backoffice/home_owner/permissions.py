"""Who works with owners and homes: those who may open housing cases, in their own body."""

from __future__ import annotations

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload

from backoffice.case.permissions import can_open
from backoffice.client.schemas import CaseType
from backoffice.errors import NotFound
from backoffice.home_owner.models import HomeOwner
from backoffice.staff.models import Staff
from backoffice.staff.roles import Role


def works_on_housing(staff: Staff) -> bool:
    """Tell whether a person works at the housing desk: housing desk, caseworker or coordinator."""
    return can_open(staff, CaseType.HOUSING)


def require_housing(staff: Staff) -> None:
    """Let only those of the housing desk pass.

    Raises:
        NotFound: the person does not work there; nothing tells that there is such a page.
    """
    if not works_on_housing(staff):
        raise NotFound


def require_coordinator(staff: Staff) -> None:
    """Let only a coordinator pass, who answers for how homes are matched and for the figures.

    Raises:
        NotFound: the person is none.
    """
    if not staff.has_role(Role.COORDINATOR):
        raise NotFound


def readable_owners(staff: Staff) -> Select[HomeOwner]:
    """Return the statement of every owner that a person of the housing desk may read.

    Raises:
        NotFound: the person does not work there.
    """
    require_housing(staff)
    return select(HomeOwner).where(HomeOwner.organisation_id == staff.organisation_id)


def get_owner(session: Session, staff: Staff, owner_id: str) -> HomeOwner:
    """Return an owner of the person's own body, with their person.

    Raises:
        NotFound: there is none, or this person may not know of it.
    """
    require_housing(staff)
    owner = session.get(HomeOwner, owner_id, options=[joinedload(HomeOwner.person)])
    if owner is None or owner.organisation_id != staff.organisation_id:
        raise NotFound
    return owner
