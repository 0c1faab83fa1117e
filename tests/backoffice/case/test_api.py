from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy.orm import Session

from backoffice.case.models import Case
from backoffice.client.schemas import CaseType
from backoffice.staff.models import Organisation, Staff
from backoffice.staff.roles import Role
from tests.backoffice.case.cases import create_case, create_person
from tests.backoffice.factories import NOW, create_organisation, create_staff, sign_in

HOUSING = {"municipalities": ["Crema"], "budget_eur_month": 600, "people": 4, "rooms": 2}
OPENING = {
    "type": "housing",
    "person": {"name": "Ahmed Nassar", "phone": "+393330000009"},
    "language": "ar",
    "intake": HOUSING,
}


@dataclass(frozen=True)
class Desk:
    """A case, a caseworker who may do everything with it, and a coordinator of a partner."""

    case: Case
    staff: Staff
    headers: dict[str, str]
    partner: Organisation

    @property
    def path(self) -> str:
        return f"/api/v1/cases/{self.case.id}"


@pytest.fixture
def desk(session: Session) -> Desk:
    staff = create_staff(session, name="Sara Ferri", roles=frozenset({Role.CASEWORKER}))
    case = create_case(session, intake=HOUSING)
    found = Desk(case, staff, sign_in(session, staff), create_organisation(session))
    session.commit()
    return found


def headers_of(session: Session, role: Role, organisation: Organisation | None = None) -> dict[str, str]:
    headers = sign_in(session, create_staff(session, roles=frozenset({role}), organisation=organisation))
    session.commit()
    return headers


async def listed(http: httpx.AsyncClient, headers: dict[str, str], **query: Any) -> list[str]:
    answer = await http.get("/api/v1/cases", params=query, headers=headers)
    assert answer.status_code == 200, answer.text
    return [item["id"] for item in answer.json()["items"]]


async def test_a_case_has_the_shape_of_the_contract(http: httpx.AsyncClient, desk: Desk) -> None:
    case = (await http.get(desk.path, headers=desk.headers)).json()
    assert case["number"] == desk.case.number
    assert (case["type"], case["phase"], case["status"], case["source"]) == (
        "housing",
        "reception",
        "new",
        "web",
    )
    assert case["person"] == {
        "id": desk.case.person_id,
        "name": "Олена Коваленко",
        "phone": "+393330000001",
        "languages": ["uk"],
    }
    assert case["intake"] == HOUSING
    assert case["opened_at"] == "2026-12-02T10:00:00Z"
    assert (case["assignee"], case["conversation"], case["language"]) == (None, None, "uk")
    assert case["organisation"]["slug"] == "csc"


@pytest.mark.parametrize(
    "role", [Role.ADMINISTRATOR, Role.PLANNER, Role.AUDITOR, Role.CARE_DESK, Role.MEDIATOR]
)
async def test_roles_without_a_ground_get_404(
    http: httpx.AsyncClient, session: Session, desk: Desk, role: Role
) -> None:
    headers = headers_of(session, role)
    unknown = await http.get("/api/v1/cases/nothing", headers=headers)
    forbidden = await http.get(desk.path, headers=headers)
    assert (forbidden.status_code, forbidden.content) == (404, unknown.content)
    for tail in ("/notes", "/events"):
        assert (await http.get(desk.path + tail, headers=headers)).status_code == 404
    assert (await http.patch(desk.path, json={"needs": []}, headers=headers)).status_code == 404
    assert (await http.post(desk.path + "/notes", json={"text": "x"}, headers=headers)).status_code == 404


@pytest.mark.parametrize("role", [Role.CASEWORKER, Role.COORDINATOR, Role.HOUSING_DESK])
async def test_a_partner_sees_only_its_own_cases(
    http: httpx.AsyncClient, session: Session, desk: Desk, role: Role
) -> None:
    own = create_case(session, organisation=desk.partner)
    headers = headers_of(session, role, desk.partner)
    assert (await http.get(desk.path, headers=headers)).status_code == 404
    assert await listed(http, headers) == [own.id]
    assert await listed(http, desk.headers) == [desk.case.id]


