"""A stranger at the chat page, over the real backoffice: attacks 5, 6, 26, 31, 32 and 33."""

from __future__ import annotations

import asyncio
import hashlib
import json
import time
import uuid
from collections import Counter
from typing import Any

import httpx
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from backoffice.client.schemas import ReplyButton
from backoffice.conversation.models import ChatSession, Conversation, InboxEntry, Message
from backoffice.settings import Settings
from tests.backoffice.factories import NOW, answer, take_turn


async def open_session(chat: httpx.AsyncClient) -> dict[str, Any]:
    opened = await chat.post("/chat/sessions", json={"language": "it"})
    assert opened.status_code == 201
    found: dict[str, Any] = opened.json()
    return found


async def write(citizen: httpx.AsyncClient, text: str) -> httpx.Response:
    return await citizen.post("/chat/messages", json={"id": str(uuid.uuid4()), "text": text})


async def write_raw(citizen: httpx.AsyncClient, written: str) -> httpx.Response:
    """Send a text as it stands in JSON, with its escapes."""
    content = f'{{"id": "{uuid.uuid4()}", "text": "{written}"}}'
    return await citizen.post("/chat/messages", content=content)


async def texts(citizen: httpx.AsyncClient) -> list[str]:
    messages = (await citizen.get("/chat/messages")).json()["messages"]
    return [message["text"] for message in messages if message["from"] == "citizen"]


async def test_attack_5_only_the_token_opens_a_conversation_and_it_is_nowhere_stored(
    chat: httpx.AsyncClient, session: Session
) -> None:
    opened = await open_session(chat)
    assert len(opened["token"]) >= 43  # 256 bits in base 64
    for guess in (opened["session"], opened["conversation_id"], opened["token"][:-1], "é" * 3, "x" * 5000):
        shown = {b"Authorization": f"Bearer {guess}".encode("latin-1")}
        for path in ("/chat/messages", "/chat/events", f"/chat/attachments/{guess[:50]}"):
            assert (await chat.get(path, headers=shown)).status_code in (401, 404), (path, guess)
    stored = session.scalars(select(ChatSession.token_sha256)).all()
    assert stored == [hashlib.sha256(opened["token"].encode()).hexdigest()]


async def test_attack_6_two_sessions_never_share_a_token_or_a_conversation(chat: httpx.AsyncClient) -> None:
    fixed = {"language": "it", "token": "chosen-by-somebody-else"}
    assert (await chat.post("/chat/sessions", json=fixed)).status_code == 422
    opened = [await open_session(chat) for _ in range(5)]
    for name in ("token", "session", "conversation_id"):
        assert len({each[name] for each in opened}) == 5


async def test_attack_26_a_button_of_another_conversation_or_an_old_one_does_nothing(
    chat: httpx.AsyncClient, session: Session
) -> None:
    mine, theirs = await open_session(chat), await open_session(chat)
    tokens = {}
    for opened in (mine, theirs):
        headers = {"Authorization": f"Bearer {opened['token']}"}
        await chat.post("/chat/messages", json={"id": str(uuid.uuid4()), "text": "ciao"}, headers=headers)
        turn = take_turn(session, now=NOW)
        answer(session, turn, buttons=(ReplyButton(title="Sì", payload="/affirm"),))
        session.commit()
        messages = (await chat.get("/chat/messages", headers=headers)).json()["messages"]
        tokens[opened["token"]] = messages[-1]["buttons"][0]["token"]
    chat.headers["Authorization"] = f"Bearer {mine['token']}"

    async def press(token: str) -> None:
        pressed = await chat.post("/chat/messages", json={"id": str(uuid.uuid4()), "button": token})
        assert pressed.status_code == 202

    def payloads() -> Counter[str | None]:
        found = Counter(session.scalars(select(InboxEntry.payload)).all())
        session.commit()
        return found

    for forged in (tokens[theirs["token"]], "/affirm", '/inform{"people": 99}', "x", "\u202e/affirm"):
        await press(forged)
    assert payloads()["/affirm"] == 0
    await press(tokens[mine["token"]])
    await press(tokens[mine["token"]])
    assert payloads()["/affirm"] == 1


