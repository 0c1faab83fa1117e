"""Every route and role on own, shared and strange objects: attacks 14, 17, 18. The table is `matrix.py`."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import httpx
import pytest

from backoffice.staff.roles import Role
from tests.attacks.house import fields_of
from tests.attacks.matrix import MATRIX, Row
from tests.attacks.routes import Call, calls
from tests.attacks.village import PARTNERS, SECRETS, Village
from tests.attacks.village import village as village

WITHOUT_CASES = ("administrator", "planner", "auditor")
"""Roles that see no person, whatever body they are of."""

NONSENSE = "zzqqxxjj"

SEARCHES = ("/api/v1/cases", "/cases", "/cases/list", "/conversations", "/conversations/list")
"""What people look for words with; each of their answers is compared with that for a word nobody has."""


def test_every_route_has_its_row_and_every_row_its_route() -> None:
    assert sorted(MATRIX) == [str(call) for call in calls()]


async def answer(http: httpx.AsyncClient, village: Village, call: Call, who: str, ids: dict[str, str]) -> int:
    """Return the status that somebody gets for a call on some objects."""
    fields = {**fields_of(call)}
    if "number" in fields:
        fields["number"] = village.number
    if "staff_id" in fields:
        fields["staff_id"] = ids["staff_id"]
    if "desk" in fields:
        fields |= {"person": ids["person_id"], "desk": ids["desk_id"]}
    if "set_id" in fields:
        fields["set_id"] = ids["set_id"]
    if "listing" in fields:
        fields |= {"case": ids["case_id"], "listing": ids["listing_id"]}
    if "location" in fields:
        fields["location"] = ids["location_id"]
    if "worker" in fields:
        fields |= {"request": ids["request_id"], "worker": ids["worker_id"]}
    if "mediators" in fields:
        fields["mediators"] = [ids["mediator_id"]]
    if call.path == "/api/v1/mediation-hours" and fields:
        fields["organisation"] = ids["asking_body_id"]
    how: dict[str, Any] = {"data" if call.is_form else "json": fields} if call.body else {}
    path, headers = call.filled(ids), village.headers[who]
    return (await http.request(call.method, path, params={"after": 0}, headers=headers, **how)).status_code


def fault(call: Call, status: int, *, may: bool) -> str | None:
    """Return what is wrong with an answer: who may is not refused, who may not gets a 404."""
    right = status < 500 and status not in (401, 403, 404) if may else status == 404
    return None if right else f"{call}: {status} where it {'may' if may else 'may not'}"


def asked(*, may: bool, row: Row) -> bool:
    return not row.public and not ((row.streams or row.absent) and may)


@pytest.mark.parametrize("role", list(Role))
async def test_attack_14_a_role_gets_its_own_body_s_things_as_the_table_says_and_no_stranger_s(
    village: Village, role: Role
) -> None:
    faults = []
    async with village.client() as http:
        for call in calls():
            row = MATRIX[str(call)]
            may = role in row.own
            if asked(may=may, row=row):
                faults.append(fault(call, await answer(http, village, call, role, village.ids), may=may))
            may = row.any_object or role in row.everywhere
            if call.places and asked(may=may, row=row):
                status = await answer(http, village, call, role, village.others)
                faults.append(fault(call, status, may=may))
    assert [each for each in faults if each] == []


@pytest.mark.parametrize("who", PARTNERS)
async def test_attack_14_another_body_gets_what_is_shared_and_accepted_and_nothing_else(
    village: Village, who: str
) -> None:
    faults = []
    async with village.client() as http:
        for call in calls():
            row = MATRIX[str(call)]
            may = row.elsewhere or row.any_object
            if call.places and not row.of_nobody:
                may = row.any_object or (row.shared and who == "partner_accepted")
            if asked(may=may, row=row):
                faults.append(fault(call, await answer(http, village, call, who, village.ids), may=may))
    assert [each for each in faults if each] == []


@pytest.mark.parametrize("who", [*WITHOUT_CASES, *PARTNERS[1:]])
async def test_attack_17_nothing_that_answers_tells_of_another_body_s_case(
    village: Village, who: str
) -> None:
    hidden = [*SECRETS.values(), village.ids["case_id"], village.ids["person_id"]]
    if who != "partner_revoked":  # it keeps the number: its own notes stand under it
        hidden.append(village.number)
    found = await told(village, who, hidden)
    # An auditor reads the ids of what their own people opened: the trail holds nothing else.
    trail = ("/audit: 0", "/audit.csv: 0", "/api/v1/audit: 0")
    assert [each for each in found if not each.startswith(trail)] == []


async def test_attack_17_a_partner_is_told_nothing_of_the_parts_that_it_was_not_given(
    village: Village,
) -> None:
    hidden = [SECRETS[name] for name in ("name", "phone", "town", "inner_note", "message")]
    assert await told(village, "partner_narrow", hidden) == []
    shown = await told(village, "partner_narrow", [village.number, SECRETS["shared_note"]])
    assert {each.partition(":")[2].strip() for each in shown} == {village.number, SECRETS["shared_note"]}


@pytest.mark.parametrize("who", ["partner_narrow", *PARTNERS[1:]])
@pytest.mark.parametrize("secret", ["name", "phone", "town", "inner_note", "message"])
async def test_attack_18_a_hidden_word_finds_and_counts_as_much_as_one_that_nobody_has(
    village: Village, who: str, secret: str
) -> None:
    async with village.client() as http:
        for path in SEARCHES:
            found = set()
            for word in (SECRETS[secret].split()[0], NONSENSE):
                answered = await http.get(path, params={"q": word}, headers=village.headers[who])
                found.add(answered.text.replace(word, "").replace(quote(word), ""))
            assert len(found) == 1, path


@pytest.mark.parametrize("narrowed", ["language=uk", "language=pa"])
async def test_attack_18_a_filter_by_something_hidden_finds_nothing(village: Village, narrowed: str) -> None:
    async with village.client() as http:
        headers = village.headers["partner_narrow"]
        found = (await http.get(f"/api/v1/cases?{narrowed}", headers=headers)).json()
        everything = (await http.get("/api/v1/cases", headers=headers)).json()
    assert (len(found["items"]), len(everything["items"])) == (0, 1)


async def told(village: Village, who: str, words: list[str]) -> list[str]:
    """Return which words any reading call that answers somebody tells, each with the call."""
    found = []
    async with village.client() as http:
        for call in calls():
            row = MATRIX[str(call)]
            if call.method != "GET" or row.public or row.streams:
                continue
            for page in ({"after": "0"}, {"after": "0", "limit": "1"}):
                answered = await http.get(call.filled(village.ids), params=page, headers=village.headers[who])
                if answered.is_success:
                    found += [f"{call.path}: {word}" for word in words if word in answered.text]
    return sorted(set(found))
