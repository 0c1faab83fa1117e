import uuid
from typing import Any

import httpx
import pytest

from backoffice.client.errors import BackofficeRefused, Conflict, InvalidRequest
from backoffice.client.schemas import Author, Channel, MessageKind
from tests.bot.fakes import FakeBackoffice, too_many

ID = "0b8f6c0e-8f5b-4a6e-9f53-0a9f2f1f7c11"


async def test_a_message_is_stored_and_then_acknowledged(
    backoffice: FakeBackoffice, citizen: httpx.AsyncClient
) -> None:
    answer = await citizen.post("/chat/messages", json={"id": ID, "text": "  привіт "})
    assert (answer.status_code, answer.json()) == (202, {"id": ID, "seq": 1})
    (request,) = backoffice.recorded.values()
    assert (request.channel, request.external_id) == (Channel.WEB, f"s1:{ID}")
    assert (request.kind, request.text, request.language) == (MessageKind.TEXT, "  привіт ", "uk")
    assert request.conversation_id == "conversation-1"


async def test_the_same_id_again_answers_the_same_and_is_stored_once(
    backoffice: FakeBackoffice, citizen: httpx.AsyncClient
) -> None:
    answers = [
        (await citizen.post("/chat/messages", json={"id": ID.upper(), "text": "ciao"})).json()
        for _ in range(3)
    ]
    assert answers == [{"id": ID, "seq": 1}] * 3
    assert len(backoffice.recorded) == 1


async def test_a_press_carries_the_token_of_its_button(
    backoffice: FakeBackoffice, citizen: httpx.AsyncClient
) -> None:
    answer = await citizen.post("/chat/messages", json={"id": ID, "button": "tok-1"})
    assert answer.status_code == 202
    (request,) = backoffice.recorded.values()
    assert (request.kind, request.button, request.text) == (MessageKind.BUTTON, "tok-1", None)


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"id": ID},
        {"id": "not a uuid", "text": "ciao"},
        {"id": ID, "text": ""},
        {"id": ID, "text": " \n\u2003"},
        {"id": ID, "text": "x" * 4097},
        {"id": ID, "text": "ciao", "button": "t"},
        {"id": ID, "button": ""},
        {"id": ID, "button": "t" * 101},
        {"id": ID, "text": "ciao", "sender": "another"},
        {"id": ID, "text": "ciao", "metadata": {"turn_id": "1"}},
        {"id": ID, "text": "ciao", "input_channel": "telegram"},
        {"id": ID, "text": ["ciao"]},
        ["ciao"],
        None,
    ],
)
async def test_what_is_no_message_is_refused_and_not_quoted(
    backoffice: FakeBackoffice, citizen: httpx.AsyncClient, body: Any
) -> None:
    answer = await citizen.post("/chat/messages", json=body)
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert "ciao" not in answer.text
    assert backoffice.recorded == {}


async def test_a_slash_is_only_a_text_here(backoffice: FakeBackoffice, citizen: httpx.AsyncClient) -> None:
    for text in ("/delete_my_data", '  /inform{"people": 99}', "\u2003/restart", "/start"):
        await citizen.post("/chat/messages", json={"id": str(uuid.uuid4()), "text": text})
    assert {request.kind for request in backoffice.recorded.values()} == {MessageKind.TEXT}


async def test_while_the_backoffice_is_away_the_page_is_asked_to_keep_the_message(
    backoffice: FakeBackoffice, citizen: httpx.AsyncClient
) -> None:
    await citizen.get("/chat/messages")
    backoffice.away = True
    answer = await citizen.post("/chat/messages", json={"id": ID, "text": "ciao"})
    assert answer.status_code == 503
    assert answer.headers["content-type"] == "application/problem+json"
    assert int(answer.headers["Retry-After"]) > 0
    backoffice.away = False
    assert (await citizen.post("/chat/messages", json={"id": ID, "text": "ciao"})).status_code == 202


@pytest.mark.parametrize(
    ("refusal", "status"),
    [
        (too_many(20), 429),
        (Conflict(409, "Conflict", "words of the backoffice"), 409),
        (InvalidRequest(422, "Unprocessable", "words of the backoffice"), 422),
        (InvalidRequest(400, "Bad", "words of the backoffice"), 422),
        (BackofficeRefused(401, "our token is wrong"), 503),
        (BackofficeRefused(403, "our token is wrong"), 503),
    ],
)
async def test_a_refusal_of_the_backoffice_is_a_problem_without_its_words(
    backoffice: FakeBackoffice, citizen: httpx.AsyncClient, refusal: Exception, status: int
) -> None:
    backoffice.refusals["record_message"] = refusal
    answer = await citizen.post("/chat/messages", json={"id": ID, "text": "ciao"})
    assert answer.status_code == status
    assert answer.json()["status"] == status
    assert "backoffice" not in answer.text
    if status == 429:
        assert answer.headers["Retry-After"] == "20"


async def test_a_crash_of_ours_is_a_problem_too(
    backoffice: FakeBackoffice, citizen: httpx.AsyncClient
) -> None:
    backoffice.refusals["record_message"] = RuntimeError("words of a person")
    answer = await citizen.post("/chat/messages", json={"id": ID, "text": "ciao"})
    assert answer.status_code == 500
    assert answer.headers["content-type"] == "application/problem+json"
    assert "words" not in answer.text


async def test_messages_after_a_number_are_read_in_the_contracts_form(
    backoffice: FakeBackoffice, citizen: httpx.AsyncClient
) -> None:
    for words in ("uno", "due", "tre"):
        await backoffice.say("conversation-1", words)
    page = (await citizen.get("/chat/messages", params={"after": 1})).json()
    assert [message["text"] for message in page["messages"]] == ["due", "tre"]
    assert set(page["messages"][0]) >= {
        "seq",
        "from",
        "text",
        "language",
        "direction",
        "buttons",
        "attachments",
        "original",
        "at",
    }
    assert page["messages"][0]["from"] == Author.ASSISTANT
    assert page["messages"][0]["buttons"] == [{"label": "Sì", "token": "t1"}]
    assert (page["last_seq"], page["mode"]) == (3, "assistant")


@pytest.mark.parametrize("after", ["-1", "x", "1.5", "9" * 20, "²"])
async def test_a_number_that_is_none_is_refused(citizen: httpx.AsyncClient, after: str) -> None:
    assert (await citizen.get("/chat/messages", params={"after": after})).status_code == 422


async def test_the_language_is_changed_to_one_that_is_spoken(
    backoffice: FakeBackoffice, citizen: httpx.AsyncClient
) -> None:
    answer = await citizen.put("/chat/language", json={"language": "ar"})
    assert (answer.status_code, answer.json()) == (200, {"language": "ar", "direction": "rtl"})
    assert backoffice.languages["conversation-1"] == "ar"
    assert (await citizen.put("/chat/language", json={"language": "fr"})).status_code == 422


async def test_a_large_body_is_refused_by_its_claim_and_by_what_arrives(citizen: httpx.AsyncClient) -> None:
    large = b'{"text": "' + b"x" * 70_000 + b'"}'

    async def in_pieces() -> Any:
        for start in range(0, len(large), 1000):
            yield large[start : start + 1000]

    claimed = await citizen.post("/chat/messages", content=large)
    arrived = await citizen.post("/chat/messages", content=in_pieces())
    assert (claimed.status_code, arrived.status_code) == (413, 413)
    assert arrived.headers["content-type"] == "application/problem+json"
