"""The review queue: messages that were not understood, and what is posted from it."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import Response

from backoffice.clock import ClockDep
from backoffice.database import DbSession, ReadSession
from backoffice.paging import InvalidCursor
from backoffice.review.errors import ReviewItemNotFound
from backoffice.review.intents import GUIDE_INTENTS, INTENTS
from backoffice.review.permissions import get_reviewable_item, may_review
from backoffice.review.queries import open_items
from backoffice.review.service import discard_item, label_item
from backoffice.staff.models import Staff
from backoffice.staff.sign_in import SignedIn
from backoffice.templating import redirect, render
from translations.languages import LANGUAGES

router = APIRouter(prefix="/review", include_in_schema=False)

PAGE = 20
MINE = "mine"

Chosen = Annotated[str, Query(max_length=10)]


@router.get("")
def review_page(
    request: Request, session: ReadSession, staff: SignedIn, language: Chosen = "", cursor: str = ""
) -> Response:
    """Show what waits for a label, in the reader's languages or another.

    Raises:
        ReviewItemNotFound: the reader labels nothing.
    """
    if not may_review(staff):
        raise ReviewItemNotFound
    spoken = _languages(staff, language)
    try:
        page = open_items(session, staff, languages=spoken, cursor=cursor or None, limit=PAGE)
    except InvalidCursor:
        page = open_items(session, staff, languages=spoken, cursor=None, limit=PAGE)
    return render(
        request,
        "review/queue.html",
        staff=staff,
        page=page,
        intents=INTENTS,
        gaps=GUIDE_INTENTS,
        languages=tuple(LANGUAGES),
        chosen=language,
    )


@router.post("/{item_id}/label")
def submit_label(
    item_id: str,
    session: DbSession,
    staff: SignedIn,
    clock: ClockDep,
    intent: Annotated[str, Form(max_length=60)],
    language: Annotated[str, Form(max_length=2)],
    text: Annotated[str, Form(max_length=4000)],
    guide_gap: Annotated[str, Form(max_length=60)] = "",
    chosen: Annotated[str, Form(max_length=10)] = "",
) -> Response:
    """Say what a message means, and whether the guide lacks its answer."""
    item = get_reviewable_item(session, staff, item_id)
    label_item(
        session,
        item,
        staff=staff,
        intent=intent,
        language=language,
        text=text,
        now=clock(),
        guide_gap=guide_gap,
    )
    return redirect(_back(chosen), notice="labelled")


@router.post("/{item_id}/discard")
def submit_discard(
    item_id: str,
    session: DbSession,
    staff: SignedIn,
    clock: ClockDep,
    chosen: Annotated[str, Form(max_length=10)] = "",
) -> Response:
    """Leave a message out of what is learnt."""
    item = get_reviewable_item(session, staff, item_id)
    discard_item(session, item, staff=staff, now=clock())
    return redirect(_back(chosen), notice="discarded")


def _languages(staff: Staff, chosen: str) -> tuple[str, ...]:
    if chosen == MINE:
        return tuple(staff.languages)
    return (chosen,) if chosen in LANGUAGES else ()


def _back(chosen: str) -> str:
    return f"/review?language={chosen}" if chosen == MINE or chosen in LANGUAGES else "/review"
