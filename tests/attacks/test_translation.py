"""Attacks by way of translation: markup that a machine makes (36), and translation as a load (39)."""

from __future__ import annotations

from collections.abc import Sequence

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import select
from sqlalchemy.orm import Session

from backoffice.client.client import BackofficeClient
from backoffice.conversation.models import Rendering, RenderingState
from backoffice.database import Database
from backoffice.translation.jobs import make_one
from backoffice.translation.translator import Translated
from tests.backoffice.databases import FrozenClock
from tests.backoffice.factories import create_conversation, send, sign_in
from tests.backoffice.translation.talks import KnownTranslator, held, waiting

MARKUP = "<script>alert(1)</script><img src=x onerror=alert(2)>&lt;b&gt;"


class MarkupTranslator(KnownTranslator):
    """An engine that was made to write markup."""

    def translate(self, text: str, *, source: str, target: str, names: Sequence[str] = ()) -> Translated:
        return Translated(MARKUP, MARKUP[:40], MARKUP)


@pytest.fixture
def translator(app: FastAPI) -> MarkupTranslator:
    app.state.translator.close()
    app.state.translator = MarkupTranslator()
    made: MarkupTranslator = app.state.translator
    return made


async def test_attack_36_markup_made_by_translation_is_words(
    http: httpx.AsyncClient,
    client: BackofficeClient,
    session: Session,
    database: Database,
    clock: FrozenClock,
    translator: MarkupTranslator,
) -> None:
    conversation, staff = held(session)
    send(session, conversation, "щось", language="uk")
    headers = sign_in(session, staff)
    session.commit()
    while make_one(database, translator, clock):
        pass
    path = f"/api/v1/conversations/{conversation.id}/reply"
    body = {"epoch": conversation.epoch, "text": "Una frase", "language": "it"}
    assert (await http.post(path, json=body, headers=headers)).json()["translated_by"] == "machine"
    html = {**headers, "Accept": "text/html"}
    for page in ("", "/renderings?since=0", "/news?after=0"):
        shown = await http.get(f"/conversations/{conversation.id}{page}", headers=html)
        assert shown.status_code == 200
        assert "&lt;script&gt;alert(1)" in shown.text
        assert "<script>alert" not in shown.text
        assert "<img" not in shown.text
    # The chat page gets the words as JSON and writes them as text (tests/browser/test_words_of_others.py).
    assert (await client.read_messages(conversation.id)).messages[-1].text == MARKUP


def test_attack_39_nobody_is_translated_who_talks_with_the_assistant(
    session: Session, database: Database, clock: FrozenClock
) -> None:
    conversation = create_conversation(session, language="uk")
    for number in range(50):
        send(session, conversation, f"щось {number}", language="uk")
    session.commit()
    translator = KnownTranslator()
    assert not make_one(database, translator, clock)
    assert translator.asked == []


def test_attack_39_what_was_translated_once_is_not_translated_again(
    session: Session, database: Database, clock: FrozenClock
) -> None:
    conversation = waiting(session)
    send(session, conversation, "щось" * 1000, language="uk")
    session.commit()
    translator = KnownTranslator()
    for _ in range(3):
        while make_one(database, translator, clock):
            pass
        clock.advance(hours=1)
    assert len(translator.asked) == 1
    assert session.scalars(select(Rendering.state)).all() == [RenderingState.REFUSED]
