"""Who may change the directory: coordinators of the front door all of it, those of a body its own entries.

Everybody reads it: there is nothing personal in it.
"""

from __future__ import annotations

from typing import TypeVar

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload

from backoffice.directory.models import (
    DirectoryLocation,
    DirectoryOrganisation,
    DirectoryReview,
    DirectoryService,
)
from backoffice.errors import NotFound
from backoffice.staff.models import Staff
from backoffice.staff.roles import Role

Row = TypeVar("Row")

EDITS = frozenset({Role.COORDINATOR, Role.ADMINISTRATOR})


def may_edit_all(staff: Staff) -> bool:
    """Tell whether a person looks after the whole directory, and adds bodies to it."""
    return staff.has_role(*EDITS) and staff.organisation.is_front_door


def may_edit(staff: Staff, organisation: DirectoryOrganisation) -> bool:
    """Tell whether a person may change the entries of a body."""
    own = organisation.staff_organisation_id == staff.organisation_id
    return may_edit_all(staff) or (own and staff.has_role(*EDITS))


def require_editing_all(staff: Staff) -> None:
    """Let only those through who look after the whole directory.

    Raises:
        NotFound: this person does not.
    """
    if not may_edit_all(staff):
        raise NotFound


def editable_organisations(staff: Staff) -> Select[DirectoryOrganisation]:
    """Return the statement of the bodies whose entries a person may change.

    Raises:
        NotFound: this person changes none.
    """
    if not staff.has_role(*EDITS):
        raise NotFound
    found = select(DirectoryOrganisation)
    if may_edit_all(staff):
        return found
    return found.where(DirectoryOrganisation.staff_organisation_id == staff.organisation_id)


def get_editable_organisation(session: Session, staff: Staff, organisation_id: str) -> DirectoryOrganisation:
    """Return one body whose entries a person may change.

    Raises:
        NotFound: there is none, or this person may not.
    """
    mine = editable_organisations(staff).where(DirectoryOrganisation.id == organisation_id)
    return _found(session.scalars(mine).one_or_none())


def get_editable_service(session: Session, staff: Staff, service_id: str) -> DirectoryService:
    """Return one service that a person may change, with its body.

    Raises:
        NotFound: there is none, or this person may not.
    """
    bodies = editable_organisations(staff).with_only_columns(DirectoryOrganisation.id)
    mine = (
        select(DirectoryService)
        .where(DirectoryService.id == service_id, DirectoryService.organisation_id.in_(bodies))
        .options(joinedload(DirectoryService.organisation))
    )
    return _found(session.scalars(mine).one_or_none())


def get_editable_location(session: Session, staff: Staff, location_id: str) -> DirectoryLocation:
    """Return one place that a person may change.

    Raises:
        NotFound: there is none, or this person may not.
    """
    bodies = editable_organisations(staff).with_only_columns(DirectoryOrganisation.id)
    mine = select(DirectoryLocation).where(
        DirectoryLocation.id == location_id, DirectoryLocation.organisation_id.in_(bodies)
    )
    return _found(session.scalars(mine).one_or_none())


def open_reviews(staff: Staff) -> Select[DirectoryReview]:
    """Return the statement of the open tasks of a person, the oldest first, with service and body.

    Raises:
        NotFound: this person changes nothing in the directory.
    """
    bodies = editable_organisations(staff).with_only_columns(DirectoryOrganisation.id)
    return (
        select(DirectoryReview)
        .join(DirectoryReview.service)
        .where(DirectoryReview.closed_at.is_(None), DirectoryService.organisation_id.in_(bodies))
        .options(joinedload(DirectoryReview.service).joinedload(DirectoryService.organisation))
        .order_by(DirectoryReview.opened_at, DirectoryReview.id)
    )


def _found(row: Row | None) -> Row:
    if row is None:
        raise NotFound
    return row
