"""The coordinator's page of the care-work desk, and the same as tables (CSV, XLSX)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from fastapi import APIRouter, Request
from fastapi.responses import Response, StreamingResponse
from sqlalchemy.orm import Session

from backoffice.audit import service as audit
from backoffice.audit_trail.days import day_after, first_moment
from backoffice.care_report import queries
from backoffice.care_worker.permissions import require_coordinator
from backoffice.case_export.files import CSV_TYPE, XLSX_TYPE, csv_pieces, xlsx_pieces
from backoffice.clock import Clock, ClockDep
from backoffice.database import DbSession, ReadSession
from backoffice.figures import Count, Period, Spread
from backoffice.italy import day_in_italy
from backoffice.posted import day_typed
from backoffice.small_cells import LEAST
from backoffice.staff.models import Staff
from backoffice.staff.sign_in import SignedIn
from backoffice.templating import interface_language, render
from translations.catalog import has, text

router = APIRouter(prefix="/care", include_in_schema=False)

USUAL_DAYS = 365
FIRST_DAY = date(2000, 1, 1)
"""Before it there is nothing to count."""


@dataclass(frozen=True)
class Section:
    """Figures that belong together."""

    code: str
    figures: Sequence[Count | Spread]


@router.get("/report")
def report_page(
    request: Request,
    session: ReadSession,
    staff: SignedIn,
    clock: ClockDep,
    since: str = "",
    until: str = "",
) -> Response:
    """Show the figures of the reader's body, each with its definition."""
    require_coordinator(staff)
    period = _period(since, until, now=clock())
    return render(
        request,
        "care_report/report.html",
        staff=staff,
        period=period,
        sections=_sections(session, staff.organisation_id, period),
        least=LEAST,
    )


@router.get("/report.csv")
def report_as_csv(
    request: Request,
    session: DbSession,
    staff: SignedIn,
    clock: ClockDep,
    since: str = "",
    until: str = "",
) -> Response:
    """Give the same figures as CSV."""
    rows, name = _taken(request, session, staff, clock, since, until)
    return _file(csv_pieces(rows), CSV_TYPE, f"{name}.csv")


@router.get("/report.xlsx")
def report_as_xlsx(
    request: Request,
    session: DbSession,
    staff: SignedIn,
    clock: ClockDep,
    since: str = "",
    until: str = "",
) -> Response:
    """Give the same figures as XLSX."""
    rows, name = _taken(request, session, staff, clock, since, until)
    return _file(xlsx_pieces(rows), XLSX_TYPE, f"{name}.xlsx")


def _taken(
    request: Request, session: Session, staff: Staff, clock: Clock, since: str, until: str
) -> tuple[list[Sequence[str]], str]:
    require_coordinator(staff)
    period, body = _period(since, until, now=clock()), staff.organisation_id
    rows = list(_rows(_sections(session, body, period), interface_language(request)))
    audit.record(
        session,
        by=staff.id,
        action="care_report.taken",
        subject_kind="organisation",
        subject_id=body,
        now=clock(),
    )
    return rows, f"care-{period.first.isoformat()}-{period.last.isoformat()}"


def _sections(session: Session, body: str, period: Period) -> list[Section]:
    offers, short = queries.refused_offers(session, body, period)
    wishes = queries.wishes(session, body, period)
    return [
        Section("workers", queries.workers(session, body)),
        Section("requests", queries.requests(session, body, period)),
        Section(
            "contracts", [*queries.contracts(session, body, period), *queries.times(session, body, period)]
        ),
        Section("refused", [offers, *short, wishes]),
        Section("courses", queries.training(session, body, period)),
    ]


def _rows(sections: Sequence[Section], ui: str) -> Iterator[Sequence[str]]:
    def words(name: str) -> str:
        return text(f"backoffice.care_report.{name}", ui)

    yield words("what"), words("which"), words("how_many"), words("definition")
    for section in sections:
        for figure in section.figures:
            title, definition = words(f"title.{figure.code}"), words(f"definition.{figure.code}")
            for which, value in _lines(figure, ui):
                yield title, which, words("hidden") if value is None else value, definition


def _lines(figure: Count | Spread, ui: str) -> Iterator[tuple[str, str | None]]:
    all_words = text("backoffice.care_report.all", ui)
    if isinstance(figure, Spread):
        yield all_words, None if figure.count is None else str(figure.count)
        for name, value in zip(("low", "median", "high"), figure.quartiles or (None,) * 3, strict=True):
            yield text(f"backoffice.care_report.{name}", ui), None if value is None else _number(value, ui)
        return
    total = figure.counts.total
    yield all_words, None if total is None else str(total)
    for key, count in figure.counts.parts:
        yield _label(figure.group, key, ui), None if count is None else str(count)


def _label(group: str | None, key: str, ui: str) -> str:
    name = f"backoffice.{group}.{key}"
    return text(name, ui) if group and has(name) else key


def _number(value: float, ui: str) -> str:
    return str(value).replace(".", ",") if ui == "it" else str(value)


def _file(pieces: Iterator[bytes], kind: str, name: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return StreamingResponse(pieces, media_type=kind, headers=headers)


def _period(since: str, until: str, *, now: datetime) -> Period:
    """Return the days that were chosen; what is none is the usual year until today."""
    today = day_in_italy(now)
    last = max(min(day_typed(until) or today, today), FIRST_DAY)
    first = max(min(day_typed(since) or last - timedelta(days=USUAL_DAYS - 1), last), FIRST_DAY)
    begins, ends = first_moment(first), day_after(last)
    assert begins is not None
    assert ends is not None
    return Period(begins, ends, first, last)
