"""Asking for a list as a file, agreeing to a long one, fetching it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import Response, StreamingResponse

from backoffice.case.forms import read_search
from backoffice.case.parts import CasePart, parts_of_cases
from backoffice.case.queries import WITH_NAMES, names_of_staff
from backoffice.case.schemas import case_out
from backoffice.case_export.cells import cells, heads
from backoffice.case_export.files import CSV_TYPE, XLSX_TYPE, csv_pieces, xlsx_pieces
from backoffice.case_export.models import ExportFormat, ExportState
from backoffice.case_export.permissions import (
    get_decidable_export,
    get_own_export,
    may_decide,
    visible_exports,
)
from backoffice.case_export.service import (
    MOST,
    ask_for_export,
    begin_fetching,
    can_be_fetched,
    decide,
    exported,
)
from backoffice.client.schemas import CaseType
from backoffice.clock import ClockDep
from backoffice.database import Database, DatabaseDep, DbSession, ReadSession
from backoffice.question.answers import answer_cells, answer_columns
from backoffice.staff.models import Staff
from backoffice.staff.sign_in import SignedInCaseStaff
from backoffice.templating import interface_language, redirect, render

router = APIRouter(include_in_schema=False)

AT_ONCE = 500
"""How many cases are read from the database in one piece."""


@router.get("/case-exports")
def exports_page(
    request: Request, session: ReadSession, staff: SignedInCaseStaff, clock: ClockDep
) -> Response:
    """Show one's own exports, and those that wait for one's agreement."""
    exports, now = visible_exports(session, staff), clock()
    return render(
        request,
        "case_export/exports.html",
        staff=staff,
        exports=exports,
        names=names_of_staff(session, {export.asked_by for export in exports}),
        fetchable={each.id for each in exports if each.asked_by == staff.id and can_be_fetched(each, now)},
        decidable={
            each.id for each in exports if each.state is ExportState.WAITING and may_decide(staff, each)
        },
    )


@router.post("/case-exports")
def submit_export(
    session: DbSession,
    staff: SignedInCaseStaff,
    clock: ClockDep,
    format: Annotated[ExportFormat, Form()],
    query: Annotated[str, Form(max_length=2000)] = "",
) -> Response:
    """Ask for a list as a file: a short one comes at once, a long one waits for a second person."""
    export = ask_for_export(session, staff=staff, format=format, query=query, now=clock())
    if export.state is ExportState.APPROVED:
        return redirect(f"/case-exports/{export.id}/file")
    return redirect("/case-exports", notice="export_waits")


@router.post("/case-exports/{export_id}/approve")
def submit_approval(
    export_id: str, session: DbSession, staff: SignedInCaseStaff, clock: ClockDep
) -> Response:
    """Agree to a long export."""
    decide(session, get_decidable_export(session, staff, export_id), agrees=True, by=staff, now=clock())
    return redirect("/case-exports", notice="export_approved")


@router.post("/case-exports/{export_id}/refuse")
def submit_refusal(export_id: str, session: DbSession, staff: SignedInCaseStaff, clock: ClockDep) -> Response:
    """Refuse a long export."""
    decide(session, get_decidable_export(session, staff, export_id), agrees=False, by=staff, now=clock())
    return redirect("/case-exports", notice="export_refused")


@router.get("/case-exports/{export_id}/file")
def export_file(
    request: Request,
    export_id: str,
    session: DbSession,
    database: DatabaseDep,
    staff: SignedInCaseStaff,
    clock: ClockDep,
) -> Response:
    """Send the file: what the filter finds now, with the rights that its reader has now."""
    export, now = get_own_export(session, staff, export_id), clock()
    begin_fetching(session, export, by=staff, now=now)
    rows = _rows(database, staff, export.query, interface_language(request), now)
    is_csv = export.format is ExportFormat.CSV
    name = f"sportello-{now:%Y-%m-%d}.{export.format.value}"
    return StreamingResponse(
        csv_pieces(rows) if is_csv else xlsx_pieces(rows),
        media_type=CSV_TYPE if is_csv else XLSX_TYPE,
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _rows(database: Database, staff: Staff, query: str, ui: str, now: datetime) -> Iterator[list[str]]:
    chosen = read_search(query).filters(staff.id, now).type
    with database.read() as session:
        more = answer_columns(session, staff.organisation_id, CaseType(chosen), ui) if chosen else []
        yield [*heads(ui), *(column.title for column in more)]
        statement = exported(session, staff, query, now).options(*WITH_NAMES).limit(MOST)
        for some in session.scalars(statement.execution_options(yield_per=AT_ONCE)).partitions():
            parts = parts_of_cases(session, staff, some, now=now)
            shown = [case.id for case in some if CasePart.INTAKE in parts[case.id]] if more else []
            answers = answer_cells(session, shown, ui)
            for case in some:
                given = answers.get(case.id, {})
                own = cells(case_out(case, staff, parts[case.id]), ui)
                yield [*own, *(given.get(column.code, "") for column in more)]
            session.expunge_all()
