"""What was read from HSDS, written into the directory as a whole, in one transaction."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from backoffice.audit import service as audit
from backoffice.directory.hsds_export import MODELS
from backoffice.directory.hsds_import import Checked
from backoffice.directory.models import DirectoryOrganisation
from backoffice.directory.part_models import DirectoryTranslation


def is_empty(session: Session) -> bool:
    """Tell whether the directory has no body yet."""
    return session.scalar(select(DirectoryOrganisation.id).limit(1)) is None


def load(session: Session, checked: Checked, *, by: str, now: datetime) -> None:
    """Put what was read in the place of the whole directory.

    A body that stays remains linked with the organisation whose staff look after it.
    """
    linked = select(DirectoryOrganisation).where(DirectoryOrganisation.staff_organisation_id.is_not(None))
    staffed = {row.id: row.staff_organisation_id for row in session.scalars(linked)}
    session.expunge_all()
    session.execute(delete(DirectoryTranslation))
    for model in reversed(list(MODELS.values())):
        session.execute(delete(model))
    for entry in checked.entries:
        if isinstance(entry, DirectoryOrganisation):
            entry.staff_organisation_id = staffed.get(entry.id)
    session.add_all(checked.entries)
    session.flush()
    audit.record(
        session, by=by, action="directory.imported", subject_kind="directory", subject_id="hsds", now=now
    )
