"""Which messages are translated, what comes of them, and what happens when the engine breaks."""

from __future__ import annotations

import asyncio
from contextlib import suppress

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy.orm import Session

from backoffice.client.schemas import Channel
from backoffice.conversation.models import RenderingState
from backoffice.database import Database
from backoffice.live.service import last_event_id
from backoffice.translation.jobs import make_one, render_regularly, take_up
from backoffice.translation.rendering import LEASE, claim_work, finish_work, has_work
from backoffice.translation.service import keep_pair
from backoffice.translation.translator import Translated
from tests.backoffice.databases import FrozenClock
from tests.backoffice.factories import NOW, create_conversation, create_staff, send, sign_in
from tests.backoffice.translation.talks import (
    HELLO,
    HELLO_IT,
    KnownTranslator,
    held,
    renderings,
    waiting,
)
from translations.catalog import text


def make_all(database: Database, translator: KnownTranslator, clock: FrozenClock) -> None:
    while make_one(database, translator, clock):
        pass


def test_while_the_assistant_speaks_nothing_is_translated(session: Session) -> None:
    conversation = create_conversation(session, language="uk")
    send(session, conversation, HELLO, language="uk")
    assert renderings(session, conversation) == []


def test_who_waits_is_translated_from_then_on(session: Session) -> None:
    conversation = waiting(session)
    send(session, conversation, HELLO, language="uk")
    ((said, rendering),) = renderings(session, conversation)
    assert (said, rendering.language, rendering.state) == (HELLO, "it", RenderingState.PENDING)


@pytest.mark.parametrize("words", ["😀👍", "12:30", "..."])
def test_what_has_no_letters_needs_no_translation(session: Session, words: str) -> None:
    conversation = waiting(session)
    send(session, conversation, words, language="uk")
    assert renderings(session, conversation) == []


def test_a_mediator_who_reads_the_language_gets_no_translation(session: Session) -> None:
    conversation, _staff = held(session, languages=("it", "uk"))
    send(session, conversation, HELLO, language="uk")
    assert [said for said, _ in renderings(session, conversation) if said == HELLO] == []


def test_words_of_staff_s_own_language_need_none(session: Session) -> None:
    conversation = waiting(session)
    send(session, conversation, "buongiorno", language="it")
    assert renderings(session, conversation) == []


async def test_who_opens_a_conversation_gets_its_history_translated_once(
    http: httpx.AsyncClient, session: Session
) -> None:
    conversation = waiting(session)
    reader = sign_in(session, create_staff(session, languages=("it",)))
    session.commit()
    for _ in range(2):
        path = f"/api/v1/conversations/{conversation.id}/messages"
        assert (await http.get(path, headers=reader)).status_code == 200
    assert [said for said, _ in renderings(session, conversation)] == ["хочу людину"]
    session.commit()
    items = (await http.get(path, headers=reader)).json()["items"]
    assert [each["state"] for each in items[0]["renderings"]] == ["pending"]


async def test_who_reads_the_language_has_nothing_translated_by_opening(
    http: httpx.AsyncClient, session: Session
) -> None:
    conversation = waiting(session)
    reader = sign_in(session, create_staff(session, languages=("it", "uk")))
    session.commit()
    page = await http.get(f"/conversations/{conversation.id}", headers={**reader, "Accept": "text/html"})
    assert page.status_code == 200
    assert renderings(session, conversation) == []


def test_a_translation_is_stored_with_its_engine_and_told_to_open_pages(
    session: Session, database: Database, clock: FrozenClock
) -> None:
    conversation, staff = held(session)
    send(session, conversation, HELLO, language="uk")
    session.commit()
    before = last_event_id(session)
    session.commit()
    translator = KnownTranslator()
    make_all(database, translator, clock)
    found = dict(renderings(session, conversation))[HELLO]
    assert (found.state, found.text) == (RenderingState.DONE, HELLO_IT)
    assert (found.engine, found.version, found.flags) == ("known", "1", [])
    assert last_event_id(session) > before
    assert translator.names[-1] == (staff.name,)


def test_our_own_sentences_keep_their_italian_wording(
    session: Session, database: Database, clock: FrozenClock
) -> None:
    conversation, staff = held(session)
    session.commit()
    translator = KnownTranslator()
    make_all(database, translator, clock)
    said = text("system.mediator_joined", "uk", name=staff.first_name)
    found = dict(renderings(session, conversation))[said]
    assert found.text == text("system.mediator_joined", "it", name=staff.first_name)
    assert found.engine == "catalogue"
    assert said not in translator.asked


