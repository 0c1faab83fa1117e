"""The page that a family opens from a mail, in its language: profiles without a name, yes or no to each."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Form, Request
from fastapi.responses import Response
from sqlalchemy.orm import Session

from backoffice.care_match.errors import CareReasonMissing
from backoffice.care_match.models import CareMatch, CareMatchState, CareRefusal
from backoffice.care_match.pages import calendar_answer
from backoffice.care_match.telling import profile_of
from backoffice.care_request.permissions import get_request
from backoffice.clock import Clock, ClockDep
from backoffice.database import DbSession, ReadSession
from backoffice.errors import NotFound
from backoffice.family_link.service import REASONS, OpenLink, answer_by_link, find_link, send_link
from backoffice.staff.pages import require_own_form
from backoffice.staff.sign_in import PresentedCsrf, SignedIn
from backoffice.templating import redirect, render
from backoffice.viewing.telling import moment_in
from backoffice.wall import BySecretLink
from translations.catalog import text

router = APIRouter(include_in_schema=False)

SENTENCES = (
    "link_title", "link_intro", "link_privacy", "link_none", "link_said_yes", "link_help", "link_calendar",
)  # fmt: skip
BUTTONS = ("meet", *(reason.value for reason in REASONS))


@router.get("/family/{token}", dependencies=[BySecretLink])
def family_page(request: Request, token: str, session: ReadSession, clock: ClockDep) -> Response:
    """Show the profiles that wait for an answer."""
    opened = find_link(session, token, now=clock())
    return render(request, "family_link/family.html", **_shown(session, opened, token, clock))


@router.post("/family/{token}/answer", dependencies=[BySecretLink])
def submit_answer(
    request: Request,
    token: str,
    session: DbSession,
    clock: ClockDep,
    csrf: PresentedCsrf,
    match: Annotated[str, Form(max_length=36)],
    says: Annotated[str, Form(max_length=30)],
) -> Response:
    """Say yes or no to a profile."""
    require_own_form(request, csrf)
    opened = find_link(session, token, now=clock())
    if says not in BUTTONS:
        raise CareReasonMissing
    answer_by_link(session, opened, match, None if says == "meet" else CareRefusal(says), now=clock())
    return redirect(f"/family/{token}")


@router.get("/family/{token}/{care_match_id}/interview.ics", dependencies=[BySecretLink])
def interview_file(token: str, care_match_id: str, session: ReadSession, clock: ClockDep) -> Response:
    """Give out the calendar file of an interview, for the family."""
    opened = find_link(session, token, now=clock())
    match = next((each for each in opened.matches if each.id == care_match_id), None)
    if match is None or match.interview_at is None:
        raise NotFound
    return calendar_answer(match, opened.case.language, clock)


@router.post("/care/requests/{request_id}/family-link")
def submit_link(
    request: Request, request_id: str, session: DbSession, staff: SignedIn, clock: ClockDep
) -> Response:
    """Mail the family of a request a link, or another one."""
    found = get_request(session, staff, request_id)
    send_link(session, found, base_url=request.app.state.settings.base_url, by=staff.id, now=clock())
    return redirect(f"/care/requests/{request_id}", notice="care_link_sent")


def _shown(session: Session, opened: OpenLink, token: str, clock: Clock) -> dict[str, Any]:
    language = opened.case.language
    return {
        "token": token,
        "ui": language,
        "says": {key: text(f"system.care_{key}", language) for key in SENTENCES},
        "buttons": [(code, text(f"system.button.care_{code}", language)) for code in BUTTONS],
        "profiles": [_profile(session, each, language, clock) for each in opened.matches],
    }


def _profile(session: Session, match: CareMatch, language: str, clock: Clock) -> dict[str, Any]:
    known = profile_of(session, match, language, now=clock())
    lines = text("system.care_profile", language, **known).split("\n\n")[0].split("\n")
    when = None
    if match.interview_at is not None:
        place = match.interview_place or text("system.care_ask_desk", language)
        moment = moment_in(match.interview_at, language)
        when = text("system.care_link_interview", language, moment=moment, place=place)
    waits = match.state is CareMatchState.FAMILY_INFORMED and match.family_said is None
    return {"id": match.id, "title": lines[0], "lines": lines[1:], "waits": waits, "interview": when}
