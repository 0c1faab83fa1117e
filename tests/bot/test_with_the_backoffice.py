"""The seven steps in one process: the bot's parts before the real backoffice, with a Rasa of straw."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from backoffice.app import create_app
from backoffice.client.client import BackofficeClient
from backoffice.client.guide_copy import GuideCopies
from backoffice.client.schemas import HandoffRequest, WaitingReason
from backoffice.settings import Settings
from backoffice.tables import load_tables
from bot.assistant import ActionServer, AssistantWatch
from bot.rasa_client import RasaClient
from bot.telegram.channel import TelegramChannel
from bot.telegram.gateway_bot import GatewayBot
from bot.turns import TurnDispatcher
from bot.webchat.application import create_application
from bot.webchat.feed import EventFeed
from tests.backoffice.attachment.samples import pdf
from tests.backoffice.factories import create_front_door
from tests.bot.conftest import Run
from tests.bot.fakes import FakeRasa
from tests.telegram_emulator import Person, TelegramEmulator


class Replies(FakeRasa):
    """Answers every turn with its text and a button, and can be switched off."""

    def _answer(self, body: dict[str, Any]) -> httpx.Response:
        said = body.get("text", body.get("payload"))
        reply = {"text": f"echo {said}", "buttons": [{"title": "Casa", "payload": "/search_housing"}]}
        return httpx.Response(200, json={"turn_id": body["turn_id"], "replies": [reply], "intent": "greet"})


@pytest.fixture
def replies() -> Replies:
    return Replies()


@pytest.fixture
async def client(tmp_path: Path) -> AsyncIterator[BackofficeClient]:
    settings = Settings(
        _env_file=None,
        data_dir=tmp_path,
        database_url=f"sqlite:///{tmp_path}/test.db",
        service_token="t",
        secret_key="secret key of the tests",
    )
    app = create_app(settings, jobs=False)
    database = app.state.database
    load_tables().create_all(database.engine)
    with database.transaction() as session:
        create_front_door(session)
    opened = BackofficeClient("http://backoffice", "t", transport=httpx.ASGITransport(app))
    yield opened
    await opened.aclose()
    app.state.broker.close()
    database.close()


@pytest.fixture
async def watch(client: BackofficeClient, replies: Replies) -> AsyncIterator[AssistantWatch]:
    actions = ActionServer("http://a", transport=httpx.MockTransport(lambda _: httpx.Response(200)))
    async with RasaClient("http://rasa.test", "s", transport=replies.transport) as rasa:
        yield AssistantWatch(client, rasa, actions, probe_seconds=0.1)
    await actions.aclose()


@pytest.fixture
async def citizen(
    client: BackofficeClient, replies: Replies, watch: AssistantWatch, run: Run, tmp_path: Path
) -> AsyncIterator[httpx.AsyncClient]:
    """The bot runs; somebody has opened the web page in Italian."""
    async with RasaClient("http://rasa.test", "s", transport=replies.transport) as rasa:
        feed = EventFeed(client, wait_seconds=1)
        dispatcher = TurnDispatcher(
            client, rasa, watch, worker="bot#1", budget_seconds=1.0, claim_wait_seconds=1
        )
        run(feed.run())
        run(dispatcher.run())
        transport = httpx.ASGITransport(create_application(client, rasa, feed, guide=GuideCopies(tmp_path)))
        async with httpx.AsyncClient(transport=transport, base_url="http://bot.test") as http:
            opened = await http.post("/chat/sessions", json={"language": "it"})
            assert opened.status_code == 201, opened.text
            http.headers["Authorization"] = f"Bearer {opened.json()['token']}"
            yield http


async def send(citizen: httpx.AsyncClient, **what: str) -> int:
    answer = await citizen.post("/chat/messages", json={"id": str(uuid.uuid4()), **what})
    assert answer.status_code == 202, answer.text
    return int(answer.json()["seq"])


async def said(citizen: httpx.AsyncClient, count: int, *, after: int = 0) -> list[dict[str, Any]]:
    """Return what was said to the citizen after a number, once there is so much of it."""
    async with asyncio.timeout(10):
        while True:
            answer = await citizen.get("/chat/messages", params={"after": after})
            heard = [message for message in answer.json()["messages"] if message["from"] != "citizen"]
            if len(heard) >= count:
                return heard
            await asyncio.sleep(0.02)


async def test_a_text_on_the_web_is_answered_and_its_button_pressed(citizen: httpx.AsyncClient) -> None:
    (first,) = await said(citizen, 1, after=await send(citizen, text="cerco casa"))
    assert (first["from"], first["text"]) == ("assistant", "echo cerco casa")
    (button,) = first["buttons"]
    (second,) = await said(citizen, 1, after=await send(citizen, button=button["token"]))
    assert second["text"] == "echo /search_housing"


async def test_a_typed_payload_is_only_words(citizen: httpx.AsyncClient, replies: Replies) -> None:
    for text in ("/restart", '  /inform{"people": 99}', "\u2003//delete_my_data"):
        await said(citizen, 1, after=await send(citizen, text=text))
    assert all("payload" not in asked for asked in replies.asked)
    assert all(not asked["text"].startswith("/") for asked in replies.asked)


async def test_with_rasa_gone_the_person_is_told_and_with_its_return_answered(
    citizen: httpx.AsyncClient, replies: Replies, watch: AssistantWatch, run: Run
) -> None:
    replies.alive = False
    number = await send(citizen, text="cerco casa")
    (told,) = await said(citizen, 1, after=number)
    assert told["from"] == "system"
    assert "112" in told["text"]
    state = (await citizen.get("/chat/messages")).json()
    assert state["mode"] == "waiting"
    replies.alive = True
    run(watch.run())
    heard = await said(citizen, 3, after=number)
    assert heard[-1]["text"] == "echo cerco casa"
    assert (await citizen.get("/chat/messages")).json()["mode"] == "assistant"


async def test_who_waits_for_a_person_is_not_answered_by_the_assistant(
    citizen: httpx.AsyncClient, client: BackofficeClient, replies: Replies
) -> None:
    answered = await said(citizen, 1, after=await send(citizen, text="ciao"))
    conversation_id = str(replies.asked[0]["sender"]).partition(".")[0]
    await client.request_handoff(
        conversation_id, HandoffRequest(reason=WaitingReason.ASKED), idempotency_key="k"
    )
    before = len(replies.asked)
    await send(citizen, text="/start")
    await send(citizen, text="siete lì?")
    other = await citizen.post("/chat/sessions", json={"language": "en"})
    token = other.json()["token"]
    citizen.headers["Authorization"] = f"Bearer {token}"
    await said(citizen, 1, after=await send(citizen, text="hello"))
    assert len(answered) == 1
    assert [asked["text"] for asked in replies.asked[before:]] == ["hello"]


async def test_a_file_on_the_web_is_kept_and_can_be_read_by_its_sender_alone(
    citizen: httpx.AsyncClient,
) -> None:
    answer = await citizen.post("/chat/attachments", files={"file": ("a.pdf", pdf(), "application/pdf")})
    assert answer.status_code == 202, answer.text
    page = (await citizen.get("/chat/messages")).json()["messages"]
    (attachment,) = page[0]["attachments"]
    file = await citizen.get(f"/chat/attachments/{attachment['id']}")
    assert file.content == pdf()
    other = await citizen.post("/chat/sessions", json={"language": "it"})
    citizen.headers["Authorization"] = f"Bearer {other.json()['token']}"
    assert (await citizen.get(f"/chat/attachments/{attachment['id']}")).status_code == 404


@pytest.fixture
def telegram() -> Iterator[TelegramEmulator]:
    with TelegramEmulator() as emulator:
        yield emulator


@pytest.fixture
async def olena(
    telegram: TelegramEmulator, client: BackofficeClient, citizen: httpx.AsyncClient, run: Run, tmp_path: Path
) -> AsyncIterator[Person]:
    """The bot runs on Telegram too."""
    assert citizen
    bot = GatewayBot(telegram.token, telegram.url, read_seconds=2)
    channel = TelegramChannel(client, bot, worker="bot#1", guide=GuideCopies(tmp_path))
    run(channel.receive())
    run(channel.deliveries.run())
    yield telegram.person(5_000_001, first_name="Olena", language_code="uk")
    await channel.acceptance.stop()
    await bot.close_connections()


async def test_a_text_on_telegram_is_answered_and_its_button_pressed(
    telegram: TelegramEmulator, olena: Person
) -> None:
    olena.send_text("/start")
    await telegram.world.until(lambda: olena.texts == ["echo /greet"])
    olena.send_text("Шукаю квартиру")
    await telegram.world.until(lambda: len(olena.texts) == 2)
    assert olena.texts[1] == "echo Шукаю квартиру"
    olena.press("Casa")
    await telegram.world.until(lambda: len(olena.texts) == 3)
    assert olena.texts[2] == "echo /search_housing"


async def test_an_update_that_telegram_brings_twice_is_answered_once(
    telegram: TelegramEmulator, olena: Person, replies: Replies
) -> None:
    telegram.fail_next(2, method="getUpdates", after_accepting="drop")
    olena.send_text("uno")
    await telegram.world.until(lambda: len(olena.texts) == 1)
    olena.send_text("due")
    await telegram.world.until(lambda: len(olena.texts) == 2)
    assert olena.texts == ["echo uno", "echo due"]
    assert len(replies.asked) == 2


async def test_files_contacts_and_edits_from_telegram_are_kept_and_make_the_turns_they_should(
    telegram: TelegramEmulator, olena: Person, replies: Replies
) -> None:
    olena.send_photo(b"\xff\xd8\xff\xe0" + b"0" * 100, caption="il mio contratto")
    await telegram.world.until(lambda: olena.texts[-1:] == ["echo il mio contratto"])
    first = olena.send_text("siamo in 3")
    await telegram.world.until(lambda: olena.texts[-1:] == ["echo siamo in 3"])
    olena.edit_text(first, "siamo in 4")
    olena.share_contact("393331234567")
    await telegram.world.until(lambda: "+393331234567" in olena.texts[-1])
    said_to_rasa = [asked.get("text", asked.get("payload")) for asked in replies.asked]
    assert said_to_rasa == ["il mio contratto", "siamo in 3", '/inform{"phone": "+393331234567"}']
