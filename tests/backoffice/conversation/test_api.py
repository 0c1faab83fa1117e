from __future__ import annotations

import httpx
import pytest
from sqlalchemy.orm import Session

from backoffice.client.schemas import Author, Channel, WaitingReason
from backoffice.conversation.floor import make_wait
from backoffice.conversation.messages import Draft, write
from tests.backoffice.factories import NOW, create_conversation, create_organisation, create_staff, sign_in
from tests.backoffice.statements import statements_with


@pytest.fixture
def staff(session: Session) -> dict[str, str]:
    headers = sign_in(session, create_staff(session))
    session.commit()
    return headers


async def listed(http: httpx.AsyncClient, staff: dict[str, str], **query: str | int) -> list[str]:
    answer = await http.get("/api/v1/conversations", params=query, headers=staff)
    assert answer.status_code == 200, answer.text
    return [each["id"] for each in answer.json()["items"]]


async def test_the_list_is_narrowed_by_mode_language_and_channel(
    http: httpx.AsyncClient, session: Session, staff: dict[str, str]
) -> None:
    italian = create_conversation(session)
    arabic = create_conversation(session, language="ar", channel=Channel.TELEGRAM)
    make_wait(session, arabic, reason=WaitingReason.ASKED, now=NOW)
    session.commit()
    assert await listed(http, staff) == sorted([italian.id, arabic.id], reverse=True)
    assert await listed(http, staff, mode="waiting") == [arabic.id]
    assert await listed(http, staff, language="it") == [italian.id]
    assert await listed(http, staff, channel="telegram") == [arabic.id]
    assert await listed(http, staff, mode="closed") == []


async def test_pages_follow_each_other_without_gap_or_overlap(
    http: httpx.AsyncClient, session: Session, staff: dict[str, str]
) -> None:
    made = {create_conversation(session).id for _ in range(7)}
    session.commit()
    seen: list[str] = []
    cursor: str | None = None
    while True:
        query = {"limit": "3", **({"cursor": cursor} if cursor else {})}
        page = (await http.get("/api/v1/conversations", params=query, headers=staff)).json()
        seen += [each["id"] for each in page["items"]]
        cursor = page["next"]
        if cursor is None:
            break
    assert len(seen) == 7
    assert set(seen) == made


@pytest.mark.parametrize("limit", [0, -1, 201])
async def test_a_page_has_one_to_two_hundred_items(
    http: httpx.AsyncClient, staff: dict[str, str], limit: int
) -> None:
    answer = await http.get("/api/v1/conversations", params={"limit": limit}, headers=staff)
    assert answer.status_code == 422


async def test_a_thread_is_read_page_by_page(
    http: httpx.AsyncClient, session: Session, staff: dict[str, str]
) -> None:
    conversation = create_conversation(session)
    write(session, conversation, *(Draft(Author.CITIZEN, str(each)) for each in range(5)), now=NOW)
    session.commit()
    path = f"/api/v1/conversations/{conversation.id}/messages"
    first = (await http.get(path, params={"limit": 3}, headers=staff)).json()
    rest = (await http.get(path, params={"limit": 3, "cursor": first["next"]}, headers=staff)).json()
    assert [each["text"] for each in first["items"] + rest["items"]] == ["0", "1", "2", "3", "4"]
    assert rest["next"] is None
    assert first["items"][0]["renderings"] == []


async def test_conversations_of_another_organisation_are_not_listed(
    http: httpx.AsyncClient, session: Session, staff: dict[str, str]
) -> None:
    create_conversation(session, organisation=create_organisation(session))
    session.commit()
    assert await listed(http, staff) == []


async def test_a_list_of_many_takes_no_more_statements_than_one_of_few(
    http: httpx.AsyncClient, session: Session, staff: dict[str, str]
) -> None:
    create_conversation(session)
    session.commit()
    with statements_with("") as of_few:
        assert len(await listed(http, staff)) == 1
    for _ in range(20):
        create_conversation(session)
    session.commit()
    with statements_with("") as of_many:
        assert len(await listed(http, staff)) == 21
    assert len(of_many) == len(of_few) > 0
