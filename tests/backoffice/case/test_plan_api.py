from __future__ import annotations

import httpx
import pytest
from sqlalchemy.orm import Session

from backoffice.case.models import Case
from backoffice.staff.models import Staff
from backoffice.staff.roles import Role
from tests.backoffice.case.cases import create_case
from tests.backoffice.factories import create_organisation, create_staff, sign_in


@pytest.fixture
def sara(session: Session) -> Staff:
    return create_staff(session, name="Sara Ferri", roles=frozenset({Role.CASEWORKER}))


@pytest.fixture
def case(session: Session) -> Case:
    return create_case(session)


@pytest.fixture
def headers(session: Session, sara: Staff, case: Case) -> dict[str, str]:
    made = sign_in(session, sara)
    session.commit()
    return made


async def test_the_steps_say_what_is_missing_and_a_refused_move_says_the_same(
    http: httpx.AsyncClient, case: Case, headers: dict[str, str]
) -> None:
    path = f"/api/v1/cases/{case.id}"
    steps = (await http.get(f"{path}/steps", headers=headers)).json()["items"]
    assert steps[0]["missing"] == [{"code": "ground", "link": f"/cases/{case.id}#charge"}]
    refused = await http.patch(path, json={"phase": "taking_charge"}, headers=headers)
    assert (refused.status_code, refused.json()["code"]) == (409, "case.error.not_ready")
    assert refused.json()["errors"] == [
        {
            "field": "ground",
            "link": f"/cases/{case.id}#charge",
            "message": "The person's consent, or another ground said in words.",
        }
    ]


async def test_a_plan_is_written_worked_on_and_agreed(
    http: httpx.AsyncClient, session: Session, case: Case, sara: Staff, headers: dict[str, str]
) -> None:
    path = f"/api/v1/cases/{case.id}/plan"
    words = {"words": "Trovare casa", "measure": "Contratto firmato"}
    once = {**headers, "Idempotency-Key": "g"}
    goal = (await http.post(f"{path}/goals", json=words, headers=once)).json()
    assert (await http.post(f"{path}/goals", json=words, headers=once)).json() == goal
    new = {"words": "Visitare tre alloggi", "due_on": "2026-12-20", "operator": sara.id}
    made = await http.post(f"{path}/goals/{goal['id']}/actions", json=new, headers=headers)
    action = made.json()
    assert (made.status_code, action["state"], action["organisation"]) == (
        201,
        "todo",
        case.organisation_id,
    )
    unsaid = {"state": "dropped"}
    where = f"{path}/actions/{action['id']}"
    assert (await http.put(where, json=unsaid, headers=headers)).status_code == 422
    said = {"state": "moved", "outcome": "La segue la Caritas."}
    assert (await http.put(where, json=said, headers=headers)).json()["version"] == 2
    agreed = {"on": "2026-12-02", "language": "uk", "how": "oral", "mediator_present": True}
    assert (await http.put(f"{path}/agreement", json=agreed, headers=headers)).status_code == 200
    plan = (await http.get(path, headers=headers)).json()
    assert plan["agreement"] == agreed
    assert plan["goals"][0]["actions"][0]["outcome"] == "La segue la Caritas."


async def test_two_people_who_change_the_same_are_told_both_values(
    http: httpx.AsyncClient, case: Case, headers: dict[str, str]
) -> None:
    path = f"/api/v1/cases/{case.id}"
    version = (await http.get(path, headers=headers)).json()["version"]
    first = {"municipality": "Pandino", "version": version}
    assert (await http.patch(path, json=first, headers=headers)).status_code == 200
    second = await http.patch(path, json={"municipality": "Soncino", "version": version}, headers=headers)
    assert second.status_code == 409
    (both,) = second.json()["errors"]
    assert (both["field"], both["yours"], both["theirs"]) == ("municipality", "Soncino", "Pandino")
    other = {"needs": ["rent"], "urgent": True, "version": version}
    assert (await http.patch(path, json=other, headers=headers)).status_code == 200


async def test_two_people_who_change_one_action_are_told_both_values(
    http: httpx.AsyncClient, case: Case, headers: dict[str, str]
) -> None:
    path = f"/api/v1/cases/{case.id}/plan/goals"
    goal = (await http.post(path, json={"words": "Casa"}, headers=headers)).json()
    change = {"words": "Una casa", "version": 1}
    assert (await http.put(f"{path}/{goal['id']}", json=change, headers=headers)).status_code == 200
    late = await http.put(f"{path}/{goal['id']}", json={"words": "Due case", "version": 1}, headers=headers)
    assert late.status_code == 409
    assert [(each["yours"], each["theirs"]) for each in late.json()["errors"]] == [("Due case", "Una casa")]


async def test_a_goal_of_another_case_is_not_there(
    http: httpx.AsyncClient, session: Session, case: Case, sara: Staff, headers: dict[str, str]
) -> None:
    other = create_case(session)
    session.commit()
    made = await http.post(f"/api/v1/cases/{other.id}/plan/goals", json={"words": "x"}, headers=headers)
    path = f"/api/v1/cases/{case.id}/plan/goals/{made.json()['id']}"
    assert (await http.put(path, json={"words": "y"}, headers=headers)).status_code == 404
    assert (await http.post(f"{path}/actions", json={"words": "y"}, headers=headers)).status_code == 404


async def test_an_action_is_given_only_to_somebody_of_its_body(
    http: httpx.AsyncClient, session: Session, case: Case, sara: Staff, headers: dict[str, str]
) -> None:
    partner = create_organisation(session)
    session.commit()
    path = f"/api/v1/cases/{case.id}/plan/goals"
    goal = (await http.post(path, json={"words": "Casa"}, headers=headers)).json()
    for wrong in ({"operator": sara.id, "organisation": partner.id}, {"organisation": "nowhere"}):
        answer = await http.post(
            f"{path}/{goal['id']}/actions", json={"words": "x", **wrong}, headers=headers
        )
        assert answer.status_code == 422


async def test_what_phases_need_is_written_by_one_patch(
    http: httpx.AsyncClient, session: Session, case: Case, sara: Staff, headers: dict[str, str]
) -> None:
    path = f"/api/v1/cases/{case.id}"
    first = {"ground": "law", "ground_words": "Minore solo.", "phase": "taking_charge"}
    assert (await http.patch(path, json=first, headers=headers)).json()["phase"] == "taking_charge"
    await http.post(f"{path}/plan/goals", json={"words": "Casa"}, headers=headers)
    then = {"assignee": sara.id, "accept": True, "interviewed_on": "2026-12-01", "phase": "planning"}
    assert (await http.patch(path, json=then, headers=headers)).json()["phase"] == "planning"


async def test_a_note_says_what_it_tells_of_and_in_which_language(
    http: httpx.AsyncClient, case: Case, headers: dict[str, str]
) -> None:
    path = f"/api/v1/cases/{case.id}/notes"
    note = {"kind": "cultural", "text": "Ramadan", "contact": "phone", "language": "it"}
    made = (await http.post(path, json=note, headers=headers)).json()
    assert {name: made[name] for name in note} == note
