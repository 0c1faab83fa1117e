"""Who gets what: attacks 5, 7, 14, 15, 16, 20 and 49, on every route that there is."""

from __future__ import annotations

import json
from typing import Any

import httpx
from fastapi import FastAPI
from sqlalchemy.orm import Session

from tests.attacks.house import SERVICE, House, fields_of, of_staff
from tests.attacks.house import house as house
from tests.attacks.routes import OPEN_TO_ALL, Call, calls
from tests.backoffice.attachment.samples import JPEG
from tests.backoffice.factories import create_conversation

NOT_OF_ONE_BODY = (
    "/cases/of-conversation/{conversation_id}",
    "/api/v1/guide/{topic}",
    "/directory/bodies/{body_id}",
    "/directory/places/{location_id}",
    "/directory/services/{service_id}",
    "/planning/figures/{code}",
)
"""The first shows what its reader may see, here nothing (tested below); others are public, or figures."""


def of_administration(call: Call) -> bool:
    """Tell whether an administrator of the same organisation is no stranger to this."""
    shared = ("/question-sets", "/guide", "/directory")
    return bool({"account_id", "unit_id"} & set(call.places)) or call.path.startswith(shared)


async def test_attack_5_an_id_in_an_address_opens_nothing_without_identification(
    http: httpx.AsyncClient, house: House
) -> None:
    nobodies: list[dict[str, Any]] = [{}, {"Authorization": "Bearer x"}, {"Authorization": b"Bearer \xe9"}]
    for call in calls():
        if (call.method, call.path) in OPEN_TO_ALL:
            continue
        for headers in nobodies:
            how: dict[str, Any] = {"json": fields_of(call)} if call.body and not call.is_form else {}
            answer = await http.request(call.method, call.filled(house.ids), headers=headers, **how)
            assert answer.status_code == 401, str(call)


async def test_attack_7_no_other_origin_opens_a_stream_or_reads_an_answer(
    http: httpx.AsyncClient, chat: httpx.AsyncClient, house: House
) -> None:
    session = (await chat.post("/chat/sessions", json={"language": "it"})).json()
    cookies = {"Cookie": f"token={session['token']}; sportello={session['token']}"}
    assert (await chat.get("/chat/events", headers=cookies)).status_code == 401
    assert (await chat.get("/chat/events", params={"token": session["token"]})).status_code == 401
    evil = {"Origin": "https://evil.example", "Access-Control-Request-Method": "GET"}
    for client, path in ((chat, "/chat/events"), (chat, "/chat/messages"), (http, "/live/events")):
        for method in ("OPTIONS", "HEAD", "POST"):
            answer = await client.request(method, path, headers=evil)
            assert not [name for name in answer.headers if name.startswith("access-control-")], path
            assert answer.headers["cross-origin-resource-policy"] == "same-origin", path
    for call in calls():
        answer = await http.options(call.filled(house.ids), headers=evil)
        assert not [name for name in answer.headers if name.startswith("access-control-")], str(call)
        assert answer.headers["cross-origin-resource-policy"] == "same-origin", str(call)


async def test_attack_20_staff_with_every_role_are_not_the_service(
    http: httpx.AsyncClient, house: House
) -> None:
    for call in calls():
        if call.is_for_service:
            path = call.filled(house.ids)
            answer = await http.request(call.method, path, json={}, headers=house.insider)
            assert answer.status_code == 401, str(call)


async def test_attack_14_the_things_of_another_body_do_not_exist(
    http: httpx.AsyncClient, house: House
) -> None:
    for call in calls():
        if not of_staff(call) or not call.places or call.path in NOT_OF_ONE_BODY:
            continue
        for headers in (house.stranger,) if of_administration(call) else (house.stranger, house.powerless):
            how: dict[str, Any] = {"data" if call.is_form else "json": fields_of(call)} if call.body else {}
            path = call.filled(house.ids)
            answer = await http.request(call.method, path, params={"after": 0}, headers=headers, **how)
            assert answer.status_code == 404, (str(call), answer.text)


async def test_attack_14_lists_of_another_body_are_empty(http: httpx.AsyncClient, house: House) -> None:
    for path in ("/api/v1/cases", "/api/v1/persons", "/api/v1/conversations", "/api/v1/callbacks"):
        items = (await http.get(path, headers=house.stranger)).json()["items"]
        assert not {item["id"] for item in items} & set(house.ids.values()), path
    shown = await http.get(f"/cases/of-conversation/{house.ids['conversation_id']}", headers=house.stranger)
    assert house.ids["case_id"] not in shown.text


