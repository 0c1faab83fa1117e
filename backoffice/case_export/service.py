"""Ask for a list as a file, agree to it, fetch it. Each act is in the audit trail."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import Select
from sqlalchemy.orm import Session

from backoffice.audit import service as audit
from backoffice.case.forms import read_search
from backoffice.case.models import Case
from backoffice.case.permissions import readable_cases, shows
from backoffice.case.queries import count, filtered
from backoffice.case.sorting import ordered
from backoffice.case_export.errors import ExportDecided, ExportNotReady, ExportTooLong
from backoffice.case_export.models import CaseExport, ExportFormat, ExportState
from backoffice.staff.models import Staff

ALONE_UP_TO = 1_000
"""How many cases one person may take out alone."""

MOST = 10_000
"""How many cases one file may hold."""

GOOD_FOR = timedelta(hours=24)
"""How long the file can be fetched, from the asking or the agreeing on."""


def exported(session: Session, staff: Staff, query: str, now: datetime) -> Select[Case]:
    """Return the statement of a list that a person may read, in its order."""
    search = read_search(query)
    filters = search.filters(staff.id, now)
    found = filtered(session, readable_cases(staff), filters, partial(shows, staff))
    return ordered(found, search.order, None)


def ask_for_export(
    session: Session, *, staff: Staff, format: ExportFormat, query: str, now: datetime
) -> CaseExport:
    """Ask for a list as a file; a short one may be fetched at once.

    Raises:
        ExportTooLong: more cases than one file may hold.
    """
    address = read_search(query).address("", cursor="").removeprefix("?")
    found = count(session, exported(session, staff, address, now), up_to=MOST)
    if found.is_more:
        raise ExportTooLong(MOST)
    export = CaseExport(
        organisation_id=staff.organisation_id,
        asked_by=staff.id,
        asked_at=now,
        format=format,
        query=address,
        rows=found.number,
        state=ExportState.APPROVED if found.number <= ALONE_UP_TO else ExportState.WAITING,
    )
    session.add(export)
    session.flush()
    _record(session, export, "asked", by=staff.id, now=now)
    return export


def decide(session: Session, export: CaseExport, *, agrees: bool, by: Staff, now: datetime) -> None:
    """Agree to a long export, or refuse it.

    Raises:
        ExportDecided: somebody was faster.
    """
    if export.state is not ExportState.WAITING:
        raise ExportDecided
    export.state = ExportState.APPROVED if agrees else ExportState.REFUSED
    export.decided_by, export.decided_at = by.id, now
    session.flush()
    _record(session, export, "approved" if agrees else "refused", by=by.id, now=now)


def begin_fetching(session: Session, export: CaseExport, *, by: Staff, now: datetime) -> None:
    """Note that the file leaves now.

    Raises:
        ExportNotReady: nobody has agreed, or its time is over.
    """
    if not can_be_fetched(export, now):
        raise ExportNotReady
    _record(session, export, "fetched", by=by.id, now=now)


def can_be_fetched(export: CaseExport, now: datetime) -> bool:
    """Tell whether the file may leave."""
    return export.state is ExportState.APPROVED and now < (export.decided_at or export.asked_at) + GOOD_FOR


def _record(session: Session, export: CaseExport, what: str, *, by: str, now: datetime) -> None:
    """The entry leads to the row, which has filter, format and count."""
    audit.record(
        session,
        by=by,
        action=f"case_export.{what}",
        subject_kind="case_export",
        subject_id=export.id,
        now=now,
    )
