"""Matches as JSON: proposed once, answered, held by one, explained."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from backoffice.audit.models import AuditEntry
from backoffice.case.models import Case
from backoffice.listing.models import Listing
from backoffice.staff.roles import Role
from tests.backoffice.databases import backend as backend
from tests.backoffice.factories import create_staff, sign_in
from tests.backoffice.homes import create_household, create_listing

MATCHES = "/api/v1/housing-matches"


@pytest.fixture
def coordinator(session: Session) -> dict[str, str]:
    return sign_in(session, create_staff(session, roles=frozenset({Role.COORDINATOR})))


@pytest.fixture
def both(session: Session, coordinator: dict[str, str]) -> tuple[Case, Listing]:
    found = create_household(session), create_listing(session)
    session.commit()
    return found


async def post(
    http: httpx.AsyncClient, who: dict[str, str], path: str, body: dict[str, Any], key: str | None = None
) -> httpx.Response:
    headers = {**who, **({"Idempotency-Key": key} if key else {})}
    return await http.post(f"{MATCHES}{path}", json=body, headers=headers)


async def test_a_home_is_proposed_once_and_explained(
    http: httpx.AsyncClient, session: Session, coordinator: dict[str, str], both: tuple[Case, Listing]
) -> None:
    case, listing = both
    homes = (await http.get(f"/api/v1/cases/{case.id}/homes", headers=coordinator)).json()
    assert [each["listing"]["code"] for each in homes["items"]] == [listing.code]
    looking = (await http.get(f"/api/v1/listings/{listing.id}/households", headers=coordinator)).json()
    assert [each["case"]["number"] for each in looking["items"]] == [case.number]

    wanted = {"case": case.id, "listing": listing.id}
    made = [await post(http, coordinator, "", wanted, key="one") for _ in range(2)]
    assert [answer.status_code for answer in made] == [201, 201]
    assert made[0].json() == made[1].json()
    match = made[0].json()
    assert (match["state"], match["listing"]["code"], match["hold"]) == ("proposed", listing.code, None)
    assert match["reasons"] == ["town", "rent", "people"]

    said = (await http.get(f"/api/v1/cases/{case.id}/homes/{listing.id}", headers=coordinator)).json()
    assert (said["fits"], said["match"], said["score"]) == (True, match["id"], match["score"])
    rent = next(rule for rule in said["rules"] if rule["code"] == "rent")
    assert rent["sentence"] == "Rent and expenses 610 € are within the budget 700 €."
    read = await http.get(f"{MATCHES}/{match['id']}", headers=coordinator)
    assert read.json() == match
    noted = session.scalars(select(AuditEntry.action).where(AuditEntry.subject_id == match["id"])).all()
    assert "match.read" in noted


async def test_why_not_is_told_of_a_pair_that_has_no_match(
    http: httpx.AsyncClient, session: Session, coordinator: dict[str, str]
) -> None:
    case, listing = create_household(session, budget_eur_month=550), create_listing(session)
    session.commit()
    said = (await http.get(f"/api/v1/cases/{case.id}/homes/{listing.id}", headers=coordinator)).json()
    against = [rule["sentence"] for rule in said["rules"] if rule["answer"] == "no"]
    assert (said["fits"], said["match"], against) == (
        False,
        None,
        ["Rent and expenses 610 € are over the budget 550 €."],
    )
    refused = await post(http, coordinator, "", {"case": case.id, "listing": listing.id})
    assert refused.status_code == 409


async def test_a_home_is_kept_for_one_household_until_it_is_given_free(
    http: httpx.AsyncClient, session: Session, coordinator: dict[str, str], both: tuple[Case, Listing]
) -> None:
    case, listing = both
    other = create_household(session)
    session.commit()
    ids = [
        (await post(http, coordinator, "", {"case": each.id, "listing": listing.id})).json()["id"]
        for each in (case, other)
    ]
    held = await post(http, coordinator, f"/{ids[0]}/hold", {}, key="hold")
    assert held.json()["hold"]["until"].startswith("2026-12-05T10:00:00")
    assert (await post(http, coordinator, f"/{ids[1]}/hold", {})).status_code == 409
    listed = (await http.get(f"{MATCHES}?held=true", headers=coordinator)).json()
    assert [each["id"] for each in listed["items"]] == [ids[0]]
    assert (await post(http, coordinator, f"/{ids[0]}/release", {})).json()["hold"] is None
    assert (await post(http, coordinator, f"/{ids[1]}/hold", {})).status_code == 200
    past = await post(http, coordinator, f"/{ids[1]}/hold", {"until": "2020-01-01T00:00:00Z"})
    assert past.status_code == 422


async def test_a_no_has_its_reason_and_its_consequence(
    http: httpx.AsyncClient, coordinator: dict[str, str], both: tuple[Case, Listing]
) -> None:
    case, listing = both
    match = (await post(http, coordinator, "", {"case": case.id, "listing": listing.id})).json()
    path = f"/{match['id']}/answer"
    assert (await post(http, coordinator, path, {"side": "owner", "says": "no"})).status_code == 422
    assert (await post(http, coordinator, path, {"side": "desk", "says": "yes"})).status_code == 409
    no = {"side": "seeker", "says": "no", "reason": "not_now", "words": "più tardi"}
    refused = (await post(http, coordinator, path, no)).json()
    assert (refused["state"], refused["refused_by"], refused["refusal_words"]) == (
        "refused",
        "seeker",
        "più tardi",
    )
    assert refused["not_again_before"] == "2027-01-31"
    assert (await http.get(f"/api/v1/cases/{case.id}/homes", headers=coordinator)).json()["items"] == []
    listed = await http.get(f"{MATCHES}?state=refused&case={case.id}", headers=coordinator)
    assert [each["id"] for each in listed.json()["items"]] == [match["id"]]
    assert (await http.get(f"{MATCHES}?cursor=nonsense", headers=coordinator)).status_code == 422


async def test_matches_are_listed_page_by_page(
    http: httpx.AsyncClient, session: Session, coordinator: dict[str, str]
) -> None:
    case, listings = create_household(session), [create_listing(session) for _ in range(3)]
    session.commit()
    for listing in listings:
        await post(http, coordinator, "", {"case": case.id, "listing": listing.id})
    found, cursor = [], ""
    for _ in range(3):
        page = (await http.get(f"{MATCHES}?limit=1{cursor}", headers=coordinator)).json()
        found += [each["listing"]["id"] for each in page["items"]]
        cursor = f"&cursor={page['next']}"
    assert sorted(found) == sorted(listing.id for listing in listings)
    assert page["next"] is None
    first = (await http.get(f"/api/v1/cases/{case.id}/homes?limit=2", headers=coordinator)).json()
    assert (len(first["items"]), first["next"]) == (2, "2")


async def test_only_a_coordinator_sets_the_weights(
    http: httpx.AsyncClient, session: Session, coordinator: dict[str, str]
) -> None:
    desk = sign_in(session, create_staff(session, roles=frozenset({Role.HOUSING_DESK})))
    session.commit()
    path, wanted = "/api/v1/matching-weights", {"weights": {"near": 10}, "version": 0}
    assert (await http.put(path, json=wanted, headers=desk)).status_code == 404
    assert (await http.put(path, json=wanted, headers=coordinator)).json()["version"] == 1
    assert (await http.put(path, json=wanted, headers=coordinator)).status_code == 409
    for strange in ({"near": 11}, {"near": "x"}, {"name": 1}):
        body = {"weights": strange, "version": 1}
        assert (await http.put(path, json=body, headers=coordinator)).status_code == 422
    assert (await http.get(path, headers=desk)).json()["weights"]["near"] == 10
