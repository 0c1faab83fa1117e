"""What a stranger, or a broken Telegram, may send: attacks 1, 2, 3, 32, 38 and 43."""

from __future__ import annotations

import json
import random
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from telegram.error import BadRequest

from backoffice.client.client import BackofficeClient
from backoffice.client.guide_copy import GuideCopies
from backoffice.client.schemas import DeliveryOutcome
from backoffice.conversation.models import Message
from backoffice.person.models import Person as PersonRow
from bot.incoming import FileNotFetched
from bot.rasa_client import RasaClient
from bot.telegram.acceptance import UpdateAcceptance
from bot.telegram.channel import TelegramChannel
from bot.telegram.chat_languages import ChatLanguages
from bot.telegram.gateway_bot import GatewayBot
from bot.telegram.sender import TelegramSender
from bot.telegram.updates import MalformedUpdate, read_update
from bot.telegram.webhook import PATH, SECRET_HEADER, webhook_route
from bot.webchat.application import create_application
from bot.webchat.feed import EventFeed
from tests.backoffice.factories import create_front_door
from tests.bot.fakes import FakeRasa, FakeTelegramBot, delivery
from tests.telegram_emulator import Person, World

SECRET = "s3cret_of-the-webhook"


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def bot() -> FakeTelegramBot:
    return FakeTelegramBot()


@pytest.fixture
async def webhook(
    client: BackofficeClient, rasa: FakeRasa, bot: GatewayBot, session: Session, tmp_path: Path
) -> AsyncIterator[httpx.AsyncClient]:
    """The webhook over the real backoffice."""
    create_front_door(session)
    session.commit()
    acceptance = UpdateAcceptance(client, bot, ChatLanguages(), guide=GuideCopies(tmp_path))
    async with RasaClient("http://rasa.test", "s", transport=rasa.transport) as straw:
        route = webhook_route(acceptance, SECRET)
        app = create_application(
            client, straw, EventFeed(client), guide=GuideCopies(tmp_path), channel_routes=[route]
        )
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://bot.test") as http:
            yield http
    await acceptance.stop()


def written(world: World, text: str = "ciao", **about: Any) -> dict[str, Any]:
    Person(world, 5_000_001, **about).send_text(text)
    newest: dict[str, Any] = world.updates[-1]
    return newest


def stored(session: Session) -> int:
    count = session.scalar(select(func.count()).select_from(Message).where(Message.author == "citizen")) or 0
    session.commit()
    return count


async def bring(webhook: httpx.AsyncClient, update: object) -> int:
    content = json.dumps(update)
    return (await webhook.post(PATH, content=content, headers={SECRET_HEADER: SECRET})).status_code


@pytest.mark.parametrize(
    "shown", [None, b"", b"wrong", SECRET[:-1].encode(), SECRET.upper().encode(), b"\xe9"]
)
async def test_attack_1_a_forged_webhook_is_refused_and_stores_nothing(
    webhook: httpx.AsyncClient, world: World, session: Session, shown: bytes | None
) -> None:
    headers: dict[str, Any] = {} if shown is None else {SECRET_HEADER: shown}
    answer = await webhook.post(PATH, json=written(world), headers=headers)
    assert answer.status_code == 401
    assert (await webhook.post(PATH, content=b"{", headers=headers)).status_code == 401  # it is not even read
    assert stored(session) == 0


async def test_attack_1_without_a_webhook_there_is_no_such_address(
    client: BackofficeClient, tmp_path: Path
) -> None:
    bot = FakeTelegramBot()
    assert TelegramChannel(client, bot, worker="w", guide=GuideCopies(tmp_path)).routes == []


async def test_attack_2_a_replayed_update_is_acknowledged_and_stored_once(
    webhook: httpx.AsyncClient, world: World, session: Session
) -> None:
    update = written(world)
    for _ in range(3):
        assert await bring(webhook, update) == 200
    renumbered = {**update, "update_id": update["update_id"] + 1000}
    assert await bring(webhook, renumbered) == 200
    assert stored(session) == 1


