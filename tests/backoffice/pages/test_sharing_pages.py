from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from backoffice.case.models import Case
from backoffice.sharing.models import Share, ShareState
from backoffice.staff.models import Organisation, Staff
from backoffice.staff.roles import Role
from tests.backoffice.case.cases import create_case, create_person
from tests.backoffice.factories import create_organisation, create_staff
from tests.backoffice.pages.browser import Browser, give_password

OFFER = {
    "kind": "referral",
    "parts": "notes",
    "purpose": "un alloggio <b>",
    "request": "trovare un posto letto",
    "ground": "law",
    "ground_words": "art. 403 del codice civile",
    "until": "2027-01-31",
}


@pytest.fixture
def case(session: Session, coordinator: Staff) -> Case:
    made = create_case(session, person=create_person(session, name="ਗੁਰਪ੍ਰੀਤ"))
    session.commit()
    return made


@pytest.fixture
def partner(session: Session) -> Organisation:
    made = create_organisation(session, name="Cooperativa Ponte")
    session.commit()
    return made


@pytest.fixture
def worker(session: Session, partner: Organisation) -> Staff:
    staff = create_staff(
        session, name="Paolo Partner", roles=frozenset({Role.CASEWORKER}), organisation=partner
    )
    give_password(session, staff)
    session.commit()
    return staff


async def test_two_bodies_share_a_case_and_one_takes_it_back(
    window: Browser, session: Session, coordinator: Staff, worker: Staff, case: Case, partner: Organisation
) -> None:
    page = f"/cases/{case.id}/shares/new"
    await window.sign_in(coordinator)
    refused = await window.post(
        f"/cases/{case.id}/shares", page=page, organisation=partner.id, purpose="casa"
    )
    assert refused.status_code == 422
    assert "Manca qualcosa nella proposta." in refused.text
    assert ">casa</textarea>" in refused.text
    sent = await window.post(f"/cases/{case.id}/shares", page=page, organisation=partner.id, **OFFER)
    share = sent.headers["location"].partition("?")[0]
    shown = await window.read(share)
    assert ("un alloggio &lt;b&gt;" in shown, case.number in shown) == (True, True)

    await window.sign_in(worker)
    home = await window.read("/")
    assert "Proposte di altri enti" in home
    offered = await window.read(share)
    assert ("trovare un posto letto" in offered, case.number in offered) == (True, False)
    accepted = await window.post(f"{share}/accept", page=share)
    assert accepted.headers["location"] == f"/cases/{case.id}?notice=share_accepted"
    seen = await window.read(f"/cases/{case.id}")
    assert ("Questa parte non è condivisa" in seen, "ਗੁਰਪ੍ਰੀਤ" in seen) == (True, False)
    assert "Nome non condiviso" in await window.read("/cases")
    noted = await window.post(
        f"/cases/{case.id}/notes", page=f"/cases/{case.id}", text="Posto trovato", kind="shared"
    )
    assert noted.status_code == 303

    await window.sign_in(coordinator)
    access = await window.read(f"/cases/{case.id}/access")
    assert ("Paolo Partner" in access, "Condivisione: Riepilogo, Note condivise" in access) == (True, True)
    await window.post(f"{share}/revoke", page=share, words="trovato altrove")
    assert session.scalars(select(Share.state)).all() == [ShareState.REVOKED]
    session.commit()

    await window.sign_in(worker)
    assert (await window.get(f"/cases/{case.id}")).status_code == 404
    kept = await window.read("/contributions")
    assert (case.number in kept, "Posto trovato" in kept) == (True, True)


async def test_a_case_is_opened_in_need_from_its_page(
    window: Browser, worker: Staff, coordinator: Staff, case: Case
) -> None:
    await window.sign_in(worker)
    fields = {"number": case.number, "reason": "violence", "words": "troppo poco"}
    refused = await window.post("/break-glass", page="/break-glass", **fields)
    assert (refused.status_code, "La spiegazione è troppo corta." in refused.text) == (422, True)
    fields["words"] = "La signora è stata cacciata di casa questa notte"
    unknown = await window.post("/break-glass", page="/break-glass", **{**fields, "number": "ABCD-EFGH"})
    assert (unknown.status_code, "non si apre nessuna pratica" in unknown.text) == (404, True)
    opened = await window.post("/break-glass", page="/break-glass", **fields)
    assert opened.headers["location"] == f"/cases/{case.id}?notice=opened_in_need"
    shown = await window.read(opened.headers["location"])
    assert ("puoi solo leggere" in shown, "Aggiungi la nota" in shown) == (True, False)
    await window.sign_in(coordinator)
    assert "Aperte in emergenza da altri enti" in await window.read("/")
