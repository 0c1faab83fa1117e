"""One entry of the directory that somebody may change: a body, a service, a place, a service in a place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from backoffice.directory.errors import EntryChangedMeanwhile
from backoffice.directory.models import (
    DirectoryLocation,
    DirectoryOrganisation,
    DirectoryService,
    ServiceAtLocation,
)
from backoffice.directory.permissions import (
    get_editable_location,
    get_editable_organisation,
    get_editable_service,
)
from backoffice.errors import NotFound
from backoffice.staff.models import Staff

OWNER_OF = {
    "bodies": "organisation_id",
    "services": "service_id",
    "places": "location_id",
    "at": "service_at_location_id",
}
"""Kind of entry -> the column with which its parts name it."""


@dataclass(frozen=True)
class Entry:
    """What is changed. `root` carries the version: of a service in a place, the service does."""

    kind: str
    row: Any
    root: DirectoryOrganisation | DirectoryService | DirectoryLocation
    title: str

    @property
    def page(self) -> str:
        """The address of the page on which it is read."""
        return f"/directory/{'services' if self.kind == 'at' else self.kind}/{self.root.id}"

    def require_version(self, seen: int | None) -> None:
        """Let a change through that was made from what is there now.

        Raises:
            EntryChangedMeanwhile: somebody else has changed it since.
        """
        if seen != self.root.version:
            raise EntryChangedMeanwhile

    def parts(self, session: Session, model: type[Any]) -> list[Any]:
        """Return its rows of a list."""
        column = getattr(model, OWNER_OF[self.kind])
        return list(session.scalars(select(model).where(column == self.row.id).order_by(model.id)))


def get_entry(session: Session, staff: Staff, kind: str, entry_id: str) -> Entry:
    """Return an entry that somebody may change.

    Raises:
        NotFound: there is none, no such kind, or this person may not.
    """
    match kind:
        case "bodies":
            body = get_editable_organisation(session, staff, entry_id)
            return Entry(kind, body, body, body.name)
        case "services":
            service = get_editable_service(session, staff, entry_id)
            return Entry(kind, service, service, service.name)
        case "places":
            place = get_editable_location(session, staff, entry_id)
            return Entry(kind, place, place, title_of(place))
        case "at":
            statement = (
                select(ServiceAtLocation)
                .where(ServiceAtLocation.id == entry_id)
                .options(joinedload(ServiceAtLocation.location))
            )
            at = session.scalars(statement).one_or_none()
            if at is not None:
                service = get_editable_service(session, staff, at.service_id)
                return Entry(kind, at, service, f"{service.name}, {title_of(at.location)}")
    raise NotFound


def title_of(place: DirectoryLocation) -> str:
    """Name a place in a line: its name, else its address and town."""
    return place.name or ", ".join(filter(None, (place.address, place.town))) or "–"