async def test_each_desk_sees_its_own_types(http: httpx.AsyncClient, session: Session, desk: Desk) -> None:
    care = create_case(session, type=CaseType.CARE_REQUEST)
    reception = create_case(session, type=CaseType.RECEPTION)
    assert await listed(http, headers_of(session, Role.HOUSING_DESK)) == [desk.case.id]
    assert await listed(http, headers_of(session, Role.CARE_DESK)) == [care.id]
    assert len(await listed(http, headers_of(session, Role.COORDINATOR))) == 3
    assert reception.id not in await listed(http, headers_of(session, Role.HOUSING_DESK))


async def test_without_a_token_there_is_nothing(http: httpx.AsyncClient, desk: Desk) -> None:
    answer = await http.get(desk.path)
    assert answer.status_code == 401
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"type": "housing"}, True),
        ({"type": "care_work"}, False),
        ({"phase": "reception"}, True),
        ({"phase": "closed"}, False),
        ({"status": "new"}, True),
        ({"assignee": "none"}, True),
        ({"assignee": "me"}, False),
        ({"organisation": "csc"}, True),
        ({"organisation": "elsewhere"}, False),
        ({"municipality": "Crema"}, True),
        ({"municipality": "Pandino"}, False),
        ({"language": "uk"}, True),
        ({"language": "ar"}, False),
        ({"q": "коваленко"}, True),
        ({"q": "ОЛЕНА crema"}, True),
        ({"q": "0000001"}, True),
        ({"q": "rossi"}, False),
        ({"q": "%"}, False),
    ],
)
async def test_filters_narrow_the_list(
    http: httpx.AsyncClient, desk: Desk, query: dict[str, str], found: bool
) -> None:
    assert (await listed(http, desk.headers, **query) == [desk.case.id]) is found


async def test_a_number_is_found_however_it_is_typed(http: httpx.AsyncClient, desk: Desk) -> None:
    typed = desk.case.number.replace("-", " ").lower()
    assert await listed(http, desk.headers, q=typed) == [desk.case.id]


async def test_the_cursor_shows_every_case_once(
    http: httpx.AsyncClient, session: Session, desk: Desk
) -> None:
    for minutes in (1, 1, 1, 2, 3):
        create_case(session, now=NOW + timedelta(minutes=minutes))
    session.commit()
    seen: list[str] = []
    cursor = None
    while True:
        query = {"limit": 2} if cursor is None else {"limit": 2, "cursor": cursor}
        page = (await http.get("/api/v1/cases", params=query, headers=desk.headers)).json()
        seen += [item["id"] for item in page["items"]]
        cursor = page["next"]
        if cursor is None:
            break
    assert len(seen) == len(set(seen)) == 6
    assert seen[-1] == desk.case.id


@pytest.mark.parametrize("query", [{"cursor": "rubbish"}, {"limit": 0}, {"limit": 201}, {"type": "pizza"}])
async def test_a_list_refuses_what_it_cannot_read(
    http: httpx.AsyncClient, desk: Desk, query: dict[str, Any]
) -> None:
    answer = await http.get("/api/v1/cases", params=query, headers=desk.headers)
    assert answer.status_code == 422
    assert answer.json()["status"] == 422


async def test_a_case_is_opened_once_for_one_key(http: httpx.AsyncClient, desk: Desk) -> None:
    headers = {**desk.headers, "Idempotency-Key": "one"}
    first = await http.post("/api/v1/cases", json=OPENING, headers=headers)
    again = await http.post("/api/v1/cases", json=OPENING, headers=headers)
    other = await http.post("/api/v1/cases", json={**OPENING, "language": "fr"}, headers=headers)
    assert (first.status_code, again.json()) == (201, first.json())
    assert other.status_code == 409
    assert len(await listed(http, desk.headers)) == 2
    assert first.json()["intake"]["budget_eur_month"] == 600
    assert first.json()["person"]["name"] == "Ahmed Nassar"


@pytest.mark.parametrize(
    "change",
    [{"intake": {"people": "molti"}}, {"person": None}, {"person_id": "x"}, {"type": "pizza"}, {"colour": 1}],
)
async def test_a_case_with_a_wrong_part_is_not_opened(
    http: httpx.AsyncClient, desk: Desk, change: dict[str, Any]
) -> None:
    answer = await http.post("/api/v1/cases", json={**OPENING, **change}, headers=desk.headers)
    assert answer.status_code == 422


