"""The page that an owner opens from a mail: the home, who asks (without a name), dates, yes or no."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Form, Request
from fastapi.responses import Response
from sqlalchemy.orm import Session

from backoffice.case.models import Case
from backoffice.clock import ClockDep
from backoffice.database import DbSession, ReadSession
from backoffice.housing_match.errors import RefusalReasonMissing
from backoffice.housing_match.models import HousingMatch, RefusalReason
from backoffice.owner_link.service import (
    REASONS,
    OpenLink,
    accept_by_link,
    find_link,
    propose_by_link,
    refuse_by_link,
    send_link,
)
from backoffice.staff.pages import require_own_form
from backoffice.staff.sign_in import PresentedCsrf, SignedInCaseStaff
from backoffice.templating import redirect, render
from backoffice.viewing.errors import MomentRefused
from backoffice.viewing.moments import in_italy
from backoffice.viewing.permissions import get_viewing
from backoffice.wall import BySecretLink

router = APIRouter(include_in_schema=False)

TOLD = ("people", "employment")
"""What an owner is told of a household: nothing of origin, religion, language, name or papers."""


@router.get("/owner/{token}", dependencies=[BySecretLink])
def owner_page(request: Request, token: str, session: ReadSession, clock: ClockDep) -> Response:
    """Show what the link is about, and what can be answered."""
    opened = find_link(session, token, now=clock())
    return render(request, "owner_link/owner.html", **_shown(session, opened, token))


@router.post("/viewings/{viewing_id}/owner-link")
def submit_link(
    request: Request, viewing_id: str, session: DbSession, staff: SignedInCaseStaff, clock: ClockDep
) -> Response:
    """Mail the owner of a viewing's home a link, or another one."""
    viewing = get_viewing(session, staff, viewing_id)
    match = session.get_one(HousingMatch, viewing.match_id)
    send_link(session, match, base_url=request.app.state.settings.base_url, by=staff.id, now=clock())
    return redirect(f"/viewings/{viewing_id}", notice="viewings_link_sent")


@router.post("/owner/{token}/dates", dependencies=[BySecretLink])
def submit_dates(
    request: Request,
    token: str,
    session: DbSession,
    clock: ClockDep,
    csrf: PresentedCsrf,
    moment: Annotated[list[str], Form(max_length=5)],
) -> Response:
    """Offer the household dates."""
    require_own_form(request, csrf)
    now = clock()
    opened = find_link(session, token, now=now)
    base_url = request.app.state.settings.base_url
    try:
        moments = [in_italy(typed) for typed in moment if typed]
        propose_by_link(session, opened, moments, base_url=base_url, now=now)
    except MomentRefused as refused:
        shown = _shown(session, opened, token, refused=refused, typed=moment)
        return render(request, "owner_link/owner.html", status=refused.status, **shown)
    return redirect(f"/owner/{token}", notice="viewings_dates_sent")


@router.post("/owner/{token}/yes", dependencies=[BySecretLink])
def submit_yes(
    request: Request, token: str, session: DbSession, clock: ClockDep, csrf: PresentedCsrf
) -> Response:
    """Say yes to the household."""
    require_own_form(request, csrf)
    opened = find_link(session, token, now=clock())
    accept_by_link(session, opened, now=clock())
    return redirect(f"/owner/{token}", notice="viewings_said_yes")


@router.post("/owner/{token}/no", dependencies=[BySecretLink])
def submit_no(
    request: Request,
    token: str,
    session: DbSession,
    clock: ClockDep,
    csrf: PresentedCsrf,
    reason: Annotated[str, Form(max_length=40)] = "",
    words: Annotated[str, Form(max_length=1000)] = "",
) -> Response:
    """Say no, and why."""
    require_own_form(request, csrf)
    if reason not in REASONS:
        raise RefusalReasonMissing
    opened = find_link(session, token, now=clock())
    refuse_by_link(session, opened, RefusalReason(reason), words.strip() or None, now=clock())
    return redirect(f"/owner/{token}", notice="viewings_said_no")


def _shown(
    session: Session,
    opened: OpenLink,
    token: str,
    *,
    refused: MomentRefused | None = None,
    typed: Sequence[str] = (),
) -> dict[str, Any]:
    intake = session.get_one(Case, opened.match.case_id).intake
    moves_in = intake.get("move_in_from")
    return {
        "token": token,
        "opened": opened,
        "household": {name: intake[name] for name in TOLD if intake.get(name) is not None},
        "moves_in": date.fromisoformat(moves_in) if moves_in else None,
        "reasons": REASONS,
        "refused": refused,
        "typed": list(typed),
    }
