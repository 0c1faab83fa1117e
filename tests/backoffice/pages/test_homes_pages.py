"""The pages of homes and owners, as the housing desk uses them."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from backoffice.audit.models import AuditEntry
from backoffice.case.models import Case
from backoffice.client.schemas import CaseType
from backoffice.home_owner.models import HomeOwner, RefusedWish
from backoffice.listing.models import Listing, ListingState
from backoffice.person.models import Person
from backoffice.staff.models import Staff
from backoffice.staff.roles import Role
from tests.backoffice.case.cases import create_case, create_person
from tests.backoffice.factories import create_staff
from tests.backoffice.homes import create_listing, create_owner
from tests.backoffice.pages.browser import Browser, give_password

FORM = {
    "municipality": "Crema",
    "rooms": "3",
    "size_m2": "75",
    "rent_eur_month": "500",
    "address": "Via Inventata 3",
}


@pytest.fixture
async def desk(window: Browser, session: Session) -> Browser:
    staff: Staff = create_staff(session, roles=frozenset({Role.HOUSING_DESK, Role.CASEWORKER}))
    give_password(session, staff)
    session.commit()
    await window.sign_in(staff)
    return window


async def test_an_empty_desk_says_how_to_begin(desk: Browser) -> None:
    assert "Non ci sono ancora case" in await desk.read("/listings")
    assert "Non ci sono ancora proprietari" in await desk.read("/owners")
    assert "Nessuna casa con questi filtri" in await desk.read("/listings?people=40")
    assert "Nessuna casa con questi filtri" in await desk.read("/listings?state=x&q=zzz&cursor=no")
    assert 'aria-current="page">Case</a>' in await desk.read("/listings")


async def test_what_was_typed_stays_and_each_field_says_what_is_wrong(
    desk: Browser, session: Session
) -> None:
    owner = create_owner(session)
    session.commit()
    page = f"/listings/new?owner={owner.id}"
    wrong = {
        "municipality": "Milano",
        "rooms": "tre",
        "max_people": "40",
        "rent_eur_month": "",
        "available_from": "2020-01-01",
        "area": "vicino al <parco>",
    }
    answer = await desk.post("/listings/new", page, owner=owner.id, **wrong)
    assert answer.status_code == 422
    for sentence in (
        "Milano non è tra i Comuni del Cremasco",
        "«tre» non è un numero intero",
        "40 persone sono troppe per una casa: il massimo che si può scrivere è 30",
        "Manca l&#39;affitto: scrivi quanti euro al mese",
        "Il 01.01.2020 è già passato",
    ):
        assert answer.text.count(sentence) == 2, sentence  # in the list above, and beside its field
    for kept in ('value="tre"', 'value="40"', 'value="vicino al &lt;parco&gt;"', ">Milano</option>"):
        assert kept in answer.text, kept
    assert session.scalars(select(Listing)).all() == []


async def test_a_new_owner_is_looked_for_by_phone_first(desk: Browser, session: Session) -> None:
    known = create_person(session, name="Rosa Inventata", phone="+39 0373 000001")
    session.commit()
    typed = {"name": "Rosa I.", "phone": "0373 000001", "worries": "arrears"}
    asked = await desk.post("/owners/new", "/owners/new", **typed)
    assert asked.status_code == 409
    assert "È la stessa persona?" in asked.text
    assert "Rosa Inventata" in asked.text
    taken = await desk.post("/owners/new", "/owners/new", **typed, person=known.id, is_new="true")
    owner = session.scalars(select(HomeOwner)).one()
    assert taken.headers["location"] == f"/owners/{owner.id}?notice=owner_added"
    assert (owner.person_id, owner.worries) == (known.id, ["arrears"])
    session.commit()
    again = await desk.post("/owners/new", "/owners/new", **typed, person=known.id)
    assert again.headers["location"] == f"/owners/{owner.id}?notice=owner_known"
    other = await desk.post("/owners/new", "/owners/new", **typed, is_new="true")
    assert other.status_code == 303
    assert len(session.scalars(select(Person)).all()) == 2


async def test_the_first_home_of_an_owner_opens_their_case_and_the_next_joins_it(
    desk: Browser, session: Session
) -> None:
    owner = create_owner(session)
    session.commit()
    page = f"/listings/new?owner={owner.id}"
    for _ in range(2):
        answer = await desk.post("/listings/new", page, owner=owner.id, **FORM)
        assert answer.status_code == 303, answer.text
    case = session.scalars(select(Case)).one()
    assert (case.type, case.person_id) == (CaseType.HOUSING_OFFER, owner.person_id)
    homes = session.scalars(select(Listing)).all()
    assert [(home.case_id, home.state, home.max_people) for home in homes] == [
        (case.id, ListingState.DRAFT, 5),
        (case.id, ListingState.DRAFT, 5),
    ]


async def test_an_offer_from_the_chat_becomes_a_home(desk: Browser, session: Session) -> None:
    person = create_person(session, name="Ernesto Carioni")
    intake = {"municipality": "Offanengo", "rent_eur_month": 580, "rooms": 3, "lift": True, "note": "Al sole"}
    case = create_case(session, type=CaseType.HOUSING_OFFER, person=person, intake=intake)
    session.commit()
    link = f"/listings/new?case={case.id}"
    assert f'href="{link}"' in await desk.read(f"/cases/{case.id}")
    form = await desk.read(link)
    for filled in ('value="580"', ">Al sole</textarea>", '<option value="Offanengo" selected>'):
        assert filled in form
    typed = {"municipality": "Offanengo", "rooms": "3", "rent_eur_month": "580"}
    answer = await desk.post("/listings/new", link, case=case.id, **typed)
    assert answer.status_code == 303, answer.text
    home = session.scalars(select(Listing)).one()
    assert (home.case_id, home.owner_id) == (case.id, session.scalars(select(HomeOwner.id)).one())


async def test_the_page_of_a_home_shows_all_and_notes_its_reader(desk: Browser, session: Session) -> None:
    listing = create_listing(session, state=ListingState.DRAFT, rent_eur_month=None, max_people=9)
    session.commit()
    html = await desk.read(f"/listings/{listing.id}")
    for words in (
        "Via Inventata 12",
        "L&#39;indirizzo esatto compare quando una visita è fissata",
        "la casa può ospitare 5 persone (D.M. 5 luglio 1975",
        "la casa è scritta per 9 persone",
        "Rosa Inventata",
    ):
        assert words in html, words
    reads = select(AuditEntry).where(AuditEntry.action == "listing.read")
    assert session.scalars(reads).one().subject_id == listing.id
    session.commit()
    page = f"/listings/{listing.id}"
    assert (await desk.post(f"{page}/move", page, to="checked")).status_code == 303
    html = await desk.read(page)
    assert "Per «Pubblica» manca ancora:" in html
    assert f'href="{page}/edit#rent_eur_month"' in html
    assert 'href="#verify"' in html
    refused = await desk.post(f"{page}/move", page, to="published")
    assert (refused.status_code, "Mancano dati della casa." in refused.text) == (409, True)
    assert "0 abbinamenti" in await desk.read(f"{page}/matches-count")


async def test_who_saves_later_sees_both_and_loses_nothing(desk: Browser, session: Session) -> None:
    listing = create_listing(session, state=ListingState.DRAFT)
    session.commit()
    page = f"/listings/{listing.id}/edit"
    old = str(listing.version)
    first = await desk.post(page, page, **{**FORM, "rent_eur_month": "510"}, version=old)
    assert first.status_code == 303
    late = await desk.post(page, page, **{**FORM, "rent_eur_month": "520"}, version=old)
    assert late.status_code == 409
    assert "Un&#39;altra persona ha cambiato la casa" in late.text
    assert 'value="520"' in late.text
    assert "<bdi>510</bdi>" in late.text
    session.refresh(listing)
    assert listing.rent_eur_month == 510
    newest = str(listing.version)
    session.commit()
    assert f'name="version" value="{newest}"' in late.text
    assert (
        await desk.post(page, page, **{**FORM, "rent_eur_month": "520"}, version=newest)
    ).status_code == 303


async def test_a_discriminating_wish_in_the_description_stops_the_form_with_the_law(
    desk: Browser, session: Session
) -> None:
    listing = create_listing(session, state=ListingState.DRAFT)
    session.commit()
    page, version = f"/listings/{listing.id}/edit", str(listing.version)
    typed = {**FORM, "version": version, "description": "Luminosa. Solo italiani."}
    caught = await desk.post(page, page, **typed)
    assert caught.status_code == 422
    assert "D.Lgs. 286/1998, art. 43 e 44" in caught.text
    assert "Luminosa. Solo italiani.</textarea>" in caught.text
    passed = await desk.post(page, page, **typed, wish_reason="Cita un vecchio annuncio")
    assert passed.status_code == 303
    html = await desk.read(f"/listings/{listing.id}")
    assert "Cita un vecchio annuncio" in html


async def test_a_wish_of_an_owner_is_refused_on_their_page(desk: Browser, session: Session) -> None:
    owner = create_owner(session)
    session.commit()
    page = f"/owners/{owner.id}"
    answer = await desk.post(f"{page}/wishes", page, ground="religion", words="no musulmani <b>")
    assert answer.headers["location"] == f"{page}?notice=wish_refused#wishes"
    html = await desk.read(page)
    for words in (
        "D.Lgs. 215/2003",
        "800 90 10 10",
        "Che cosa dire al proprietario",
        "no musulmani &lt;b&gt;",
    ):
        assert words in html, words
    assert len(session.scalars(select(RefusedWish)).all()) == 1


async def test_an_owner_is_changed_lost_and_back(desk: Browser, session: Session) -> None:
    owner = create_owner(session)
    session.commit()
    page = f"/owners/{owner.id}"
    wrong = {"version": "1", "kind": "agency", "email": "boh", "contact_agreed_on": "2030-01-01"}
    answer = await desk.post(f"{page}/edit", f"{page}/edit", **wrong)
    assert answer.status_code == 422
    for sentence in (
        "«boh» non è un indirizzo e-mail",
        "Il 01.01.2030 non è ancora arrivato",
        "agenzia o ente",
    ):
        assert sentence in answer.text
    right = {"version": "1", "kind": "agency", "company": "Casa Inventata", "note": "Chiamare di sera"}
    assert (await desk.post(f"{page}/edit", f"{page}/edit", **right)).status_code == 303
    late = await desk.post(f"{page}/edit", f"{page}/edit", **right)
    assert (late.status_code, "Un&#39;altra persona ha cambiato" in late.text) == (409, True)
    await desk.post(f"{page}/lost", page, reason="sold")
    assert "Perso il 02.12.2026: Venduta" in await desk.read("/owners?lost=yes")
    await desk.post(f"{page}/back", page)
    assert "Nessun proprietario trovato" in await desk.read("/owners?lost=yes")
    assert "Casa Inventata" in await desk.read("/owners?lost=no")
