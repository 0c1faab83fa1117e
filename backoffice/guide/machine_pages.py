"""A machine's draft of a translation, where its package is there; it is shown to nobody before a review."""

from __future__ import annotations

from typing import Annotated

import structlog
from fastapi import APIRouter, Form, Request
from fastapi.responses import Response
from starlette.concurrency import run_in_threadpool

from backoffice.clock import ClockDep
from backoffice.conversation.renderings import ENGINE_FAILED, NO_PACKAGE, install_command
from backoffice.database import Database, DatabaseDep
from backoffice.guide.errors import NoMachine, SentenceChanged, SentenceNotFound, SentenceRefused
from backoffice.guide.models import TextOrigin
from backoffice.guide.pages import show_sentence
from backoffice.guide.permissions import require_translator
from backoffice.guide.queries import rows_of
from backoffice.guide.service import save_draft
from backoffice.staff.sign_in import SignedIn
from backoffice.templating import redirect
from backoffice.translation.translator import EngineDown, Translated, Translator, TranslatorDep
from translations.languages import SOURCE

router = APIRouter(prefix="/guide", include_in_schema=False)
log = structlog.get_logger(__name__)

PATIENCE_SECONDS = 20.0
"""How long a page waits for the machine; a sentence of the guide is short."""


@router.post("/sentences/{key}/{language}/machine")
async def submit_machine_draft(
    request: Request,
    key: str,
    language: str,
    database: DatabaseDep,
    translator: TranslatorDep,
    staff: SignedIn,
    clock: ClockDep,
    version: Annotated[int, Form(ge=0, le=10**9)],
) -> Response:
    """Have the machine translate into a working draft. No transaction is open while it works."""
    require_translator(staff, language)
    italian = await run_in_threadpool(_italian, database, key)
    found = await _translate(translator, italian, language)

    def keep() -> Response:
        try:
            if found.text is None:
                command = install_command(SOURCE, language) if NO_PACKAGE in found.flags else None
                raise NoMachine(command=command)
            with database.transaction() as session:
                save_draft(
                    session,
                    key,
                    language,
                    found.text,
                    version=version,
                    by=staff,
                    now=clock(),
                    origin=TextOrigin.MACHINE,
                )
        except (SentenceRefused, SentenceChanged) as refused:
            with database.read() as session:
                return show_sentence(
                    request, session, staff, key, language, refused=refused, typed=found.text
                )
        return redirect(f"/guide/sentences/{key}?language={language}", notice="guide_machine_drafted")

    return await run_in_threadpool(keep)


def _italian(database: Database, key: str) -> str:
    with database.read() as session:
        row = rows_of(session, key).get(SOURCE)
        if row is None:
            raise SentenceNotFound
        return row.text


async def _translate(translator: Translator, italian: str, language: str) -> Translated:
    try:
        return await translator.translate_soon(
            italian, source=SOURCE, target=language, seconds=PATIENCE_SECONDS
        )
    except EngineDown as error:
        log.warning("engine_down", error=str(error))
        return Translated(None, flags=(ENGINE_FAILED,))
