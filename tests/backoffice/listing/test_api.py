"""Homes and owners through the API."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from backoffice.audit.models import AuditEntry
from backoffice.case.models import Case
from backoffice.client.schemas import CaseType
from backoffice.database import Database
from backoffice.listing.adding import HomeOffered, change_home
from backoffice.listing.errors import ListingChangedMeanwhile
from backoffice.listing.models import Listing
from backoffice.staff.roles import Role
from tests.backoffice.databases import backend as backend
from tests.backoffice.factories import NOW, create_staff, sign_in
from tests.backoffice.homes import create_listing, create_owner

HOME = {
    "municipality": "Crema",
    "address": "Via Inventata 3",
    "rooms": 3,
    "size_m2": 75,
    "rent_eur_month": 500,
    "contract_types": ["agreed"],
    "available_from": "2027-01-10",
}


@pytest.fixture
def headers(session: Session) -> dict[str, str]:
    made = sign_in(session, create_staff(session, roles=frozenset({Role.HOUSING_DESK})))
    session.commit()
    return made


async def test_a_home_goes_from_a_new_owner_to_publication(
    http: httpx.AsyncClient, session: Session, headers: dict[str, str]
) -> None:
    new = {"name": "Rosa Inventata", "phone": "+39 0373 000001", "worries": ["arrears"]}
    owner = (await http.post("/api/v1/owners", json=new, headers=headers)).json()
    body = {**HOME, "owner": owner["id"]}
    once = {**headers, "Idempotency-Key": "k"}
    made = [await http.post("/api/v1/listings", json=body, headers=once) for _ in range(2)]
    home: dict[str, Any] = made[0].json()
    assert made[0].status_code == 201
    assert home == made[1].json()
    assert (home["state"], home["max_people"]) == ("draft", 5)
    path = f"/api/v1/listings/{home['id']}"
    await http.post(f"{path}/moves", json={"to": "checked"}, headers=headers)
    refused = await http.post(f"{path}/moves", json={"to": "published"}, headers=headers)
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (409, "verified_at")
    await http.post(f"{path}/verifications", json={"how": "visit"}, headers=headers)
    moved = await http.post(f"{path}/moves", json={"to": "published"}, headers=headers)
    assert (moved.status_code, moved.json()["state"]) == (200, "published")
    case = session.scalars(select(Case)).one()
    assert (case.id, case.type) == (home["case"], CaseType.HOUSING_OFFER)
    assert case.intake["rent_eur_month"] == 500


async def test_a_home_is_read_with_its_address_and_the_reader_is_noted(
    http: httpx.AsyncClient, session: Session, headers: dict[str, str]
) -> None:
    listing = create_listing(session)
    session.commit()
    listed = (await http.get("/api/v1/listings", headers=headers)).json()["items"]
    assert [(each["id"], each["address"]) for each in listed] == [(listing.id, None)]
    read = (await http.get(f"/api/v1/listings/{listing.id}", headers=headers)).json()
    assert read["address"] == "Via Inventata 12"
    entries = select(AuditEntry.action).where(AuditEntry.subject_id == listing.id)
    assert session.scalars(entries.order_by(AuditEntry.id)).all()[-1] == "listing.read"


async def test_wrong_values_are_refused_field_by_field(
    http: httpx.AsyncClient, session: Session, headers: dict[str, str]
) -> None:
    owner = create_owner(session)
    session.commit()
    wrong = {"municipality": "Milano", "rent_eur_month": 0, "max_people": 40, "available_from": "2020-01-01"}
    answer = await http.post("/api/v1/listings", json={**HOME, **wrong, "owner": owner.id}, headers=headers)
    assert answer.status_code == 422
    said = {each["field"]: each["message"] for each in answer.json()["errors"]}
    assert set(said) == set(wrong)
    assert said["max_people"].startswith("40 people are too many")
    assert said["rent_eur_month"] == "The rent must be at least 1 euro a month: check the figure."
    assert session.scalars(select(Listing)).all() == []


async def test_who_comes_later_is_told(
    http: httpx.AsyncClient, session: Session, headers: dict[str, str]
) -> None:
    listing = create_listing(session)
    session.commit()
    path, version = f"/api/v1/listings/{listing.id}", listing.version
    first = await http.patch(path, json={"version": version, "rent_eur_month": 560}, headers=headers)
    assert (first.status_code, first.json()["rent_eur_month"], first.json()["rooms"]) == (200, 560, 3)
    late = await http.patch(path, json={"version": version, "rent_eur_month": 570}, headers=headers)
    assert late.status_code == 409
    emptied = {"version": first.json()["version"], "rent_eur_month": None}
    assert (await http.patch(path, json=emptied, headers=headers)).status_code == 422
    owner = f"/api/v1/owners/{listing.owner_id}"
    note = {"version": 1, "note": "Chiamare di sera"}
    assert (await http.patch(owner, json=note, headers=headers)).json()["version"] == 2
    assert (await http.patch(owner, json=note, headers=headers)).status_code == 409


def test_of_many_who_save_at_once_one_is_heard_and_the_others_are_told(
    session: Session, database: Database
) -> None:
    listing = create_listing(session)
    number, seen = listing.id, listing.version
    session.commit()

    def save(rent: int) -> bool:
        try:
            with database.transaction() as own:
                home = HomeOffered({"rent_eur_month": rent})
                change_home(own, own.get_one(Listing, number), home, seen=seen, by="x", now=NOW)
        except ListingChangedMeanwhile:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sorted(pool.map(save, range(500, 508))) == [False] * 7 + [True]


async def test_homes_are_found_by_what_is_asked_for(
    http: httpx.AsyncClient, session: Session, headers: dict[str, str]
) -> None:
    small = create_listing(session, max_people=2, rent_eur_month=400, municipality="Pandino")
    owner = create_owner(session, name="Bianca Verdi")
    large = create_listing(session, owner=owner, reference="RIF-7", description="Con orto")
    session.commit()
    for asked, found in (
        ({"municipality": "Pandino"}, [small]),
        ({"people": 4}, [large]),
        ({"rent_most": 450}, [small]),
        ({"free_by": "2026-12-09"}, []),
        ({"owner": owner.id}, [large]),
        ({"q": "bianca"}, [large]),
        ({"q": "rif-7"}, [large]),
        ({"q": "orto"}, [large]),
        ({"q": small.code}, [small]),
        ({"state": "draft"}, []),
    ):
        items = (await http.get("/api/v1/listings", params=asked, headers=headers)).json()["items"]
        assert [item["id"] for item in items] == [each.id for each in found], asked


async def test_long_lists_come_in_pages(
    http: httpx.AsyncClient, session: Session, headers: dict[str, str]
) -> None:
    owner = create_owner(session)
    ids = {create_listing(session, owner=owner).id for _ in range(5)}
    session.commit()
    seen, cursor = [], None
    while True:
        params = {"limit": "2"} | ({"cursor": cursor} if cursor else {})
        page = (await http.get("/api/v1/listings", params=params, headers=headers)).json()
        seen += [item["id"] for item in page["items"]]
        cursor = page["next"]
        if cursor is None:
            break
    assert (len(seen), set(seen)) == (5, ids)


async def test_an_owner_is_lost_with_a_reason_and_comes_back(
    http: httpx.AsyncClient, session: Session, headers: dict[str, str]
) -> None:
    owner = create_owner(session)
    session.commit()
    path = f"/api/v1/owners/{owner.id}/losses"
    lost = (await http.post(path, json={"reason": "too_slow"}, headers=headers)).json()
    assert (lost["lost_on"], lost["lost_reason"]) == ("2026-12-02", "too_slow")
    listed = (await http.get("/api/v1/owners", params={"lost": "true"}, headers=headers)).json()["items"]
    assert [each["id"] for each in listed] == [owner.id]
    assert (await http.post(path, json={"reason": None}, headers=headers)).json()["lost_on"] is None
