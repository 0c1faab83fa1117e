"""The page that gives out a list's sheet: a PDF for who has the link, nothing for anybody else."""

from __future__ import annotations

import httpx
import pytest
from sqlalchemy.orm import Session

from backoffice.checklist.service import lists_of
from tests.backoffice.guide_chat.test_checklist import HOUSE, SAVE, chat, choose, token_in


async def test_who_has_the_link_gets_the_sheet_as_a_pdf(session: Session, http: httpx.AsyncClient) -> None:
    conversation = chat(session, language="ar")
    choose(session, conversation, SAVE)
    [kept] = lists_of(session, conversation)
    token = token_in(choose(session, conversation, f"checklist:card:{kept.id}"))
    session.commit()
    answer = await http.get(f"/checklist/{token}")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/pdf"
    assert "no-store" in answer.headers["cache-control"]
    assert answer.content.startswith(b"%PDF")
    assert HOUSE.encode() not in answer.content


@pytest.mark.parametrize("token", ["none", "a" * 43, "%00", "..%2Fstaff"])
async def test_without_a_link_of_ours_there_is_nothing(http: httpx.AsyncClient, token: str) -> None:
    assert (await http.get(f"/checklist/{token}")).status_code == 404
