"""A released copy is gathered: in one transaction with the note that it was, and drawn outside of it."""

from __future__ import annotations

from datetime import datetime

from backoffice.database import Database
from backoffice.own_copy.content import gather
from backoffice.own_copy.permissions import get_answerable_copy
from backoffice.own_copy.service import require_ready
from backoffice.own_copy.shape import OwnCopyFile
from backoffice.staff.models import Staff


def make_copy(database: Database, staff: Staff, copy_id: str, *, form: str, now: datetime) -> OwnCopyFile:
    """Return the copy; drawing it may take seconds, during which nobody else must wait to write.

    Raises:
        NotFound: there is no such request, or this member of staff may not know of it.
        NoLongerThere: it is not released, was by somebody else, or its time is over.
    """
    with database.transaction() as session:
        asked = get_answerable_copy(session, staff, copy_id)
        require_ready(session, asked, by=staff.id, form=form, now=now)
        return gather(session, asked, now=now)
