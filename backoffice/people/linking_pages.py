"""The page that makes a code for another chat, shows it once with its QR code, and says how to tell it."""

from __future__ import annotations

import segno
from fastapi import APIRouter, Request
from fastapi.responses import Response

from backoffice.case.people import get_changeable_person
from backoffice.clock import ClockDep
from backoffice.database import DbSession
from backoffice.people.linking import VALID_FOR, issue_link_code, telegram_link, web_link
from backoffice.person.blind_index import link_key
from backoffice.staff.sign_in import SignedIn
from backoffice.templating import render

router = APIRouter(prefix="/persons", include_in_schema=False)


@router.get("/{person_id}/link-code")
def link_page(request: Request, person_id: str, session: DbSession, staff: SignedIn) -> Response:
    """Show what a code is for, and the button that makes one."""
    person = get_changeable_person(session, staff, person_id)
    return render(request, "people/link.html", staff=staff, person=person, code=None)


@router.post("/{person_id}/link-code")
def submit_link(
    request: Request, person_id: str, session: DbSession, staff: SignedIn, clock: ClockDep
) -> Response:
    """Make a code and show it: this answer is the only place where it stands."""
    person, now = get_changeable_person(session, staff, person_id), clock()
    key = link_key(request.app.state.settings.secret)
    code = issue_link_code(session, person, key=key, by=staff.id, now=now)
    return render(
        request,
        "people/link.html",
        staff=staff,
        person=person,
        code=f"{code[:4]}-{code[4:]}",
        spelled=" ".join(code),
        until=now + VALID_FOR,
        images=_images(request, code),
    )


def _images(request: Request, code: str) -> list[tuple[str, str]]:
    """Return QR codes by where they lead: the chats whose addresses are set, else to the code's letters."""
    settings = request.app.state.settings
    leads = []
    if settings.telegram_bot:
        leads.append(("telegram", telegram_link(settings.telegram_bot, code)))
    if settings.chat_url:
        leads.append(("web", web_link(settings.chat_url, code)))
    return [(where, qr_image(address)) for where, address in leads or [("code", code)]]


def qr_image(words: str) -> str:
    """Return words as a QR code: the address of an image that needs no request."""
    return segno.make(words, error="m", micro=False).svg_data_uri(
        scale=6, border=4, dark="#000", light="#fff"
    )