@pytest.mark.parametrize(
    "changes",
    [
        {"update_id": 2**63},
        {"update_id": -1},
        {"update_id": True},
        {"message": None},
        {"message": {}},
        {"message": {"message_id": 2**63, "date": 1, "chat": {"id": 2**63, "type": "private"}, "text": "x"}},
        {"message": {"message_id": 1, "date": 2**62, "chat": {"id": 1, "type": "private"}, "text": "x"}},
        {"message": {"message_id": 1, "date": 1, "chat": {"id": 1, "type": "private"}, "text": "no sender"}},
        {"message": {"message_id": 1, "date": 1, "chat": {"id": -100, "type": "channel"}, "text": "x"}},
        {"message": "text"},
        {
            "callback_query": {
                "id": "1",
                "from": {"id": 2**60, "is_bot": False, "first_name": "x"},
                "data": "x",
            }
        },
    ],
    ids=str,
)
async def test_attack_3_what_is_no_update_is_skipped_and_never_comes_again(
    webhook: httpx.AsyncClient, world: World, session: Session, changes: dict[str, Any]
) -> None:
    broken = {"update_id": 7, **changes}
    assert await bring(webhook, broken) == 200
    assert stored(session) == 0
    assert await bring(webhook, written(world)) == 200
    assert stored(session) == 1


async def test_attack_3_in_a_group_nothing_is_stored_or_answered(
    webhook: httpx.AsyncClient, world: World, session: Session
) -> None:
    update = written(world)
    update["message"]["chat"] = {"id": -1001, "type": "group", "title": "Gruppo"}
    assert await bring(webhook, update) == 200
    assert stored(session) == 0


_letters = st.text(max_size=30)
_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.floats(allow_nan=False) | _letters,
    lambda inside: st.lists(inside, max_size=3) | st.dictionaries(_letters, inside, max_size=3),
    max_leaves=6,
)


@given(st.data())
@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True)
def test_attack_3_whatever_is_changed_in_an_update_it_is_read_or_called_malformed(
    data: st.DataObject,
) -> None:
    update = json.loads(json.dumps(written(World())))
    for _ in range(data.draw(st.integers(1, 4))):
        _change(update, data.draw(_values), data.draw(st.integers(0, 10**6)))
    with suppress(MalformedUpdate):
        read_update(update, bot_id=42, username="x")


def _change(document: dict[str, Any], value: Any, seed: int) -> None:
    chance = random.Random(seed)
    place: dict[str, Any] = document
    while True:
        key = chance.choice(sorted(place))
        if isinstance(place[key], dict) and place[key] and chance.random() < 0.7:
            place = place[key]
            continue
        place[key] = value
        return


async def test_attack_32_a_name_turns_no_sentence_round(
    webhook: httpx.AsyncClient, world: World, session: Session
) -> None:
    name = "\u202eOlena\u2066\n\0 \ud800K"
    assert await bring(webhook, written(world, first_name=name)) == 200
    [kept] = session.scalars(select(PersonRow.name)).all()
    assert kept is not None
    assert not set(kept) & set("\u202e\u2066\n\0\ud800")
    assert "Olena" in kept


@pytest.mark.parametrize("text", ["_*[`", "<b>", "<script>", "&lt;", "a_b*c`d[e](f)", "\\"])
async def test_attack_38_markup_in_a_text_is_sent_as_it_is_and_loses_no_message(
    bot: FakeTelegramBot, text: str
) -> None:
    report = await TelegramSender(bot).send(delivery(text=text))
    assert report.outcome is DeliveryOutcome.SENT
    assert [each["text"] for each in bot.sent] == [text]


async def test_attack_38_what_telegram_cannot_parse_is_sent_plainly(bot: FakeTelegramBot) -> None:
    bot.script.append(BadRequest("Can't parse entities"))
    report = await TelegramSender(bot).send(delivery(text="a_b"))
    assert report.outcome is DeliveryOutcome.SENT
    assert [each["text"] for each in bot.sent] == ["a_b"]


@pytest.mark.parametrize(
    "path",
    ["../../etc/passwd", "/etc/passwd", "photos/../../x", "http://169.254.169.254/", "a\\..\\b", "a?b", ""],
)
async def test_attacks_43_and_45_a_path_from_telegram_leads_nowhere_else(
    bot: FakeTelegramBot, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    asked: list[str] = []

    async def described(*_args: object, **_kwargs: object) -> dict[str, str]:
        return {"file_path": path}

    async def download(_self: object, address: str) -> bytes:
        asked.append(address)
        return b""

    monkeypatch.setattr(GatewayBot, "_post", described)
    monkeypatch.setattr(GatewayBot, "_download", download)
    with pytest.raises(FileNotFetched):
        await bot.fetch_file("x")
    assert asked == []
