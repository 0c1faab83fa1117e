"""The pages of translation: previews and renderings of an open thread, and the phrasebook."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import Response, StreamingResponse

from backoffice.client.schemas import LanguageCode
from backoffice.clock import ClockDep
from backoffice.conversation.bubbles import read_bubbles_rendered_after
from backoffice.conversation.permissions import get_readable_conversation, may_claim
from backoffice.conversation.renderings import install_command
from backoffice.database import DatabaseDep, DbSession, ReadSession
from backoffice.paging import InvalidCursor
from backoffice.staff.sign_in import SignedIn, SignedInMediator, SignedInReader
from backoffice.templating import redirect, render
from backoffice.translation.correction import correct_rendering
from backoffice.translation.export import as_csv
from backoffice.translation.permissions import get_correctable_message, get_readable_pair, readable_pairs
from backoffice.translation.preview import Preview, make_preview
from backoffice.translation.queries import all_pairs, find_pairs
from backoffice.translation.service import delete_pair
from backoffice.translation.translator import TranslatorDep
from translations.languages import LANGUAGES

router = APIRouter(include_in_schema=False)

PAGE = 30
LATEST_MS = 2**53

_OVERLAP = timedelta(seconds=30)
"""What was committed a little later than it is dated is not missed; what is shown again changes nothing."""

Words = Annotated[str, Form(max_length=8000)]
Chosen = Annotated[str, Query(max_length=200)]


@router.post("/conversations/{conversation_id}/preview")
async def preview(
    conversation_id: str,
    database: DatabaseDep,
    translator: TranslatorDep,
    staff: SignedInMediator,
    text: Words,
    language: Annotated[LanguageCode, Form()],
    translation: Words = "",
) -> Preview:
    """Translate what stands in the composer into the person's language and back, for its page."""
    return await make_preview(
        database,
        translator,
        conversation_id,
        staff=staff,
        text=text,
        language=language,
        translation=translation or None,
    )


@router.get("/conversations/{conversation_id}/renderings")
def renderings_fragment(
    request: Request,
    conversation_id: str,
    session: ReadSession,
    staff: SignedInReader,
    clock: ClockDep,
    since: Annotated[int, Query(ge=0, le=LATEST_MS)] = 0,
) -> Response:
    """Show the renderings that have changed since a moment (ms since 1970), for a page that is open."""
    conversation = get_readable_conversation(session, staff, conversation_id)
    now = clock()
    after = datetime.fromtimestamp(min(since / 1000, now.timestamp()), UTC) - _OVERLAP
    return render(
        request,
        "conversation/_renderings.html",
        staff=staff,
        conversation=conversation,
        messages=read_bubbles_rendered_after(session, conversation.id, after),
        can_claim=may_claim(staff),
        install_command=install_command,
        now_ms=int(now.timestamp() * 1000),
    )


@router.post("/conversations/{conversation_id}/messages/{message_id}/rendering")
def submit_rendering(
    conversation_id: str,
    message_id: str,
    session: DbSession,
    staff: SignedInMediator,
    clock: ClockDep,
    text: Words,
) -> Response:
    """Correct what a message of the person became in Italian."""
    message = get_correctable_message(session, staff, conversation_id, message_id)
    correct_rendering(session, message, text, staff=staff, now=clock())
    return redirect(f"/conversations/{conversation_id}#m{message.seq}")


@router.get("/phrasebook")
def phrasebook_page(
    request: Request,
    session: ReadSession,
    staff: SignedIn,
    q: Chosen = "",
    language: Chosen = "",
    cursor: str = "",
) -> Response:
    """Show the pairs that mediators corrected, with a search."""
    readable = readable_pairs(staff)
    spoken = language if language in LANGUAGES else ""
    try:
        page = find_pairs(session, readable, words=q, language=spoken, cursor=cursor or None, limit=PAGE)
    except InvalidCursor:
        page = find_pairs(session, readable, words=q, language=spoken, cursor=None, limit=PAGE)
    return render(
        request,
        "translation/phrasebook.html",
        staff=staff,
        page=page,
        q=q,
        language=spoken,
        languages=tuple(LANGUAGES),
    )


@router.get("/phrasebook.csv")
def phrasebook_table(database: DatabaseDep, staff: SignedIn) -> StreamingResponse:
    """Return every pair as a table, for who trains better models."""
    readable = readable_pairs(staff)
    with database.read() as session:
        lines = list(as_csv(all_pairs(session, readable)))
    headers = {"Content-Disposition": 'attachment; filename="phrasebook.csv"'}
    return StreamingResponse(lines, media_type="text/csv; charset=utf-8", headers=headers)


@router.post("/phrasebook/{entry_id}/delete")
def submit_delete(entry_id: str, session: DbSession, staff: SignedIn) -> Response:
    """Forget a pair: it is not used again. What was sent stays as it was sent."""
    delete_pair(session, get_readable_pair(session, staff, entry_id))
    return redirect("/phrasebook", notice="pair_deleted")
