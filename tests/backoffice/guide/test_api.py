from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI

from backoffice.app import create_app
from backoffice.client.schemas import GuideAnswer
from backoffice.database import Base, Database
from backoffice.error_handlers import install_error_handlers
from backoffice.guide.api import router
from backoffice.settings import Settings
from backoffice.staff.models import Organisation, Staff
from backoffice.staff.roles import Role
from backoffice.staff.sessions import open_session

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
SERVICE = {"Authorization": "Bearer service-token-of-the-test"}


@pytest.fixture
def app(tmp_path: Path) -> Iterator[FastAPI]:
    made = FastAPI()
    made.state.settings = Settings(
        data_dir=tmp_path, secret_key="a secret of the test", service_token="service-token-of-the-test"
    )
    made.state.clock = lambda: NOW
    database = made.state.database = Database(f"sqlite:///{tmp_path / 'guide.db'}")
    install_error_handlers(made)
    made.include_router(router)
    yield made
    database.close()


@pytest.fixture
async def client(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://backoffice") as made:
        yield made


@pytest.fixture
def staff_token(app: FastAPI) -> str:
    Base.metadata.create_all(
        app.state.database.engine,
        tables=[Base.metadata.tables[name] for name in ("organisation", "unit", "staff", "staff_session")],
    )
    with app.state.database.transaction() as session:
        organisation = Organisation(name="Sportello", slug="sportello", is_front_door=True)
        session.add(organisation)
        session.flush()
        planner = Staff(
            organisation_id=organisation.id, email="planner@test.example", name="Pia", password_hash="-"
        )
        planner.roles = frozenset({Role.PLANNER})
        session.add(planner)
        session.flush()
        token: str = open_session(session, planner.id, now=NOW)
    return token


async def test_our_processes_read_a_topic_in_the_language_of_the_person(client: httpx.AsyncClient) -> None:
    response = await client.get("/api/v1/guide/health_care?language=uk", headers=SERVICE)

    answer = GuideAnswer.model_validate(response.json())
    assert response.status_code == 200
    assert (answer.topic, answer.language) == ("health_care", "uk")
    assert "112" in answer.next_step


async def test_without_a_language_the_answer_is_in_italian(client: httpx.AsyncClient) -> None:
    assert (await client.get("/api/v1/guide/asylum", headers=SERVICE)).json()["language"] == "it"


async def test_a_language_that_we_do_not_speak_is_answered_in_italian(client: httpx.AsyncClient) -> None:
    assert (await client.get("/api/v1/guide/asylum?language=tlh", headers=SERVICE)).json()["language"] == "it"


async def test_an_unknown_topic_is_a_problem_document(client: httpx.AsyncClient) -> None:
    response = await client.get("/api/v1/guide/football?language=it", headers=SERVICE)

    assert response.status_code == 404
    assert response.headers["content-type"] == "application/problem+json"
    assert response.json()["status"] == 404


async def test_an_outdated_answer_says_call_first(app: FastAPI, client: httpx.AsyncClient) -> None:
    app.state.clock = lambda: NOW + timedelta(days=365)

    assert (await client.get("/api/v1/guide/benefits", headers=SERVICE)).json()["call_first"] is True


@pytest.mark.parametrize(
    "headers", [{}, {"Authorization": "Bearer "}, {"Authorization": "Basic c2VydmljZQ=="}]
)
async def test_a_stranger_reads_nothing(client: httpx.AsyncClient, headers: dict[str, str]) -> None:
    response = await client.get("/api/v1/guide/asylum", headers=headers)

    assert response.status_code == 401
    assert "text" not in response.json()


async def test_a_wrong_token_reads_nothing(client: httpx.AsyncClient, staff_token: str) -> None:
    response = await client.get(
        "/api/v1/guide/asylum", headers={"Authorization": f"Bearer not-{staff_token}"}
    )

    assert response.status_code == 401


async def test_anybody_who_is_signed_in_reads_the_guide(client: httpx.AsyncClient, staff_token: str) -> None:
    by_token = await client.get("/api/v1/guide/asylum", headers={"Authorization": f"Bearer {staff_token}"})
    by_cookie = await client.get("/api/v1/guide/asylum", headers={"Cookie": f"sportello={staff_token}"})

    assert (by_token.status_code, by_cookie.status_code) == (200, 200)


async def test_a_session_whose_time_is_over_reads_nothing(
    app: FastAPI, client: httpx.AsyncClient, staff_token: str
) -> None:
    app.state.clock = lambda: NOW + timedelta(hours=13)

    response = await client.get("/api/v1/guide/asylum", headers={"Authorization": f"Bearer {staff_token}"})

    assert response.status_code == 401


async def test_our_processes_are_answered_without_the_database(
    app: FastAPI, client: httpx.AsyncClient
) -> None:
    app.state.database = None

    assert (await client.get("/api/v1/guide/asylum", headers=SERVICE)).status_code == 200


async def test_the_whole_application_serves_the_guide(app: FastAPI) -> None:
    transport = httpx.ASGITransport(app=create_app(app.state.settings, jobs=False))

    async with httpx.AsyncClient(transport=transport, base_url="http://backoffice") as client:
        response = await client.get("/api/v1/guide/tax_code?language=ar", headers=SERVICE)

    assert response.json()["language"] == "ar"
