"""Who may do what with requests, offers, rosters and hours over the API."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import httpx
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from backoffice.audit.models import AuditEntry
from backoffice.mediation.models import MediationRequest, MediationState
from backoffice.mediation.service import accept, offer
from backoffice.staff.models import Staff
from backoffice.staff.roles import Role
from tests.backoffice.factories import NOW, create_staff, sign_in
from tests.backoffice.mediation.mediations import create_asking, create_mediation

REQUESTS = "/api/v1/mediation-requests"
WANTED = {
    "language": "ur",
    "setting": "school",
    "mode": "phone",
    "starts_at": (NOW + timedelta(days=2)).isoformat(),
    "minutes": 60,
}


@dataclass
class Desk:
    """A service, a coordinator and a mediator, each with headers."""

    asking: Staff
    mediator: Staff
    of_asking: dict[str, str]
    of_coordinator: dict[str, str]
    of_mediator: dict[str, str]


@pytest.fixture
def desk(session: Session) -> Desk:
    asking, mediator = create_asking(session), create_staff(session, languages=("ur",))
    coordinator = create_staff(session, roles=frozenset({Role.COORDINATOR}))
    headers = (sign_in(session, each) for each in (asking, coordinator, mediator))
    made = Desk(asking, mediator, *headers)
    session.commit()
    return made


def assigned(session: Session, desk: Desk, *, ago: timedelta = timedelta(0)) -> str:
    """Make a request that the mediator has and that began some time ago."""
    request = create_mediation(session, asking=desk.asking)
    until = NOW + timedelta(hours=1)
    (made,) = offer(session, request, [(desk.mediator.id, [])], until=until, by="s", now=NOW)
    accept(session, made, now=NOW)
    request.starts_at = NOW - ago if ago else request.starts_at
    session.commit()
    return request.id


async def test_a_draft_is_the_service_s_own_until_it_is_sent(http: httpx.AsyncClient, desk: Desk) -> None:
    made = await http.post(REQUESTS, json={**WANTED, "draft": True}, headers=desk.of_asking)
    path = f"{REQUESTS}/{made.json()['id']}"
    assert (await http.get(path, headers=desk.of_coordinator)).status_code == 404
    assert (await http.post(f"{path}/sending", headers=desk.of_asking)).json()["state"] == "requested"
    assert (await http.get(path, headers=desk.of_coordinator)).status_code == 200


@pytest.mark.parametrize(
    "wrong",
    [
        {"starts_at": (NOW - timedelta(hours=1)).isoformat()},
        {"starts_at": "9999-12-31T23:59:00Z"},
        {"minutes": 0},
        {"variety": "egyptian"},
        {"organisation_id": "x"},
    ],
)
async def test_what_cannot_be_asked_for_is_refused(
    http: httpx.AsyncClient, desk: Desk, wrong: dict[str, object]
) -> None:
    answer = await http.post(REQUESTS, json={**WANTED, **wrong}, headers=desk.of_asking)
    assert answer.status_code == 422


async def test_what_is_confidential_is_hidden_in_an_offer_and_shown_to_who_accepts(
    http: httpx.AsyncClient, session: Session, desk: Desk
) -> None:
    request = create_mediation(session, asking=desk.asking, confidential=True, topic="x", contact="y")
    until = NOW + timedelta(hours=1)
    offer(session, request, [(desk.mediator.id, [])], until=until, by="s", now=NOW)
    session.commit()
    (seen,) = (await http.get("/api/v1/mediation-offers", headers=desk.of_mediator)).json()["items"]
    assert (seen["topic"], "contact" in seen) == (None, False)
    path = f"/api/v1/mediation-offers/{seen['id']}/acceptance"
    accepted = (await http.post(path, headers=desk.of_mediator)).json()
    assert (accepted["topic"], accepted["contact"]) == ("x", "y")


async def test_what_may_begin_until_a_day_is_offered_once_it_has_a_moment(
    http: httpx.AsyncClient, session: Session, desk: Desk
) -> None:
    path = f"{REQUESTS}/{create_mediation(session, asking=desk.asking, is_latest=True).id}"
    session.commit()
    chosen = {"mediators": [desk.mediator.id]}
    early = await http.post(f"{path}/offers", json=chosen, headers=desk.of_coordinator)
    moment = {"starts_at": (NOW + timedelta(days=1)).isoformat()}
    fixed = await http.put(f"{path}/moment", json=moment, headers=desk.of_coordinator)
    made = await http.post(f"{path}/offers", json=chosen, headers=desk.of_coordinator)
    assert (early.status_code, fixed.json()["is_latest"], made.status_code) == (409, False, 201)


async def test_a_dispute_is_settled_by_the_coordinator_alone(
    http: httpx.AsyncClient, session: Session, desk: Desk
) -> None:
    path = f"{REQUESTS}/{assigned(session, desk, ago=timedelta(hours=1))}"
    await http.post(f"{path}/report", json={"worked_quarters": 9}, headers=desk.of_mediator)
    said = {"words": "Era un'ora."}
    assert (await http.post(f"{path}/dispute", json=said, headers=desk.of_asking)).status_code == 200
    for headers, status in ((desk.of_asking, 404), (desk.of_mediator, 404), (desk.of_coordinator, 200)):
        answer = await http.post(f"{path}/settlement", json={"worked_quarters": 4}, headers=headers)
        assert answer.status_code == status
    assert answer.json()["worked_quarters"] == 4


async def test_either_side_says_who_did_not_come(
    http: httpx.AsyncClient, session: Session, desk: Desk
) -> None:
    for headers in (desk.of_asking, desk.of_mediator):
        path = f"{REQUESTS}/{assigned(session, desk, ago=timedelta(hours=1))}/no-show"
        answer = await http.post(path, json={"missing": "person"}, headers=headers)
        assert answer.json()["state"] == "no_show"


async def test_a_mediator_gives_a_request_back_and_it_waits_in_the_coordinator_s_list(
    http: httpx.AsyncClient, session: Session, desk: Desk
) -> None:
    path = f"{REQUESTS}/{assigned(session, desk)}"
    returned = await http.post(f"{path}/return", headers=desk.of_mediator)
    assert (returned.json()["state"], returned.json()["mediator"]) == ("approved", None)
    waiting = await http.get(f"{REQUESTS}?side=decided&waits=true", headers=desk.of_coordinator)
    assert [each["state"] for each in waiting.json()["items"]] == ["approved"]


async def test_a_week_and_an_absence_hinder_who_is_proposed(
    http: httpx.AsyncClient, session: Session, desk: Desk
) -> None:
    request = create_mediation(session, asking=desk.asking)
    session.commit()
    mine = f"/api/v1/mediators/{desk.mediator.id}"
    week = {"times": [{"weekday": 0, "begins": "09:00", "ends": "12:00"}]}
    assert (await http.put(f"{mine}/roster", json=week, headers=desk.of_mediator)).status_code == 200
    day = (NOW + timedelta(days=1)).date().isoformat()
    away = {"from_on": day, "until_on": day}
    kept = await http.post(f"{mine}/absences", json=away, headers=desk.of_mediator)
    found = await http.get(f"{REQUESTS}/{request.id}/candidates", headers=desk.of_coordinator)
    assert found.json()["items"][0]["hindrances"] == ["absent", "roster"]
    gone = await http.delete(f"{mine}/absences/{kept.json()['id']}", headers=desk.of_mediator)
    seen = (await http.get(mine, headers=desk.of_coordinator)).json()
    assert (gone.status_code, seen["absences"], len(seen["times"])) == (204, [], 1)


async def test_hours_that_somebody_else_has_changed_are_not_overwritten(
    http: httpx.AsyncClient, desk: Desk
) -> None:
    hours = {"organisation": desk.asking.organisation_id, "year": 2026, "quarters": 8}
    first = await http.put("/api/v1/mediation-hours", json=hours, headers=desk.of_coordinator)
    await http.put("/api/v1/mediation-hours", json={**hours, "quarters": 9}, headers=desk.of_coordinator)
    stale = {**hours, "version": first.json()["version"]}
    answer = await http.put("/api/v1/mediation-hours", json=stale, headers=desk.of_coordinator)
    assert answer.status_code == 409


async def test_the_figures_tell_of_refusals_for_want_of_a_mediator(
    http: httpx.AsyncClient, session: Session, desk: Desk
) -> None:
    for because in ("no_mediator", "too_late"):
        request = create_mediation(session, asking=desk.asking)
        session.commit()
        path = f"{REQUESTS}/{request.id}/rejection"
        await http.post(path, json={"because": because}, headers=desk.of_coordinator)
    assigned(session, desk)
    (row,) = (await http.get("/api/v1/mediation-figures", headers=desk.of_coordinator)).json()["items"]
    assert row == {
        "language": "ur",
        "requests": 3,
        "refused": 2,
        "lack": 1,
        "quarters": 0,
        "wait_hours": 0,
    }


async def test_who_reads_and_who_acts_stands_in_the_audit_trail(
    http: httpx.AsyncClient, session: Session, desk: Desk
) -> None:
    number = assigned(session, desk)
    await http.get(f"{REQUESTS}/{number}", headers=desk.of_coordinator)
    wanted = select(AuditEntry.action).where(AuditEntry.subject_id == number).order_by(AuditEntry.id)
    assert session.scalars(wanted).all() == [
        "mediation.requested",
        "mediation.approved",
        "mediation.offered",
        "mediation.assigned",
        "mediation.read",
    ]
    assert session.get_one(MediationRequest, number).state is MediationState.ASSIGNED
