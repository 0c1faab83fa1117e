"""Wishes that discriminate: known by a list, refused with the law's words, counted, and reported."""

from __future__ import annotations

import httpx
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from backoffice.audit.models import AuditEntry
from backoffice.case.models import Case, CaseNote
from backoffice.client.schemas import CaseType
from backoffice.home_owner.models import RefusedWish, WishGround
from backoffice.home_owner.wish_words import wishes_in
from backoffice.listing.models import Listing, WishClearance
from backoffice.plan.models import Action
from backoffice.staff.roles import Role
from tests.backoffice.factories import create_staff, sign_in
from tests.backoffice.homes import create_listing, create_owner

HOUSING = frozenset({Role.HOUSING_DESK})


@pytest.mark.parametrize(
    ("text", "ground"),
    [
        ("Bella casa, NO STRANIERI!", "nationality"),
        ("solo  italiani", "nationality"),
        ("Italians only, please", "nationality"),
        ("no persone di colore", "skin"),
        ("no musulmani", "religion"),
        ("niente bambini", "family"),
        ("no, stranieri", "nationality"),
    ],
)
def test_a_wish_of_the_list_is_found_however_it_is_written(text: str, ground: str) -> None:
    assert [found.ground for found in wishes_in(text)] == [WishGround(ground)]


@pytest.mark.parametrize(
    "text",
    [
        "Adatta a famiglie con bambini, vicino alla scuola italiana",
        "Il proprietario parla solo italiano",
        "Ristorante cinese nella via",
        "Senza ascensore, nome del rione: Neri",
        None,
        "",
    ],
)
def test_other_words_are_left_in_peace(text: str | None) -> None:
    assert wishes_in(text) == []


async def test_a_wish_is_refused_with_the_law_counted_and_reported(
    http: httpx.AsyncClient, session: Session
) -> None:
    owner = create_owner(session)
    headers = sign_in(session, create_staff(session, roles=HOUSING))
    session.commit()
    path = f"/api/v1/owners/{owner.id}/wishes"
    given = {"ground": "nationality", "words": "solo italiani"}
    once = {**headers, "Idempotency-Key": "k"}
    made = [(await http.post(path, json=given, headers=once)).json() for _ in range(2)]
    assert made[0] == made[1]
    assert "D.Lgs. 286/1998" in made[0]["law"]
    assert session.scalars(select(RefusedWish.ground)).all() == [WishGround.NATIONALITY]
    case = session.scalars(select(Case)).one()
    assert (case.type, case.person_id) == (CaseType.HOUSING_OFFER, owner.person_id)
    note, task = session.scalars(select(CaseNote)).one(), session.scalars(select(Action)).one()
    assert "D.Lgs. 215/2003" in note.text
    assert "Che cosa dire al proprietario" in note.text
    assert "800 90 10 10" in task.words
    assert task.due_on is not None
    session.commit()
    family = await http.post(path, json={"ground": "family"}, headers=headers)
    assert "D.Lgs." not in family.json()["law"]
    assert len(session.scalars(select(Case)).all()) == 1


async def test_words_that_are_no_wish_pass_with_a_reason_and_stay_passed(
    http: httpx.AsyncClient, session: Session
) -> None:
    listing = create_listing(session)
    staff = create_staff(session, roles=HOUSING)
    headers = sign_in(session, staff)
    session.commit()
    path = f"/api/v1/listings/{listing.id}"
    words = "Non è vero che affittiamo solo a italiani."
    change = {"version": listing.version, "description": words}
    refused = await http.patch(path, json=change, headers=headers)
    assert refused.status_code == 422
    assert refused.json()["errors"][0]["field"] == "description"
    session.refresh(listing)
    assert listing.description is None
    session.commit()
    reason = {"not_discriminating": "È una smentita"}
    passed = await http.patch(path, json={**change, **reason}, headers=headers)
    assert passed.status_code == 200
    again = {"version": passed.json()["version"], "description": f"{words} Davvero."}
    assert (await http.patch(path, json=again, headers=headers)).status_code == 200
    clearance = session.scalars(select(WishClearance)).one()
    assert (clearance.reason, clearance.cleared_by) == ("È una smentita", staff.id)
    cleared = select(AuditEntry).where(AuditEntry.action == "listing.wish_cleared")
    entry = session.scalars(cleared).one()
    assert (entry.actor, entry.subject_id, entry.reason) == (staff.id, listing.id, "nationality")
    assert len(session.scalars(select(Listing)).all()) == 1
