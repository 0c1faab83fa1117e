"""Who is responsible changes hands: attack 21."""

from __future__ import annotations

import httpx
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from backoffice.case.models import Case
from backoffice.person.models import Person
from backoffice.referral.service import accept_offer
from backoffice.sharing.errors import ShareNotOpen
from backoffice.sharing.models import Share, ShareKind, ShareState
from backoffice.sharing.parts import CasePart
from tests.backoffice.case.cases import create_case
from tests.backoffice.factories import NOW, create_organisation, create_staff, sign_in
from tests.backoffice.sharing.conftest import INNER, NAME, Bodies
from tests.backoffice.sharing.shares import an_offer, create_share

LISTS = ("/api/v1/cases", "/api/v1/persons", "/api/v1/contributions?limit=1", "/cases", "/")


async def seen_by(http: httpx.AsyncClient, bodies: Bodies, headers: dict[str, str]) -> tuple[int, int, str]:
    case = await http.get(f"/api/v1/cases/{bodies.case.id}", headers=headers)
    person = await http.get(f"/api/v1/persons/{bodies.case.person_id}", headers=headers)
    texts = [(await http.get(path, headers=headers)).text for path in LISTS]
    return case.status_code, person.status_code, "\n".join(texts)


async def test_a_transfer_gives_the_receiver_the_case_and_leaves_the_former_body_nothing(
    http: httpx.AsyncClient, session: Session, bodies: Bodies
) -> None:
    bodies.case.assignee_id = bodies.owner.id
    share = create_share(
        session, bodies.case, an_offer(bodies.partner, kind=ShareKind.TRANSFER), by=bodies.owner
    )
    accepted = await http.post(f"/api/v1/shares/{share.id}/accept", headers=bodies.by_worker)
    assert accepted.json()["state"] == "done"
    case_status, person_status, text = await seen_by(http, bodies, bodies.by_owner)
    assert (case_status, person_status) == (404, 404)
    assert NAME not in text
    partner_id, case_path = bodies.partner.id, f"/api/v1/cases/{bodies.case.id}"
    moved = session.get_one(Case, bodies.case.id, populate_existing=True)
    assert (moved.organisation_id, moved.assignee_id) == (partner_id, None)
    session.commit()
    case_status, person_status, text = await seen_by(http, bodies, bodies.by_worker)
    assert (case_status, person_status) == (200, 200)
    assert NAME in text
    notes = await http.get(f"{case_path}/notes", headers=bodies.by_worker)
    assert INNER not in notes.text
    changed = await http.patch(case_path, json={"municipality": "Pandino"}, headers=bodies.by_worker)
    assert changed.status_code == 200


async def test_what_the_transfer_leaves_is_a_share_that_the_new_body_can_take_back(
    http: httpx.AsyncClient, session: Session, bodies: Bodies
) -> None:
    left = frozenset({CasePart.HISTORY})
    offer = an_offer(bodies.partner, kind=ShareKind.TRANSFER, left_parts=left)
    create_share(session, bodies.case, offer, by=bodies.owner, accepted_by=bodies.worker)
    case_status, person_status, text = await seen_by(http, bodies, bodies.by_owner)
    assert (case_status, person_status) == (200, 404)
    assert NAME not in text
    kept = session.scalars(select(Share).where(Share.state == ShareState.ACCEPTED)).one()
    assert kept.organisation_id == bodies.owner.organisation_id
    session.commit()
    revoked = await http.post(f"/api/v1/shares/{kept.id}/revoke", json={}, headers=bodies.by_worker)
    assert revoked.status_code == 200
    assert (await seen_by(http, bodies, bodies.by_owner))[0] == 404


def test_a_person_with_another_case_stays_known_to_the_former_body(session: Session, bodies: Bodies) -> None:
    create_case(session, person=session.get_one(Person, bodies.case.person_id))
    offer = an_offer(bodies.partner, kind=ShareKind.TRANSFER)
    create_share(session, bodies.case, offer, by=bodies.owner, accepted_by=bodies.worker)
    assert session.get_one(Person, bodies.case.person_id).organisation_id == bodies.owner.organisation_id


def test_an_offer_of_a_body_that_is_no_longer_responsible_cannot_be_accepted(
    session: Session, bodies: Bodies
) -> None:
    third = create_organisation(session)
    other = create_staff(session, organisation=third)
    waiting = create_share(session, bodies.case, an_offer(third), by=bodies.owner)
    transfer = an_offer(bodies.partner, kind=ShareKind.TRANSFER)
    create_share(session, bodies.case, transfer, by=bodies.owner, accepted_by=bodies.worker)
    with pytest.raises(ShareNotOpen):
        accept_offer(session, waiting, by=other.id, now=NOW)


async def test_a_share_with_a_third_body_goes_on_and_the_new_body_can_end_it(
    http: httpx.AsyncClient, session: Session, bodies: Bodies
) -> None:
    share = create_share(
        session, bodies.case, an_offer(bodies.stranger), by=bodies.owner, accepted_by=bodies.outsider
    )
    transfer = an_offer(bodies.partner, kind=ShareKind.TRANSFER)
    create_share(session, bodies.case, transfer, by=bodies.owner, accepted_by=bodies.worker)
    assert (await seen_by(http, bodies, bodies.by_outsider))[0] == 200
    url = f"/api/v1/shares/{share.id}/revoke"
    assert (await http.post(url, json={}, headers=bodies.by_owner)).status_code == 404
    assert (await http.post(url, json={}, headers=bodies.by_worker)).status_code == 200
    assert (await seen_by(http, bodies, bodies.by_outsider))[0] == 404
    mediator = sign_in(session, create_staff(session))
    session.commit()
    assert (await seen_by(http, bodies, mediator))[0] == 404
