"""Done when 5 of the guide: one Italian sentence is changed, and the chat says so until each is reviewed."""

from __future__ import annotations

from typing import Any

import httpx
from sqlalchemy.orm import Session

from backoffice.database import Database
from backoffice.guide.models import GuideTaskKind
from backoffice.guide.queries import open_tasks
from backoffice.guide.topics import read_guide
from tests.backoffice.databases import SERVICE_TOKEN
from tests.backoffice.databases import backend as backend
from tests.backoffice.guide.desk import OTHERS, create_coordinator, create_mediator, row, seed, to_translate
from tests.backoffice.pages.browser import Browser, give_password

TOPIC = "driving_licence"
SERVICE = {"Authorization": f"Bearer {SERVICE_TOKEN}"}


async def stale_places(http: httpx.AsyncClient, language: str) -> tuple[set[str], bool]:
    """Return where the answer of the topic says that it is stale: case and aspect, and the answer itself."""
    asked = await http.get(f"/api/v1/guide/{TOPIC}?language={language}", headers=SERVICE)
    answer: dict[str, Any] = asked.json()
    assert answer["language"] == language
    places = {
        f"{case['name']}.{part['aspect']}"
        for case in answer["cases"]
        for part in case["parts"]
        if part["is_stale"]
    }
    return places, answer["is_stale"]


async def test_changing_an_italian_sentence_makes_exactly_its_translations_stale_until_they_are_reviewed(
    http: httpx.AsyncClient, session: Session, database: Database
) -> None:
    name, case = next(iter(read_guide().topics[TOPIC].cases.items()))
    part = case.parts[0]
    place, key = f"{name}.{part.aspect.value}", part.text
    seed(session, TOPIC, "tax_code")
    words = row(session, "it", key).text
    coordinator, mediator = create_coordinator(session), create_mediator(session, *OTHERS)
    for staff in (coordinator, mediator):
        give_password(session, staff)
    session.commit()
    window = Browser(http)
    await window.sign_in(coordinator)
    page = f"/guide/sentences/{key}"

    changed = await window.post(
        f"{page}/italian",
        page=page,
        text=f"{words} Chiedi allo sportello.",
        version="1",
        reason="Nuova regola",
    )
    assert changed.headers["location"].startswith(page)

    with database.read() as reading:
        assert to_translate(reading, key) == sorted(OTHERS)
        assert len(open_tasks(reading, GuideTaskKind.TRANSLATE)) == len(OTHERS) == 11
    for language in OTHERS:
        assert await stale_places(http, language) == ({place}, False)
    assert await stale_places(http, "it") == (set(), False)
    assert not (await http.get("/api/v1/guide/tax_code?language=ar", headers=SERVICE)).json()["is_stale"]

    http.cookies.clear()
    await window.sign_in(mediator)
    assert f"{key}?language=ar" in await window.read("/guide/tasks")
    for done, language in enumerate(OTHERS, start=1):
        reviewed = await window.post(f"{page}/{language}/review", page=page, version="1", italian_version="2")
        assert reviewed.status_code == 303, reviewed.text
        assert await stale_places(http, language) == (set(), False)
        with database.read() as reading:
            assert to_translate(reading, key) == sorted(OTHERS[done:])
