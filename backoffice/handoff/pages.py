"""What a mediator's page posts: take the conversation, reply, hand it back, and the sign that it is open.

What is about other people (transfer, second person, conflict, presence) is in `people_pages.py`.
"""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form
from fastapi.responses import Response

from backoffice.clock import ClockDep
from backoffice.conversation.models import ClosingReason, TranslatedBy
from backoffice.database import DatabaseDep, DbSession
from backoffice.handoff import service, speaking
from backoffice.handoff.forms import ReplyForm, Sent
from backoffice.idempotency.service import once
from backoffice.staff.sign_in import SignedInMediator
from backoffice.templating import redirect
from backoffice.translation.errors import NoTranslation
from backoffice.translation.preview import translate_before_sending
from backoffice.translation.translator import TranslatorDep

router = APIRouter(prefix="/conversations/{conversation_id}", include_in_schema=False)

Epoch = Annotated[int, Form()]


@router.post("/claim")
def submit_claim(
    conversation_id: str,
    session: DbSession,
    staff: SignedInMediator,
    clock: ClockDep,
    epoch: Epoch,
    override: Annotated[bool, Form()] = False,
) -> Response:
    """Take the conversation; who was second is told the name of the first."""
    service.claim(session, conversation_id, staff=staff, epoch=epoch, override=override, now=clock())
    return redirect(f"/conversations/{conversation_id}", notice="claimed")


@router.post("/reply")
def submit_reply(
    conversation_id: str,
    session: DbSession,
    database: DatabaseDep,
    translator: TranslatorDep,
    staff: SignedInMediator,
    clock: ClockDep,
    said: Annotated[ReplyForm, Form()],
) -> Response:
    """Say something; the page's own key makes a second try of the same words harmless.

    Raises:
        NoTranslation: it is in another language, and nobody has said that it may go as it is.
    """
    translation = said.as_translation()
    if translation is None and not said.untranslated:
        translation = translate_before_sending(
            database, translator, conversation_id, staff=staff, text=said.text, language=said.language
        )

    def act() -> Sent:
        message = speaking.reply(
            session,
            conversation_id,
            staff=staff,
            epoch=said.epoch,
            text=said.text,
            language=said.language,
            translation=translation,
            now=clock(),
        )
        if message.translated_by is TranslatedBy.NOBODY and not said.untranslated:
            raise NoTranslation
        return Sent(seq=message.seq)

    once(
        session,
        act,
        result_type=Sent,
        principal=f"staff:{staff.id}",
        operation="reply",
        key=said.key or None,
        request=[conversation_id, said.text, said.language, said.translation],
        now=clock(),
    )
    return redirect(f"/conversations/{conversation_id}")


@router.post("/messages/{message_id}/correction")
def submit_correction(
    conversation_id: str,
    message_id: str,
    session: DbSession,
    staff: SignedInMediator,
    clock: ClockDep,
    epoch: Epoch,
    text: Annotated[str, Form(max_length=4000)],
) -> Response:
    """Correct an own message; posted twice it is refused the second time, since nothing has changed."""
    said = speaking.correct(
        session, conversation_id, message_id, staff=staff, epoch=epoch, text=text, now=clock()
    )
    return redirect(f"/conversations/{conversation_id}#m{said.seq}")


@router.post("/release")
def submit_release(
    conversation_id: str,
    session: DbSession,
    staff: SignedInMediator,
    clock: ClockDep,
    epoch: Epoch,
    summary: Annotated[str, Form(max_length=4000)] = "",
) -> Response:
    """Hand the conversation back to the assistant."""
    service.release(session, conversation_id, staff=staff, epoch=epoch, summary=summary, now=clock())
    return redirect("/conversations", notice="handed_back")


@router.post("/heartbeat", status_code=204)
def submit_heartbeat(
    conversation_id: str, session: DbSession, staff: SignedInMediator, clock: ClockDep, epoch: Epoch
) -> None:
    """Say that the page is still open."""
    service.keep_holding(session, conversation_id, staff=staff, epoch=epoch, now=clock())


@router.post("/take-over")
def submit_take_over(
    conversation_id: str,
    session: DbSession,
    staff: SignedInMediator,
    clock: ClockDep,
    epoch: Epoch,
    reason: Annotated[str, Form(max_length=500)] = "",
) -> Response:
    """Take the conversation from the colleague who holds it, as a coordinator."""
    service.take_over(session, conversation_id, staff=staff, epoch=epoch, reason=reason, now=clock())
    return redirect(f"/conversations/{conversation_id}", notice="taken_over")


@router.post("/close")
def submit_close(
    conversation_id: str,
    session: DbSession,
    staff: SignedInMediator,
    clock: ClockDep,
    epoch: Epoch,
    reason: Annotated[ClosingReason, Form()] = ClosingReason.ANSWERED,
) -> Response:
    """End the conversation; the person's next message opens it again."""
    service.close(session, conversation_id, staff=staff, epoch=epoch, reason=reason, now=clock())
    return redirect("/conversations", notice="conversation_closed")
