"""The first page: who waits, what is mine, and what nobody has taken yet."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from functools import partial
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlalchemy import and_
from sqlalchemy.orm import Session

from backoffice.accompaniment.queries import DueStep, due_steps
from backoffice.case.models import Case, CaseStatus
from backoffice.case.permissions import can_assign, is_readable, readable_cases, shows
from backoffice.case.queries import NOBODY, CaseFilters, CasePage, filtered, page_of
from backoffice.case.workload import overdue_rows
from backoffice.clock import ClockDep
from backoffice.conversation.inbox import Reader, due_rows, held_rows, waiting_rows
from backoffice.conversation.permissions import may_read, readable_conversations
from backoffice.database import ReadSession
from backoffice.document.queries import expiring
from backoffice.home_owner.permissions import works_on_housing
from backoffice.italy import day_in_italy
from backoffice.referral.home import read_news
from backoffice.referral.share_view import ShareView
from backoffice.staff.models import Staff
from backoffice.staff.roles import WORKS_ON_CASES
from backoffice.staff.sign_in import SignedIn
from backoffice.templating import render

router = APIRouter(include_in_schema=False)

SHOWN = 10
EXPIRES_SOON = timedelta(days=60)
"""How long before a document ends its case is on the first page: renewing a permit takes that long."""

DUE_SOON = timedelta(days=7)
"""How long before its last day a step of a contract is on the first page."""


@router.get("/")
def home_page(request: Request, session: ReadSession, staff: SignedIn, clock: ClockDep) -> Response:
    """Show what waits for the reader."""
    return _render(request, session, staff, clock, "home/home.html")


@router.get("/home/list")
def home_fragment(request: Request, session: ReadSession, staff: SignedIn, clock: ClockDep) -> Response:
    """Show the lists alone, for a page that is open."""
    return _render(request, session, staff, clock, "home/_lists.html")


def _render(request: Request, session: Session, staff: Staff, clock: ClockDep, template: str) -> Response:
    reader = Reader(staff, clock())
    waiting = held = due = mine = unassigned = None
    if may_read(staff) and staff.organisation.is_front_door:
        statement = readable_conversations(staff)
        waiting = waiting_rows(session, statement, reader)
        held = held_rows(session, statement, reader)
        due = due_rows(session, statement, reader, limit=SHOWN)
    if staff.has_role(*WORKS_ON_CASES):
        mine = _cases(session, staff, CaseFilters(assignee=staff.id, status=CaseStatus.IN_PROGRESS))
    if can_assign(staff):
        unassigned = _cases(session, staff, CaseFilters(assignee=NOBODY, organisation=staff.organisation_id))
    news = read_news(session, staff, now=reader.now) if can_assign(staff) else None
    today = reader.now.date()
    late, papers = _due_work(session, staff, today) if staff.has_role(*WORKS_ON_CASES) else (None, None)
    contracts = _due_contracts(session, staff, day_in_italy(reader.now)) if works_on_housing(staff) else None
    shown = {
        "late": late,
        "papers": papers,
        "contracts": contracts,
        "today": today,
        "waiting": waiting,
        "held": held,
        "due": due,
        "mine": mine,
        "unassigned": unassigned,
    }
    return render(request, template, staff=staff, values=shown, news=news, sees=ShareView(staff, reader.now))


def _due_work(session: Session, staff: Staff, today: date) -> tuple[Any, Any]:
    """Return what is late and which papers end soon, in the own body: all of it, or one's own cases."""
    readable = and_(is_readable(staff), Case.organisation_id == staff.organisation_id)
    if not can_assign(staff):
        readable = and_(readable, Case.assignee_id == staff.id)
    late = overdue_rows(session, readable, today=today, limit=SHOWN)
    return late, expiring(session, readable, until=today + EXPIRES_SOON, limit=SHOWN)


def _due_contracts(session: Session, staff: Staff, today: date) -> Sequence[DueStep]:
    """Return the steps of contracts that are late or due within a week, in the own body."""
    readable = and_(is_readable(staff), Case.organisation_id == staff.organisation_id)
    return due_steps(session, readable, until=today + DUE_SOON, limit=SHOWN)


def _cases(session: Session, staff: Staff, filters: CaseFilters) -> CasePage:
    return page_of(
        session,
        filtered(session, readable_cases(staff), filters, partial(shows, staff)),
        limit=SHOWN,
        cursor=None,
    )