async def test_a_desk_opens_no_case_of_another_desk(
    http: httpx.AsyncClient, session: Session, desk: Desk
) -> None:
    headers = headers_of(session, Role.CARE_DESK)
    assert (await http.post("/api/v1/cases", json=OPENING, headers=headers)).status_code == 404


async def test_nobody_opens_a_case_for_a_stranger_s_person(
    http: httpx.AsyncClient, session: Session, desk: Desk
) -> None:
    stranger = create_person(session, organisation=desk.partner)
    session.commit()
    opening = {**OPENING, "person": None, "person_id": stranger.id}
    assert (await http.post("/api/v1/cases", json=opening, headers=desk.headers)).status_code == 404


async def test_a_change_is_whole_or_nothing(http: httpx.AsyncClient, desk: Desk) -> None:
    wrong = {"assignee": desk.staff.id, "phase": "delivery"}
    assert (await http.patch(desk.path, json=wrong, headers=desk.headers)).status_code == 409
    assert (await http.get(desk.path, headers=desk.headers)).json()["assignee"] is None
    right = {
        "assignee": desk.staff.id,
        "phase": "taking_charge",
        "needs": ["rent", "documents"],
        "ground": "law",
        "ground_words": "Minore solo.",
    }
    changed = (await http.patch(desk.path, json=right, headers=desk.headers)).json()
    assert changed["assignee"] == {"id": desk.staff.id, "name": "Sara Ferri"}
    assert (changed["phase"], changed["status"]) == ("taking_charge", "in_progress")
    assert changed["needs"] == ["documents", "rent"]


async def test_closing_and_reopening_tell_their_reasons(http: httpx.AsyncClient, desk: Desk) -> None:
    closing = {"phase": "closed", "closing_reason": "goal_reached"}
    closed = (await http.patch(desk.path, json=closing, headers=desk.headers)).json()
    assert (closed["status"], closed["closing_reason"]) == ("closed", "goal_reached")
    refused = await http.patch(desk.path, json={"phase": "reception"}, headers=desk.headers)
    assert refused.status_code == 422
    reopening = {"phase": "reception", "reason": "ha perso la casa"}
    assert (await http.patch(desk.path, json=reopening, headers=desk.headers)).json()["closed_at"] is None
    events = (await http.get(desk.path + "/events", headers=desk.headers)).json()["items"]
    assert [event["kind"] for event in events] == ["opened", "closed", "reopened"]
    assert events[-1]["by"]["name"] == "Sara Ferri"


async def test_a_note_is_added_once_for_one_key(http: httpx.AsyncClient, desk: Desk) -> None:
    headers = {**desk.headers, "Idempotency-Key": "note-1"}
    note = {"kind": "shared", "text": "Visita mercoledì."}
    first = await http.post(desk.path + "/notes", json=note, headers=headers)
    again = await http.post(desk.path + "/notes", json=note, headers=headers)
    assert (first.status_code, again.json()) == (201, first.json())
    notes = (await http.get(desk.path + "/notes", headers=desk.headers)).json()["items"]
    assert [(each["kind"], each["text"], each["author"]["name"]) for each in notes] == [
        ("shared", "Visita mercoledì.", "Sara Ferri")
    ]


async def test_a_note_of_spaces_is_refused(http: httpx.AsyncClient, desk: Desk) -> None:
    answer = await http.post(desk.path + "/notes", json={"text": " \n "}, headers=desk.headers)
    assert answer.status_code == 422


async def test_people_are_known_through_their_cases(
    http: httpx.AsyncClient, session: Session, desk: Desk
) -> None:
    path = f"/api/v1/persons/{desk.case.person_id}"
    assert (await http.get(path, headers=desk.headers)).json()["name"] == "Олена Коваленко"
    assert (await http.get(path, headers=headers_of(session, Role.HOUSING_DESK))).status_code == 200
    assert (await http.get(path, headers=headers_of(session, Role.CARE_DESK))).status_code == 404
    assert (await http.get(path, headers=headers_of(session, Role.PLANNER))).status_code == 404
    partner = headers_of(session, Role.COORDINATOR, desk.partner)
    assert (await http.get(path, headers=partner)).status_code == 404
    assert (await http.get("/api/v1/persons", headers=partner)).json() == {"items": [], "next": None}