def test_without_a_package_the_original_stands_marked_and_comes_again_when_there_is_one(
    session: Session, database: Database, clock: FrozenClock
) -> None:
    conversation = waiting(session)
    send(session, conversation, HELLO, language="uk")
    session.commit()
    translator = KnownTranslator({})
    make_all(database, translator, clock)
    ((_, found),) = renderings(session, conversation)
    assert (found.state, found.text, found.flags) == (RenderingState.REFUSED, None, ["no_package"])
    session.commit()
    take_up(database, clock)
    make_all(database, KnownTranslator(), clock)
    ((_, found),) = renderings(session, conversation)
    assert (found.state, found.text, found.flags) == (RenderingState.DONE, HELLO_IT, [])


def test_what_a_guard_refused_is_kept_with_its_reasons(
    session: Session, database: Database, clock: FrozenClock
) -> None:
    conversation = waiting(session)
    send(session, conversation, HELLO, language="uk")
    session.commit()
    translator = KnownTranslator()
    translator.flags = ("numbers", "repetition")
    make_all(database, translator, clock)
    ((_, found),) = renderings(session, conversation)
    assert (found.state, found.flags) == (RenderingState.REFUSED, ["numbers", "repetition"])


def test_an_engine_that_breaks_is_asked_three_times_then_no_more(
    session: Session, database: Database, clock: FrozenClock
) -> None:
    conversation = waiting(session)
    send(session, conversation, HELLO, language="uk")
    session.commit()
    translator = KnownTranslator()
    translator.is_down = True
    for _ in range(5):
        make_all(database, translator, clock)
        clock.advance(minutes=1)
    assert translator.asked == [HELLO] * 3
    ((_, found),) = renderings(session, conversation)
    assert (found.state, found.flags) == (RenderingState.REFUSED, ["engine_failed"])


def test_a_worker_that_died_loses_its_lease_and_a_late_one_changes_nothing(
    session: Session, database: Database, clock: FrozenClock
) -> None:
    conversation = waiting(session)
    send(session, conversation, HELLO, language="uk")
    session.commit()
    with database.transaction() as writing:
        lost = claim_work(writing, now=NOW)
    assert lost is not None
    with database.read() as reading:
        assert not has_work(reading, now=NOW)
    with database.transaction() as writing:
        again = claim_work(writing, now=NOW + LEASE)
    assert again is not None
    with database.transaction() as writing:
        finish_work(writing, lost, Translated("tardi", "known"), now=NOW + LEASE)
        finish_work(writing, again, Translated(HELLO_IT, "known"), now=NOW + LEASE)
    ((_, found),) = renderings(session, conversation)
    assert found.text == HELLO_IT


def test_of_two_workers_each_takes_another_text(session: Session, database: Database) -> None:
    conversation = waiting(session)
    for words in (HELLO, "дякую"):
        send(session, conversation, words, language="uk")
    session.commit()
    if database.engine.dialect.name == "sqlite":
        with database.transaction() as writing:
            taken = [claim_work(writing, now=NOW), claim_work(writing, now=NOW)]
    else:
        with database.transaction() as one, database.transaction() as other:
            taken = [claim_work(one, now=NOW), claim_work(other, now=NOW)]
    assert [work.text if work else None for work in taken] == ["дякую", HELLO]


def test_the_phrasebook_comes_before_the_engine_and_counts(
    session: Session, database: Database, clock: FrozenClock
) -> None:
    conversation, staff = held(session)
    keep_pair(
        session,
        conversation.organisation_id,
        source="uk",
        target="it",
        source_text=HELLO,
        target_text="Salve",
        machine_text=None,
        staff_id=staff.id,
        now=NOW,
    )
    send(session, conversation, "  добрий   ДЕНЬ ", language="uk")
    session.commit()
    translator = KnownTranslator()
    make_all(database, translator, clock)
    found = renderings(session, conversation)[-1][1]
    assert (found.text, found.engine) == ("Salve", "phrasebook")
    assert "добрий" not in "".join(translator.asked)


async def test_the_job_wakes_at_once_and_stops_with_the_process(
    app: FastAPI, session: Session, database: Database, clock: FrozenClock
) -> None:
    conversation = waiting(session, channel=Channel.TELEGRAM)
    session.commit()
    job = asyncio.create_task(render_regularly(database, app.state.broker, KnownTranslator(), clock))
    send(session, conversation, HELLO, language="uk")
    session.commit()
    async with asyncio.timeout(10):
        while renderings(session, conversation)[-1][1].text != HELLO_IT:
            session.commit()
            await asyncio.sleep(0.02)
    session.commit()
    app.state.broker.close()
    async with asyncio.timeout(10):
        await job
    with suppress(asyncio.CancelledError):
        job.cancel()
