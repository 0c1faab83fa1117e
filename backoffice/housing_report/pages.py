"""The coordinator's page of the housing desk, and the same as a table."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from sqlalchemy.orm import Session

from backoffice.audit import service as audit
from backoffice.audit_trail.days import day_after, first_moment
from backoffice.case_export.cells import harmless
from backoffice.clock import ClockDep
from backoffice.database import DbSession, ReadSession
from backoffice.housing_match.models import MatchSide
from backoffice.housing_report.queries import Period, funnel, homes, refusals, unmet
from backoffice.italy import ROME
from backoffice.posted import day_typed
from backoffice.staff.models import Staff
from backoffice.staff.roles import Role
from backoffice.staff.sign_in import require_role
from backoffice.templating import interface_language, render
from translations.catalog import text

router = APIRouter(include_in_schema=False)

SignedInCoordinator = Annotated[Staff, Depends(require_role(Role.COORDINATOR))]

FIRST_DAY = date(2000, 1, 1)
"""Nothing is older; a calendar's first days would leave no room for a moment before them."""
USUAL_DAYS = 365


@router.get("/housing/report")
def report_page(
    request: Request,
    session: ReadSession,
    staff: SignedInCoordinator,
    clock: ClockDep,
    since: str = "",
    until: str = "",
) -> Response:
    """Show the way from need to contract, reasons of refusal, what was not available, and owners lost."""
    first, last = _days(since, until, now=clock())
    period, body = _period(first, last), staff.organisation_id
    return render(
        request,
        "housing_report/report.html",
        staff=staff,
        since=first,
        until=last,
        stages=funnel(session, body, period),
        refusals=refusals(session, body, period),
        sides=list(MatchSide),
        unmet=unmet(session, body, period),
        homes=homes(session, body, period),
    )


@router.get("/housing/report.csv")
def report_table(
    request: Request,
    session: DbSession,
    staff: SignedInCoordinator,
    clock: ClockDep,
    since: str = "",
    until: str = "",
) -> Response:
    """Give the same figures as a table: what, which, how many."""
    first, last = _days(since, until, now=clock())
    ui, body = interface_language(request), staff.organisation_id
    out = io.StringIO()
    written = csv.writer(out, lineterminator="\r\n")
    for row in _rows(session, body, _period(first, last), ui):
        written.writerow([harmless(cell) for cell in row])
    audit.record(
        session,
        by=staff.id,
        action="housing_report.taken",
        subject_kind="organisation",
        subject_id=body,
        now=clock(),
    )
    name = f"housing-{first.isoformat()}-{last.isoformat()}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response("\ufeff" + out.getvalue(), media_type="text/csv; charset=utf-8", headers=headers)


def _rows(session: Session, body: str, period: Period, ui: str) -> Iterator[tuple[str, str, str]]:
    def word(group: str, code: str) -> str:
        return text(f"backoffice.{group}.{code}", ui)

    def head(name: str) -> str:
        return text(f"backoffice.housing_report.{name}", ui)

    yield head("what"), head("which"), head("how_many")
    for stage in funnel(session, body, period):
        yield head("reached"), word("search_state", stage.state.value), str(stage.reached)
        yield head("there"), word("search_state", stage.state.value), str(stage.there)
        yield (
            head("days"),
            word("search_state", stage.state.value),
            "" if stage.days is None else str(stage.days),
        )
    for refusal in refusals(session, body, period):
        for side, count in refusal.by.items():
            which = f"{word('refusal_reason', refusal.reason.value)} ({word('match_side', side.value)})"
            yield head("refusals"), which, str(count)
    found = unmet(session, body, period)
    yield head("unmet"), head("households"), str(found.households)
    for town, count in found.towns:
        yield head("unmet_towns"), town, str(count)
    for people, count in found.sizes:
        yield head("unmet_sizes"), str(people), str(count)
    for end, count in found.budgets:
        yield head("unmet_budgets"), head("more") if end is None else f"<= {end}", str(count)
    there = homes(session, body, period)
    for state, count in there.states:
        yield head("homes"), word("listing_state", state.value), str(count)
    for reason, count in there.lost:
        yield head("lost"), word("owner_lost_reason", reason.value), str(count)
    for ground, count in there.wishes:
        yield head("wishes"), word("wish_ground", ground.value), str(count)


def _days(since: str, until: str, *, now: datetime) -> tuple[date, date]:
    today = now.astimezone(ROME).date()
    last = max(min(day_typed(until) or today, today), FIRST_DAY)
    first = max(min(day_typed(since) or last - timedelta(days=USUAL_DAYS - 1), last), FIRST_DAY)
    return first, last


def _period(first: date, last: date) -> Period:
    since, until = first_moment(first), day_after(last)
    assert since is not None and until is not None  # noqa: PT018  (both days are real)
    return Period(since, until)
