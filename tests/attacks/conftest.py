"""The backoffice of `tests/backoffice`, and the bot's web page in front of it, with a Rasa of straw."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from sqlalchemy.orm import Session

from backoffice.client.client import BackofficeClient
from backoffice.client.guide_copy import GuideCopies
from bot.rasa_client import RasaClient
from bot.webchat.application import create_application
from bot.webchat.feed import EventFeed
from tests.backoffice.conftest import app as app
from tests.backoffice.conftest import backend as backend
from tests.backoffice.conftest import client as client
from tests.backoffice.conftest import clock as clock
from tests.backoffice.conftest import database as database
from tests.backoffice.conftest import http as http
from tests.backoffice.conftest import postgres_url as postgres_url
from tests.backoffice.conftest import session as session
from tests.backoffice.conftest import settings as settings
from tests.backoffice.conftest import sqlite_template as sqlite_template
from tests.backoffice.conftest import url as url
from tests.backoffice.factories import create_front_door
from tests.bot.fakes import FakeRasa


@pytest.fixture
def rasa() -> FakeRasa:
    return FakeRasa()


@pytest.fixture
async def chat(
    client: BackofficeClient, rasa: FakeRasa, session: Session, tmp_path: Path
) -> AsyncIterator[httpx.AsyncClient]:
    """The bot's web side over the real backoffice; nobody has a session yet."""
    create_front_door(session)
    session.commit()
    async with RasaClient("http://rasa.test", "s", transport=rasa.transport) as straw:
        application = create_application(client, straw, EventFeed(client), guide=GuideCopies(tmp_path))
        transport = httpx.ASGITransport(application, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://bot.test") as opened:
            yield opened


@pytest.fixture
async def citizen(chat: httpx.AsyncClient) -> httpx.AsyncClient:
    """Somebody who has opened the page in Italian."""
    answer = await chat.post("/chat/sessions", json={"language": "it"})
    chat.headers["Authorization"] = f"Bearer {answer.json()['token']}"
    return chat