@pytest.mark.parametrize(
    "text",
    [
        "😀" * 4096,
        "a" + "\u0301\u0316" * 2047,
        "\u0316\u0301" * 2048,
        "\u1d160"[:1] * 4096,
        "ﷺ" * 4096,
        " ".join(["a"] * 2048),
        "/" * 4096,
        "\u202e" * 4096,
        "a\n" * 2048,
    ],
    ids=["emoji", "marks", "marks-unordered", "expanding", "ligatures", "words", "slashes", "bidi", "lines"],
)
async def test_attack_31_a_text_made_to_be_heavy_is_stored_at_once_and_shortened_for_the_assistant(
    citizen: httpx.AsyncClient, session: Session, text: str
) -> None:
    started = time.process_time()
    assert (await write(citizen, text)).status_code == 202
    assert time.process_time() - started < 3
    assert len(take_turn(session).text or "") <= 1000


async def test_attack_31_what_is_longer_than_a_message_may_be_is_refused(citizen: httpx.AsyncClient) -> None:
    for length in (4097, 20_000, 60_000):
        assert (await write(citizen, "a" * length)).status_code == 422
    assert (await write(citizen, "a" * 70_000)).status_code == 413
    assert (await citizen.post("/chat/messages", content=b"[" * 60_000)).status_code == 422
    assert await texts(citizen) == []


async def test_attack_31_five_hundred_messages_at_once_are_bounded_and_none_that_was_taken_is_lost(
    citizen: httpx.AsyncClient, session: Session, settings: Settings, app: Any
) -> None:
    app.state.settings = settings.model_copy(update={"messages_per_minute": 30})
    started = time.process_time()
    answers: list[httpx.Response] = []
    for _ in range(20):
        answers += await asyncio.gather(*(write(citizen, f"n {number}") for number in range(25)))
    assert time.process_time() - started < 60
    statuses = Counter(each.status_code for each in answers)
    assert statuses == {202: 30, 429: 470}
    assert all(int(each.headers["retry-after"]) >= 1 for each in answers if each.status_code == 429)
    conversation = session.scalars(select(Conversation)).one()
    seqs = session.scalars(select(Message.seq).where(Message.author == "citizen")).all()
    assert sorted(seqs) == sorted(each.json()["seq"] for each in answers if each.status_code == 202)
    assert conversation.last_seq == len(seqs)


@pytest.mark.parametrize(
    ("written", "stored"),
    [
        ("half \\ud83d emoji", "half \ufffd emoji"),
        ("\\ud83d\\ude00", "😀"),
        ("a\\u0000b", "a\ufffdb"),
        ("e\\u0301", "é"),
        ("\\u202egnp.exe", "\u202egnp.exe"),
    ],
)
async def test_attack_32_half_characters_and_nul_lose_no_message(
    citizen: httpx.AsyncClient, written: str, stored: str
) -> None:
    assert (await write_raw(citizen, written)).status_code == 202
    assert await texts(citizen) == [stored]


async def test_attack_33_a_page_cannot_say_whose_message_it_is(citizen: httpx.AsyncClient) -> None:
    body = {"id": str(uuid.uuid4()), "text": "ciao"}
    for extra in (
        "sender",
        "metadata",
        "input_channel",
        "conversation_id",
        "from",
        "seq",
        "epoch",
        "payload",
    ):
        forged = await citizen.post("/chat/messages", content=json.dumps({**body, extra: "x"}))
        assert forged.status_code == 422, extra
    assert await texts(citizen) == []


async def test_attack_47_answers_are_kept_by_no_cache_and_name_no_other_site(
    citizen: httpx.AsyncClient,
) -> None:
    for path in ("/chat/messages", "/chat/office", "/chat/attachments/x", "/chat/none"):
        seen = await citizen.get(path)
        assert seen.headers["cache-control"] == "no-store", path
        assert "access-control-allow-origin" not in seen.headers
