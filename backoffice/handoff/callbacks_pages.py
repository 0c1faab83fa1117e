"""The page of call-backs: who wants to be called, when, and done."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlalchemy.orm import Session

from backoffice.clock import ClockDep
from backoffice.database import DbSession, ReadSession
from backoffice.handoff.callbacks import LATE_AFTER, due_calls, mark_done
from backoffice.staff.models import Staff
from backoffice.staff.sign_in import SignedInReader
from backoffice.templating import redirect, render

router = APIRouter(prefix="/callbacks", include_in_schema=False)


@router.get("")
def list_page(request: Request, session: ReadSession, staff: SignedInReader, clock: ClockDep) -> Response:
    """Show who is to be called by tomorrow, what is overdue first."""
    return _render(request, session, staff, clock, "handoff/callbacks.html")


@router.get("/list")
def list_fragment(request: Request, session: ReadSession, staff: SignedInReader, clock: ClockDep) -> Response:
    """Show the list alone, for a page that is open."""
    return _render(request, session, staff, clock, "handoff/_callbacks.html")


@router.post("/{callback_id}/done")
def submit_done(callback_id: str, session: DbSession, staff: SignedInReader, clock: ClockDep) -> Response:
    """Note that the person was called."""
    mark_done(session, callback_id, staff=staff, now=clock())
    return redirect("/callbacks", notice="called_back")


def _render(request: Request, session: Session, staff: Staff, clock: ClockDep, template: str) -> Response:
    now = clock()
    calls = due_calls(session, staff, now=now)
    return render(request, template, staff=staff, calls=calls, late_before=now - LATE_AFTER)
