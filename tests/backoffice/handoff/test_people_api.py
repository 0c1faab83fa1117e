"""The floor's calls that are about colleagues, over HTTP."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from sqlalchemy.orm import Session

from backoffice.client.schemas import SystemAnswer
from backoffice.handoff.queue import request_handoff
from backoffice.staff.models import Gender
from backoffice.staff.roles import Role
from tests.backoffice.databases import FrozenClock
from tests.backoffice.factories import create_conversation, create_staff, send, sign_in
from tests.backoffice.handoff.floor import press, waiting
from tests.backoffice.handoff.test_waiting_room import ASKED, NIGHT


@dataclass(frozen=True)
class Desk:
    """A conversation that waits, and the people of the desk, signed in."""

    path: str
    epoch: int
    ids: dict[str, str]
    tokens: dict[str, dict[str, str]]


@pytest.fixture
def desk(session: Session) -> Desk:
    conversation = waiting(session)
    staff = {
        "amina": create_staff(session, name="Amina Haddad", gender=Gender.WOMAN),
        "sara": create_staff(session, name="Sara Ferri", roles=frozenset({Role.CASEWORKER})),
        "carlo": create_staff(
            session, name="Carlo Bianchi", roles=frozenset({Role.COORDINATOR}), gender=Gender.MAN
        ),
    }
    found = Desk(
        path=f"/api/v1/conversations/{conversation.id}",
        epoch=conversation.epoch,
        ids={name: each.id for name, each in staff.items()},
        tokens={name: sign_in(session, each) for name, each in staff.items()},
    )
    session.commit()
    return found


async def act(http: httpx.AsyncClient, desk: Desk, who: str, verb: str, **body: Any) -> httpx.Response:
    return await http.post(f"{desk.path}/{verb}", json=body, headers=desk.tokens[who])


async def take(http: httpx.AsyncClient, desk: Desk) -> int:
    taken = await act(http, desk, "amina", "claim", epoch=desk.epoch)
    epoch: int = taken.json()["epoch"]
    return epoch


async def test_a_coordinator_takes_over_and_the_old_holder_gets_409_with_the_name(
    http: httpx.AsyncClient, desk: Desk
) -> None:
    epoch = await take(http, desk)
    taken = await act(http, desk, "carlo", "take-over", epoch=epoch, reason="È in ferie")
    assert (taken.status_code, taken.json()["holder"]["id"]) == (200, desk.ids["carlo"])
    refused = await act(http, desk, "amina", "reply", epoch=epoch, text="Ciao")
    assert refused.status_code == 409
    assert "Carlo Bianchi" in refused.json()["detail"]
    assert (await act(http, desk, "sara", "take-over", epoch=epoch + 1, reason="x")).status_code == 404
    assert (await act(http, desk, "carlo", "take-over", epoch=epoch, reason="")).status_code == 422


async def test_a_second_person_joins_writes_and_leaves(http: httpx.AsyncClient, desk: Desk) -> None:
    epoch = await take(http, desk)
    joined = await act(http, desk, "amina", "participants", epoch=epoch, to=desk.ids["sara"])
    assert joined.status_code == 201
    assert joined.json()["participants"] == [{"id": desk.ids["sara"], "name": "Sara Ferri"}]
    epoch = joined.json()["epoch"]
    said = await act(http, desk, "sara", "reply", epoch=epoch, text="Buongiorno")
    assert (said.status_code, said.json()["staff"]["name"]) == (201, "Sara Ferri")
    path = f"{desk.path}/participants/{desk.ids['sara']}"
    left = await http.delete(path, headers=desk.tokens["sara"])
    assert (left.status_code, left.json()["participants"]) == (200, [])
    assert (await act(http, desk, "sara", "reply", epoch=epoch, text="Ancora")).status_code == 409


async def test_closing_answers_with_the_reason(http: httpx.AsyncClient, desk: Desk) -> None:
    epoch = await take(http, desk)
    refused = await act(http, desk, "sara", "close", epoch=epoch, reason="answered")
    assert refused.status_code == 409
    closed = await act(http, desk, "amina", "close", epoch=epoch, reason="answered")
    assert (closed.json()["mode"], closed.json()["closed_because"]) == ("closed", "answered")
    assert (await act(http, desk, "amina", "close", epoch=epoch, reason="bored")).status_code == 422


async def test_a_conflict_makes_the_conversation_unknown(http: httpx.AsyncClient, desk: Desk) -> None:
    await take(http, desk)
    assert (await act(http, desk, "amina", "conflict")).status_code == 204
    gone = [
        await http.get(desk.path, headers=desk.tokens["amina"]),
        await http.get(f"{desk.path}/messages", headers=desk.tokens["amina"]),
        await http.get(f"{desk.path}/people", headers=desk.tokens["amina"]),
        await act(http, desk, "amina", "presence", activity="reading"),
        await act(http, desk, "amina", "claim", epoch=desk.epoch + 2),
        await act(http, desk, "amina", "conflict"),
    ]
    assert {answer.status_code for answer in gone} == {404}
    listed = await http.get("/api/v1/conversations", headers=desk.tokens["amina"])
    assert listed.json()["items"] == []
    seen = (await http.get(desk.path, headers=desk.tokens["carlo"])).json()
    assert (seen["mode"], seen["waiting_reason"]) == ("waiting", "staff")
    path = f"{desk.path}/conflict/{desk.ids['amina']}"
    assert (await http.delete(path, headers=desk.tokens["sara"])).status_code == 404
    assert (await http.delete(path, headers=desk.tokens["carlo"])).status_code == 204
    assert (await http.get(desk.path, headers=desk.tokens["amina"])).status_code == 200


async def test_against_a_wish_a_claim_needs_the_override(
    http: httpx.AsyncClient, desk: Desk, session: Session
) -> None:
    conversation = create_conversation(session)
    request_handoff(session, conversation.id, ASKED, turn_id=None, now=NIGHT)
    conversation.wishes_gender = Gender.WOMAN
    session.commit()
    path = f"/api/v1/conversations/{conversation.id}/claim"
    seen: dict[str, Any] = {"epoch": conversation.epoch}
    refused = await http.post(path, json=seen, headers=desk.tokens["carlo"])
    assert refused.status_code == 409
    taken = await http.post(path, json={**seen, "override": True}, headers=desk.tokens["carlo"])
    assert (taken.status_code, taken.json()["wishes_gender"]) == (200, "woman")


async def test_who_is_there_is_told_to_the_others(http: httpx.AsyncClient, desk: Desk) -> None:
    assert (await act(http, desk, "amina", "presence", activity="reading")).json()["present"] == []
    seen = (await act(http, desk, "carlo", "presence", activity="writing")).json()["present"]
    assert [(each["name"], each["activity"]) for each in seen] == [("Amina Haddad", "reading")]
    assert (await act(http, desk, "amina", "presence", activity="gone")).status_code == 200
    there = await http.get(f"{desk.path}/people", headers=desk.tokens["carlo"])
    assert there.json() == {"epoch": desk.epoch, "present": [], "participants": []}
    assert (await act(http, desk, "amina", "presence", activity="asleep")).status_code == 422


async def test_colleagues_are_listed_for_a_transfer(http: httpx.AsyncClient, desk: Desk) -> None:
    found = (await http.get(f"{desk.path}/colleagues", headers=desk.tokens["amina"])).json()["items"]
    assert [each["name"] for each in found] == ["Carlo Bianchi", "Sara Ferri"]
    assert all(each["speaks_language"] for each in found)


async def test_call_backs_are_listed_and_done(
    http: httpx.AsyncClient, desk: Desk, session: Session, clock: FrozenClock
) -> None:
    conversation = create_conversation(session)
    request_handoff(session, conversation.id, ASKED, turn_id=None, now=NIGHT)
    press(session, conversation, SystemAnswer.CALL_MORNING, now=NIGHT)
    send(session, conversation, "+39 333 123 4567", now=NIGHT)
    who = {name: sign_in(session, create_staff(session), now=NIGHT) for name in ("one", "two")}
    session.commit()
    clock.moment = datetime(2026, 12, 4, 21, 30, tzinfo=UTC)
    assert (await http.get("/api/v1/callbacks", headers=who["one"])).json()["items"] == []
    clock.advance(hours=59)
    headers = sign_in(session, create_staff(session), now=clock())
    session.commit()
    [due] = (await http.get("/api/v1/callbacks", headers=headers)).json()["items"]
    assert (due["conversation_id"], due["person"]["phone"]) == (conversation.id, "+393331234567")
    done = await http.post(f"/api/v1/callbacks/{due['id']}/done", headers=headers)
    assert done.json()["done_at"] is not None
    assert (await http.get("/api/v1/callbacks", headers=headers)).json()["items"] == []
    assert (await http.post("/api/v1/callbacks/none/done", headers=headers)).status_code == 404
