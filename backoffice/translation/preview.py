"""Before something is sent: what the person would get, and what that says when it is translated back.

The engine is asked outside of any transaction, for a few seconds; without an answer the mediator can
write the translation by hand, or send the words as they are.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Literal

import anyio.from_thread
import structlog
from pydantic import BaseModel, ConfigDict
from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool

from backoffice.conversation.models import Conversation
from backoffice.conversation.permissions import get_claimable_conversation
from backoffice.conversation.renderings import ENGINE_FAILED, STAFF_LANGUAGE, install_command
from backoffice.conversation.words import clean
from backoffice.database import Database
from backoffice.person.models import Person
from backoffice.staff.models import Staff
from backoffice.translation.outgoing import Proposal, Translation
from backoffice.translation.rendering import PHRASEBOOK
from backoffice.translation.service import find_pair
from backoffice.translation.translator import EngineDown, Translated, Translator
from translations.glossary import read_glossary
from translations.guards import check
from translations.languages import direction
from translations.masking import find_spans, has_words

log = structlog.get_logger(__name__)

PATIENCE_SECONDS = 12.0
"""How long somebody who wants to send waits for the engine."""

BACK_PATIENCE_SECONDS = 8.0


class Preview(BaseModel):
    """What the person would get. Without `translation` there is none, and `flags` say why.

    `flags` on a `translation` that somebody wrote by hand are alarms only: it can be sent. `command`
    installs what is missing.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    language: str
    direction: Literal["ltr", "rtl"]
    translation: str | None
    back_translation: str | None
    flags: list[str]
    in_parts: bool
    engine: str | None
    version: str | None
    from_phrasebook: bool
    command: str | None


@dataclass(frozen=True)
class _Asked:
    """What is to be translated, for whom."""

    text: str
    source: str
    target: str
    names: tuple[str, ...]
    pair: str | None


async def make_preview(
    database: Database,
    translator: Translator,
    conversation_id: str,
    *,
    staff: Staff,
    text: str,
    language: str,
    translation: str | None = None,
) -> Preview:
    """Translate a text into the person's language and back; with `translation`, only that back.

    Raises:
        ConversationNotFound: it does not exist, or this person may not.
    """
    asked = await run_in_threadpool(_read, database, conversation_id, staff, text, language)
    if translation is not None and translation.strip():
        said = clean(translation).strip()
        forth = Translated(said, flags=_alarms(asked, said))
    else:
        forth = await _forth(translator, asked)
    back = await _back(translator, asked, forth.text) if forth.text is not None else None
    return Preview(
        language=asked.target,
        direction=direction(asked.target),
        translation=forth.text,
        back_translation=back,
        flags=list(forth.flags),
        in_parts=forth.in_parts,
        engine=forth.engine,
        version=forth.version,
        from_phrasebook=forth.engine == PHRASEBOOK,
        command=install_command(asked.source, asked.target) if forth.text is None else None,
    )


def translate_before_sending(
    database: Database,
    translator: Translator,
    conversation_id: str,
    *,
    staff: Staff,
    text: str,
    language: str | None,
) -> Translation | None:
    """Translate what somebody sends without having looked at a translation; None where there is none to send.

    Called in a thread of the server, before its transaction begins.

    Raises:
        ConversationNotFound: it does not exist, or this person may not.
    """
    if language is None or not has_words(text):
        return None
    asked = _read(database, conversation_id, staff, text, language)
    if asked.source == asked.target:
        return None
    found = anyio.from_thread.run(partial(_forth, translator, asked))
    if found.text is None:
        return None
    proposal = None
    if found.engine is not None and found.engine != PHRASEBOOK:
        proposal = Proposal(found.text, found.engine, found.version, found.in_parts)
    return Translation(found.text, asked.target, proposal)


def _read(database: Database, conversation_id: str, staff: Staff, text: str, language: str) -> _Asked:
    words = clean(text).strip()
    with database.read() as session:
        conversation = get_claimable_conversation(session, staff, conversation_id)
        target = conversation.language
        pair = find_pair(session, conversation.organisation_id, words, source=language, target=target)
        return _Asked(
            words,
            language,
            target,
            _names(session, conversation, staff),
            pair.target_text if pair is not None else None,
        )


def _names(session: Session, conversation: Conversation, staff: Staff) -> tuple[str, ...]:
    person = session.get(Person, conversation.person_id) if conversation.person_id else None
    return tuple(name for name in (person.name if person else None, staff.name) if name)


async def _forth(translator: Translator, asked: _Asked) -> Translated:
    if asked.pair is not None:
        return Translated(asked.pair, PHRASEBOOK)
    if asked.source == asked.target or not has_words(asked.text):
        return Translated(asked.text)
    return await _ask(translator, asked.text, asked.source, asked.target, asked.names, PATIENCE_SECONDS)


async def _back(translator: Translator, asked: _Asked, said: str) -> str | None:
    into = asked.source if asked.source != asked.target else STAFF_LANGUAGE
    found = await _ask(translator, said, asked.target, into, asked.names, BACK_PATIENCE_SECONDS)
    return found.text


async def _ask(
    translator: Translator, text: str, source: str, target: str, names: Sequence[str], seconds: float
) -> Translated:
    try:
        return await translator.translate_soon(
            text, source=source, target=target, names=names, seconds=seconds
        )
    except EngineDown as error:
        log.warning("engine_down", error=str(error))
        return Translated(None, flags=(ENGINE_FAILED,))


def _alarms(asked: _Asked, said: str) -> tuple[str, ...]:
    spans = find_spans(
        asked.text, source=asked.source, target=asked.target, names=asked.names, glossary=read_glossary()
    )
    return tuple(
        check(asked.text, said, source=asked.source, target=asked.target, spans=spans, names=asked.names)
    )
