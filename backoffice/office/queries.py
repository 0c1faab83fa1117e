"""Which organisation runs the chat."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from backoffice.errors import BackofficeError
from backoffice.staff.models import Organisation


class NoFrontDoor(BackofficeError):
    """No organisation runs the chat yet: there is nobody to write to."""

    status = 503

    def __init__(self) -> None:
        super().__init__("error.no_front_door", way_out="error.no_front_door.way_out")


def front_door_id(session: Session) -> str:
    """Return the organisation that runs the chat.

    Raises:
        NoFrontDoor: none does yet.
    """
    found = session.scalar(select(Organisation.id).where(Organisation.is_front_door))
    if found is None:
        raise NoFrontDoor
    return found