async def test_attack_14_the_audit_trail_of_another_body_is_not_there(
    http: httpx.AsyncClient, house: House, session: Session
) -> None:
    case = f"/api/v1/cases/{house.ids['case_id']}"
    assert (await http.get(case, headers=house.insider)).status_code == 200  # leaves an entry
    for path in ("/api/v1/audit", "/audit", "/audit.csv"):
        assert house.ids["case_id"] in (await http.get(path, headers=house.powerless)).text, path
        shown = await http.get(path, headers=house.stranger)
        assert shown.status_code == 200
        assert not [number for number in house.ids.values() if f">{number}<" in shown.text], path
    for query in ({"subject_id": house.ids["case_id"]}, {"actor": house.ids["staff_id"]}):
        answer = await http.get("/api/v1/audit", params=query, headers=house.stranger)
        assert answer.json() == {"items": [], "next": None}


async def test_attack_17_another_body_does_not_even_hear_that_something_happens(
    http: httpx.AsyncClient, house: House
) -> None:
    for headers in (house.stranger, house.powerless):
        assert (await http.get("/live/events", headers=headers)).status_code == 404


async def test_attack_15_a_file_is_found_only_through_its_own_conversation(
    http: httpx.AsyncClient, house: House, session: Session
) -> None:
    other = create_conversation(session)
    session.commit()
    stored = await http.post(
        "/api/v1/service/attachments",
        params={"kind": "photo", "conversation_id": house.ids["conversation_id"]},
        content=JPEG,
        headers={**SERVICE, "Idempotency-Key": "k"},
    )
    number = stored.json()["id"]
    for base in ("/api/v1/conversations", "/conversations"):
        mine = f"{base}/{house.ids['conversation_id']}/attachments/{number}"
        assert (await http.get(mine, headers=house.insider)).status_code == 200
        if base == "/conversations":
            small = await http.get(f"{mine}/preview", headers=house.insider)
            assert (small.status_code, small.headers["content-type"]) == (200, "image/jpeg")
            mixed_preview = f"{base}/{other.id}/attachments/{number}/preview"
            assert (await http.get(mixed_preview, headers=house.insider)).status_code == 404
        mixed = f"{base}/{other.id}/attachments/{number}"
        assert (await http.get(mixed, headers=house.insider)).status_code == 404
    message = {"channel": "web", "external_id": "s:1", "conversation_id": other.id, "kind": "attachment"}
    stolen = await http.post(
        "/api/v1/service/messages", json={**message, "attachment_id": number}, headers=SERVICE
    )
    assert stolen.status_code == 404


def test_attack_16_no_body_may_hold_a_field_that_nobody_knows(app: FastAPI) -> None:
    document = app.openapi()
    schemas = document["components"]["schemas"]
    bodies = {
        f"{method} {path}": operation["requestBody"]["content"]["application/json"]["schema"]["$ref"]
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
        if "application/json" in operation.get("requestBody", {}).get("content", {})
    }
    assert len(bodies) > 10
    loose = [
        where
        for where, name in bodies.items()
        if schemas[name.rpartition("/")[2]].get("additionalProperties") is not False
    ]
    assert loose == []


async def test_attack_16_a_case_takes_neither_owner_nor_number_from_its_caller(
    http: httpx.AsyncClient, house: House
) -> None:
    case = f"/api/v1/cases/{house.ids['case_id']}"
    for extra in ("organisation_id", "organisation", "number", "opened_at", "conversation_id", "status"):
        opening = {"type": "housing", "language": "it", "person": {"name": "A"}, extra: "x"}
        answer = await http.post("/api/v1/cases", json=opening, headers=house.insider)
        assert answer.status_code == 422, extra
        assert (await http.patch(case, json={extra: "x"}, headers=house.insider)).status_code == 422, extra


async def test_attack_49_a_cookie_alone_changes_nothing(http: httpx.AsyncClient, house: House) -> None:
    cookie = {"Cookie": f"sportello={house.insider['Authorization'].partition(' ')[2]}"}
    for call in calls():
        if not of_staff(call) or call.method == "GET":
            continue
        fields = fields_of(call)
        tries: list[dict[str, Any]] = [
            {"headers": cookie, "json": fields},
            {"headers": {**cookie, "Content-Type": "text/plain"}, "content": json.dumps(fields)},
            {"headers": cookie, "data": {**fields, "csrf": "é"}},
            {"headers": {**cookie, "X-CSRF-Token": b"\xe9"}, "data": fields},
            {"headers": {**cookie, "X-CSRF-Token": "0" * 64}, "data": fields},
        ]
        for how in tries:
            answer = await http.request(call.method, call.filled(house.ids), **how)
            assert answer.status_code == 403 or (answer.status_code == 422 and call.body), (str(call), how)
    seen = await http.get(f"/api/v1/conversations/{house.ids['conversation_id']}", headers=house.insider)
    assert seen.json()["mode"] == "assistant"


async def test_attack_49_nobody_is_signed_in_by_a_stranger_s_form(
    http: httpx.AsyncClient, house: House
) -> None:
    fields = {"email": "x@test.example", "password": "x", "next": "/"}
    for csrf in ("", "é", "0" * 64):
        assert (await http.post("/sign-in", data={**fields, "csrf": csrf})).status_code == 403
