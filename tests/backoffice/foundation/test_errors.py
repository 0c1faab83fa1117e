from __future__ import annotations

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy.exc import OperationalError
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from backoffice.error_handlers import Problem
from backoffice.errors import BackofficeError, TooManyRequests
from tests.backoffice.databases import SERVICE_TOKEN

SERVICE = {"Authorization": f"Bearer {SERVICE_TOKEN}"}


@pytest.fixture(autouse=True)
def failing(app: FastAPI) -> None:
    def fail(kind: str) -> None:
        raise {
            "known": BackofficeError("error.refused", status=409),
            "later": TooManyRequests("error.too_many_messages", retry_after_seconds=7),
            "database": OperationalError("SELECT 'secret'", {}, Exception("secret")),
            "unknown": RuntimeError("secret"),
        }[kind]

    app.add_api_route("/api/fail/{kind}", fail)
    app.add_api_route("/fail/{kind}", fail)


@pytest.mark.parametrize(
    ("kind", "status", "title"),
    [
        ("known", 409, "Conflict"),
        ("later", 429, "Too Many Requests"),
        ("database", 503, "Service Unavailable"),
        ("unknown", 500, "Internal Server Error"),
    ],
)
async def test_every_error_is_a_problem_document(
    http: httpx.AsyncClient, kind: str, status: int, title: str
) -> None:
    answer = await http.get(f"/api/fail/{kind}", headers={"Accept": "text/html"})
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    document = answer.json()
    assert (document["title"], document["status"]) == (title, status)
    assert document["detail"]
    assert "secret" not in answer.text


async def test_an_error_says_when_to_come_back(http: httpx.AsyncClient) -> None:
    assert (await http.get("/api/fail/later")).headers["Retry-After"] == "7"


async def test_unknown_paths_and_methods_are_problems_too(http: httpx.AsyncClient) -> None:
    assert (await http.get("/api/v1/no-such")).json()["status"] == 404
    assert (await http.delete("/health")).json()["status"] == 405


async def test_what_was_sent_is_not_repeated(http: httpx.AsyncClient) -> None:
    body = {"token_sha256": "a word of a person"}
    answer = await http.post("/api/v1/service/sessions/lookup", json=body, headers=SERVICE)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "body.token_sha256"
    assert "a word of a person" not in answer.text


async def test_a_browser_gets_a_page(app: FastAPI, http: httpx.AsyncClient) -> None:
    def page(_request: Request, problem: Problem) -> Response:
        return HTMLResponse(f"<p>{problem.status}</p>", problem.status)

    app.state.error_page = page
    answer = await http.get("/fail/known", headers={"Accept": "text/html"})
    assert (answer.status_code, answer.text) == (409, "<p>409</p>")
    program = await http.get("/fail/known", headers={"Accept": "application/json"})
    assert program.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer wrong"}, {"Authorization": "Basic eA=="}])
async def test_without_the_service_token_nothing_answers(
    app: FastAPI, http: httpx.AsyncClient, headers: dict[str, str]
) -> None:
    for path, operations in app.openapi()["paths"].items():
        if not path.startswith("/api/v1/service"):
            continue
        for method in operations:
            answer = await http.request(method, path.replace("{", "").replace("}", ""), headers=headers)
            assert answer.status_code == 401, (method, path)
            assert answer.headers["www-authenticate"] == "Bearer"
