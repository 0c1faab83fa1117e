"""Translation for staff's programs: what a reply would become, and the correction of a rendering."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from backoffice.client.schemas import LanguageCode
from backoffice.clock import ClockDep
from backoffice.conversation.schemas import MessageOut
from backoffice.conversation.threads import show_message
from backoffice.database import DatabaseDep, DbSession
from backoffice.idempotency.headers import KeyHeader
from backoffice.idempotency.service import once
from backoffice.staff.sign_in import SignedIn
from backoffice.translation.correction import correct_rendering
from backoffice.translation.permissions import get_correctable_message
from backoffice.translation.preview import Preview, make_preview
from backoffice.translation.translator import TranslatorDep

router = APIRouter(prefix="/api/v1/conversations/{conversation_id}", tags=["translation"])

Words = Annotated[str, Field(min_length=1, max_length=20_000)]


class PreviewRequest(BaseModel):
    """What the mediator has written, and perhaps their own translation of it, to be looked at."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    text: Words
    language: LanguageCode
    translation: Words | None = None


class RenderingCorrection(BaseModel):
    """A message in words that staff understand, by somebody who knows both languages."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    text: Words


@router.post("/preview")
async def preview(
    conversation_id: str,
    asked: PreviewRequest,
    database: DatabaseDep,
    translator: TranslatorDep,
    staff: SignedIn,
) -> Preview:
    """Translate a reply into the person's language and back. Nothing is sent or kept."""
    return await make_preview(
        database,
        translator,
        conversation_id,
        staff=staff,
        text=asked.text,
        language=asked.language,
        translation=asked.translation,
    )


@router.post("/messages/{message_id}/renderings", status_code=201)
def correct(
    conversation_id: str,
    message_id: str,
    asked: RenderingCorrection,
    session: DbSession,
    staff: SignedIn,
    clock: ClockDep,
    key: KeyHeader = None,
) -> MessageOut:
    """Correct what a message of the person became in Italian. The pair is kept in the phrasebook."""
    # Before a stored answer is given again: it must not tell what the caller may no longer see.
    message = get_correctable_message(session, staff, conversation_id, message_id)

    def act() -> MessageOut:
        correct_rendering(session, message, asked.text, staff=staff, now=clock())
        return show_message(session, message.id)

    return once(
        session,
        act,
        result_type=MessageOut,
        principal=f"staff:{staff.id}",
        operation="rendering",
        key=key,
        request=[message_id, asked],
        now=clock(),
    )
