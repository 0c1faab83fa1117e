from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
from sqlalchemy.orm import Session

from backoffice.client.schemas import Channel, WaitingReason
from backoffice.conversation.floor import make_wait
from backoffice.staff.roles import Role
from tests.backoffice.factories import (
    NOW,
    create_conversation,
    create_organisation,
    create_staff,
    send,
    sign_in,
)


@dataclass(frozen=True)
class Desk:
    """A conversation that waits, and two mediators who are signed in."""

    path: str
    epoch: int
    amina: dict[str, str]
    olena: dict[str, str]
    olena_id: str


@pytest.fixture
def desk(session: Session) -> Desk:
    conversation = create_conversation(session, channel=Channel.TELEGRAM)
    send(session, conversation, "voglio una persona")
    make_wait(session, conversation, reason=WaitingReason.ASKED, now=NOW)
    amina, olena = create_staff(session), create_staff(session, name="Olena Bondar")
    found = Desk(
        path=f"/api/v1/conversations/{conversation.id}",
        epoch=conversation.epoch,
        amina=sign_in(session, amina),
        olena=sign_in(session, olena),
        olena_id=olena.id,
    )
    session.commit()
    return found


async def act(
    http: httpx.AsyncClient, desk: Desk, verb: str, who: dict[str, str], **body: Any
) -> httpx.Response:
    return await http.post(f"{desk.path}/{verb}", json=body, headers=who)


async def test_two_who_click_at_once_get_one_200_and_one_409(http: httpx.AsyncClient, desk: Desk) -> None:
    answers = await asyncio.gather(
        act(http, desk, "claim", desk.amina, epoch=desk.epoch),
        act(http, desk, "claim", desk.olena, epoch=desk.epoch),
    )
    won, lost = sorted(answers, key=lambda answer: answer.status_code)
    assert (won.status_code, lost.status_code) == (200, 409)
    assert lost.headers["content-type"] == "application/problem+json"
    assert lost.json()["status"] == 409
    taken = (await http.get(desk.path, headers=desk.amina)).json()
    assert taken["holder"]["name"] == won.json()["holder"]["name"]
    assert (taken["mode"], taken["epoch"]) == ("mediator", desk.epoch + 1)


async def test_claim_reply_and_release_from_end_to_end(http: httpx.AsyncClient, desk: Desk) -> None:
    epoch = (await act(http, desk, "claim", desk.amina, epoch=desk.epoch)).json()["epoch"]
    said = await act(http, desk, "reply", desk.amina, epoch=epoch, text="Eccomi", language="it")
    assert said.status_code == 201
    assert (said.json()["from"], said.json()["delivery"]) == ("mediator", "pending")
    assert (await act(http, desk, "heartbeat", desk.amina, epoch=epoch)).status_code == 200
    back = await act(http, desk, "release", desk.amina, epoch=epoch, summary="Tutto chiaro")
    assert (back.json()["mode"], back.json()["holder"]) == ("assistant", None)
    thread = (await http.get(f"{desk.path}/messages", headers=desk.olena)).json()["items"]
    assert [each["from"] for each in thread] == ["citizen", "system", "mediator", "mediator", "system"]
    assert [each["audience"] for each in thread].count("staff") == 1


async def test_a_transfer_moves_the_floor(http: httpx.AsyncClient, desk: Desk) -> None:
    epoch = (await act(http, desk, "claim", desk.amina, epoch=desk.epoch)).json()["epoch"]
    moved = await act(http, desk, "transfer", desk.amina, epoch=epoch, to=desk.olena_id)
    assert moved.json()["holder"]["id"] == desk.olena_id
    refused = await act(http, desk, "reply", desk.amina, epoch=epoch, text="Ciao")
    assert refused.status_code == 409


async def test_the_same_key_says_it_once(http: httpx.AsyncClient, desk: Desk) -> None:
    epoch = (await act(http, desk, "claim", desk.amina, epoch=desk.epoch)).json()["epoch"]
    who = {**desk.amina, "Idempotency-Key": "draft-1"}
    first = await act(http, desk, "reply", who, epoch=epoch, text="Eccomi")
    again = await act(http, desk, "reply", who, epoch=epoch, text="Eccomi")
    assert (again.status_code, again.json()["id"]) == (201, first.json()["id"])
    other = await act(http, desk, "reply", who, epoch=epoch, text="Altro")
    assert other.status_code == 409


@pytest.mark.parametrize("body", [{}, {"epoch": "x"}, {"epoch": 1, "holder": "me"}])
async def test_a_malformed_request_names_its_fields(
    http: httpx.AsyncClient, desk: Desk, body: dict[str, Any]
) -> None:
    answer = await http.post(f"{desk.path}/claim", json=body, headers=desk.amina)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"].startswith("body.")


async def test_without_signing_in_nothing_is_there(http: httpx.AsyncClient, desk: Desk) -> None:
    assert (await http.get(desk.path)).status_code == 401
    assert (await act(http, desk, "claim", {}, epoch=desk.epoch)).status_code == 401


@pytest.mark.parametrize("who", ["partner", "planner", "administrator", "auditor"])
async def test_who_may_not_read_learns_nothing(
    http: httpx.AsyncClient, desk: Desk, session: Session, who: str
) -> None:
    if who == "partner":
        staff = create_staff(session, organisation=create_organisation(session))
    else:
        staff = create_staff(session, roles=frozenset({Role(who)}))
    headers = sign_in(session, staff)
    session.commit()
    unknown = await http.get("/api/v1/conversations/no-such", headers=headers)
    forbidden = await http.get(desk.path, headers=headers)
    assert (unknown.status_code, forbidden.status_code) == (404, 404)
    assert unknown.json() == forbidden.json()
    assert (await http.get(f"{desk.path}/messages", headers=headers)).status_code == 404
    for verb in ("claim", "reply", "release", "transfer", "heartbeat"):
        body = {
            "epoch": 1,
            **({"text": "x"} if verb == "reply" else {}),
            **({"to": "x"} if verb == "transfer" else {}),
        }
        assert (await act(http, desk, verb, headers, **body)).status_code == 404


async def test_the_housing_desk_reads_but_does_not_claim(
    http: httpx.AsyncClient, desk: Desk, session: Session
) -> None:
    headers = sign_in(session, create_staff(session, roles=frozenset({Role.HOUSING_DESK})))
    session.commit()
    assert (await http.get(desk.path, headers=headers)).status_code == 200
    assert (await act(http, desk, "claim", headers, epoch=desk.epoch)).status_code == 404
