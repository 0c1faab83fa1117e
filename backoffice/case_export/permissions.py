"""Who may fetch a file, and who decides about a long one: a coordinator who did not ask for it."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from backoffice.case_export.models import CaseExport, ExportState
from backoffice.errors import NotFound
from backoffice.staff.models import Staff
from backoffice.staff.roles import WORKS_ON_CASES, Role

SHOWN = 50


def visible_exports(session: Session, staff: Staff) -> Sequence[CaseExport]:
    """Return one's own exports, and for a coordinator those that wait, the newest first."""
    grounds = [CaseExport.asked_by == staff.id]
    if staff.has_role(Role.COORDINATOR):
        waits = CaseExport.state == ExportState.WAITING
        grounds.append(waits & (CaseExport.organisation_id == staff.organisation_id))
    statement = select(CaseExport).where(or_(*grounds))
    return session.scalars(statement.order_by(CaseExport.asked_at.desc()).limit(SHOWN)).all()


def get_own_export(session: Session, staff: Staff, export_id: str) -> CaseExport:
    """Return an export that somebody asked for.

    Raises:
        NotFound: there is none, it is another's, or the person works on no cases any more.
    """
    found = session.get(CaseExport, export_id)
    if found is None or found.asked_by != staff.id or not staff.has_role(*WORKS_ON_CASES):
        raise NotFound
    return found


def get_decidable_export(session: Session, staff: Staff, export_id: str) -> CaseExport:
    """Return an export about which somebody may decide.

    Raises:
        NotFound: there is none, or it is not for this person to decide.
    """
    found = session.get(CaseExport, export_id)
    if found is None or not may_decide(staff, found):
        raise NotFound
    return found


def may_decide(staff: Staff, export: CaseExport) -> bool:
    """Tell whether somebody is the second person for an export."""
    is_colleague = export.organisation_id == staff.organisation_id and export.asked_by != staff.id
    return is_colleague and staff.has_role(Role.COORDINATOR)
