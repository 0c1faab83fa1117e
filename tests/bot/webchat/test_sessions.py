import httpx
import pytest

from bot.webchat.limits import RateLimit
from tests.bot.fakes import FakeBackoffice, FakeTime


async def test_a_session_is_opened_in_the_language_asked_for(http: httpx.AsyncClient) -> None:
    answer = await http.post("/chat/sessions", json={"language": "ar"})
    assert answer.status_code == 201
    opened = answer.json()
    assert opened["session"]
    assert opened["token"]
    assert (opened["language"], opened["direction"]) == ("ar", "rtl")
    assert opened["office"]["phone"] == "0373 398400"


async def test_a_conversations_number_opens_nothing(http: httpx.AsyncClient) -> None:
    opened = (await http.post("/chat/sessions")).json()
    for guess in (opened["conversation_id"], opened["session"]):
        answer = await http.get("/chat/messages", headers={"Authorization": f"Bearer {guess}"})
        assert answer.status_code == 401


@pytest.mark.parametrize(
    "body",
    [{}, {"language": "fr"}, {"language": None}],
)
async def test_without_a_language_of_ours_nothing_is_chosen_and_italian_begins(
    http: httpx.AsyncClient, body: dict[str, str | None]
) -> None:
    answer = await http.post("/chat/sessions", json=body, headers={"Accept-Language": "uk-UA,uk"})
    assert (answer.status_code, answer.json()["language"]) == (201, "it")


async def test_an_empty_body_opens_a_session_too(http: httpx.AsyncClient) -> None:
    assert (await http.post("/chat/sessions")).status_code == 201


@pytest.mark.parametrize(
    "body", [b"{", b"[]", b'{"language": 7}', b'{"language": "UKR"}', b'{"sender": "x"}']
)
async def test_what_is_no_request_is_a_problem_with_its_fields(http: httpx.AsyncClient, body: bytes) -> None:
    answer = await http.post("/chat/sessions", content=body)
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert (problem["status"], problem["title"]) == (422, "Unprocessable Entity")
    assert problem["errors"][0]["field"]


async def test_one_address_opens_sixty_sessions_a_minute(http: httpx.AsyncClient) -> None:
    for _ in range(60):
        assert (await http.post("/chat/sessions")).status_code == 201
    refused = await http.post("/chat/sessions")
    assert refused.status_code == 429
    assert 1 <= int(refused.headers["Retry-After"]) <= 60


def test_a_limit_counts_each_key_apart_and_forgets_after_its_time() -> None:
    time = FakeTime()
    limit = RateLimit(2, seconds=60, clock=time)
    assert [limit.wait_seconds("a") for _ in range(3)] == [0, 0, 60]
    assert limit.wait_seconds("b") == 0
    time.now += 59
    assert limit.wait_seconds("a") == 1
    time.now += 1
    assert limit.wait_seconds("a") == 0


@pytest.mark.parametrize(
    "header", ["", "Bearer", "Bearer ", "Basic token-1", "Bearer nobody", "Bearer " + "x" * 300]
)
@pytest.mark.parametrize("path", ["/chat/messages", "/chat/events", "/chat/attachments/a1"])
async def test_without_a_valid_token_nothing_is_shown(
    http: httpx.AsyncClient, header: str, path: str
) -> None:
    answer = await http.get(path, headers={"Authorization": header})
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == "Bearer"


async def test_a_token_in_the_address_is_no_token(citizen: httpx.AsyncClient) -> None:
    token = citizen.headers.pop("Authorization").removeprefix("Bearer ")
    assert (await citizen.get("/chat/messages", params={"token": token})).status_code == 401


async def test_a_session_is_looked_up_once_and_remembered(
    backoffice: FakeBackoffice, citizen: httpx.AsyncClient
) -> None:
    for _ in range(3):
        assert (await citizen.get("/chat/messages")).status_code == 200
    assert backoffice.calls["find_session"] == 1
