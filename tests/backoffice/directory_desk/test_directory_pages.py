"""Staff find entries of the directory, change them with all their parts, and check them again."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from backoffice.directory.models import (
    DirectoryOrganisation,
    DirectoryService,
    ReviewReason,
    ServiceStatus,
)
from backoffice.directory.part_models import (
    DirectoryPhone,
    DirectorySchedule,
    DirectoryTranslation,
    ScheduleKind,
)
from backoffice.directory.reviews import open_review
from backoffice.staff.roles import Role
from tests.backoffice.directories import MONDAY_MORNING, create_body, create_service
from tests.backoffice.factories import NOW, create_organisation, create_staff, sign_in


def coordinator(session: Session, **more: Any) -> dict[str, str]:
    staff = create_staff(session, roles=frozenset({Role.COORDINATOR}), **more)
    return {**sign_in(session, staff), "Accept-Language": "it"}


def reader(session: Session) -> dict[str, str]:
    staff = create_staff(session, roles=frozenset({Role.MEDIATOR}))
    return {**sign_in(session, staff), "Accept-Language": "it"}


async def test_everybody_finds_services_by_topic_town_language_open_now_and_what_is_past_its_date(
    session: Session, http: httpx.AsyncClient
) -> None:
    create_service(session, name="Punto Bengalese", languages=("bn",), town="Crema")
    wednesday = {"freq": "WEEKLY", "byday": "WE", "opens_at": "08:00", "closes_at": "20:00"}
    create_service(session, name="Aperto Mercoledì", hours=(wednesday,), town="Pandino")
    create_service(session, name="Mai Visto", topics=("tax_code",), verified=False)
    create_service(session, name="Chiuso Per Sempre", status=ServiceStatus.DEFUNCT)
    headers = reader(session)
    session.commit()
    for query, found in (
        ("", {"Punto Bengalese", "Aperto Mercoledì", "Mai Visto"}),
        ("topic=tax_code", {"Mai Visto"}),
        ("town=Pandino", {"Aperto Mercoledì"}),
        ("language=bn", {"Punto Bengalese"}),
        ("open_now=1", {"Aperto Mercoledì"}),
        ("past=1", {"Mai Visto"}),
        ("q=bengal", {"Punto Bengalese"}),
        ("state=other", {"Chiuso Per Sempre"}),
        ("accessible=1", set()),
    ):
        page = (await http.get(f"/directory?{query}", headers=headers)).text
        names = {"Punto Bengalese", "Aperto Mercoledì", "Mai Visto", "Chiuso Per Sempre"}
        assert {name for name in names if name in page} == found, query
    page = (await http.get("/directory?near=Crema", headers=headers)).text
    assert page.index("Punto Bengalese") < page.index("Aperto Mercoledì")
    assert "circa " in page
    assert "Aggiungi un ente" not in page


async def test_a_reader_sees_an_entry_and_nothing_to_change(
    session: Session, http: httpx.AsyncClient
) -> None:
    service = create_service(session, hours=(MONDAY_MORNING,))
    address, headers = f"/directory/services/{service.id}", reader(session)
    session.commit()
    page = (await http.get(address, headers=headers)).text
    assert "lunedì" in page
    assert "09:00–12:00" in page
    assert 'href="tel:0373000001"' in page
    assert "Modifica" not in page
    assert (await http.get(f"{address}/edit", headers=headers)).status_code == 404
    assert (await http.post(f"{address}/hours", data={"version": 1}, headers=headers)).status_code == 404


async def test_a_body_a_place_and_a_service_are_written_down_and_joined(
    session: Session, http: httpx.AsyncClient
) -> None:
    headers = coordinator(session)
    session.commit()
    wrong = await http.post("/directory/bodies/new", data={"website": "esempio.it"}, headers=headers)
    assert wrong.status_code == 422
    assert "Scrivi un nome, al massimo 200 lettere." in wrong.text
    assert "https://" in wrong.text
    made = await http.post("/directory/bodies/new", data={"name": "Casa Inventata"}, headers=headers)
    body = made.headers["location"].partition("?")[0]
    form = {"location_type": "physical", "address": "Via Nuova 2", "town": "Crema", "latitude": "45,363"}
    half = await http.post(f"{body}/places/new", data=form, headers=headers)
    assert half.status_code == 422
    assert "Servono tutte e due" in half.text
    form["longitude"] = "9,687"
    place = (await http.post(f"{body}/places/new", data=form, headers=headers)).headers["location"]
    made = await http.post(
        f"{body}/services/new",
        data={"name": "Mensa Inventata", "status": "active", "topics": ["basic_needs", "health_care"]},
        headers=headers,
    )
    service = made.headers["location"].partition("?")[0]
    place_id = place.partition("?")[0].rpartition("/")[2]
    joined = await http.post(f"{service}/places", data={"location": place_id}, headers=headers)
    assert joined.status_code == 303
    page = (await http.get(service, headers=headers)).text
    for words in ("Via Nuova 2", "Mai verificato", "cibo, vestiti, un letto", "servizio aggiunto"):
        assert words in page
    edit = {"name": "Mensa", "status": "active", "topics": ["basic_needs"], "version": "1"}
    late = await http.post(f"{service}/edit", data=edit, headers=headers)
    assert late.status_code == 409
    assert "Qualcun altro ha cambiato questa scheda." in late.text
    assert 'value="Mensa"' in late.text
    for kind in (service, body, place.partition("?")[0]):
        assert (await http.get(f"{kind}/edit", headers=headers)).status_code == 200
        assert (await http.get(kind, headers=headers)).status_code == 200


async def test_hours_are_written_with_closed_days_and_days_of_other_hours(
    session: Session, http: httpx.AsyncClient
) -> None:
    service = create_service(session, hours=({"freq": "MONTHLY", "bymonthday": "2", **NINE},))
    address, headers, service_id = f"/directory/services/{service.id}", coordinator(session), service.id
    session.commit()
    page = (await http.get(f"{address}/hours", headers=headers)).text
    assert "Regole importate" in page
    form = {
        "version": str(service.version),
        "r0.days": ["MO", "WE"],
        "r0.which": "every",
        "r0.opens_at": "09:00",
        "r0.closes_at": "12:00",
        "r0.on_holidays": "closed",
        "r1.days": "SA",
        "r1.which": "1",
        "r1.opens_at": "10:00",
        "r1.on_holidays": "closed",
        "x0.kind": "closed",
        "x0.valid_from": "2026-12-24",
        "x0.valid_to": "2027-01-06",
        "x1.kind": "special",
        "x1.valid_from": "2026-12-07",
    }
    wrong = await http.post(f"{address}/hours", data=form, headers=headers)
    assert wrong.status_code == 422
    assert 'href="#f-r1-closes_at"' in wrong.text
    assert 'href="#f-x1-opens_at"' in wrong.text
    assert 'value="2026-12-24"' in wrong.text
    form |= {"r1.closes_at": "11:00", "x1.opens_at": "15:00", "x1.closes_at": "16:00"}
    saved = await http.post(f"{address}/hours", data=form, headers=headers)
    assert saved.status_code == 303
    session.expire_all()
    rows = session.scalars(select(DirectorySchedule).where(DirectorySchedule.service_id == service_id)).all()
    written = {(row.kind, row.byday, str(row.opens_at)[:5], str(row.valid_to)) for row in rows}
    assert written == {
        (ScheduleKind.REGULAR, "MO,WE", "09:00", "None"),
        (ScheduleKind.REGULAR, "1SA", "10:00", "None"),
        (ScheduleKind.REGULAR, None, "09:00", "None"),
        (ScheduleKind.CLOSED, None, "None", "2027-01-06"),
        (ScheduleKind.SPECIAL, None, "15:00", "2026-12-07"),
    }
    page = (await http.get(address, headers=headers)).text
    assert "lunedì, mercoledì" in page
    assert "sabato (Il primo del mese)" in page
    assert "dal 24.12.2026 al 06.01.2027" in page
    assert 'value="SA" checked' in (await http.get(f"{address}/hours", headers=headers)).text


NINE = {"opens_at": "09:00", "closes_at": "10:00"}


async def test_phones_papers_costs_and_languages_are_written_row_by_row(
    session: Session, http: httpx.AsyncClient
) -> None:
    service = create_service(session)
    address, headers = f"/directory/services/{service.id}", coordinator(session)
    session.commit()
    form = {
        "version": service.version,
        "0.number": "0373 000001",
        "0.kind": "voice",
        "1.number": "chiamami",
        "1.kind": "cell",
    }
    wrong = await http.post(f"{address}/parts/phones", data=form, headers=headers)
    assert wrong.status_code == 422
    assert 'href="#f-1-number"' in wrong.text
    form |= {"1.number": "+39 333 0000000", "1.languages": ["ar", "fr"], "0.gone": "1"}
    assert (await http.post(f"{address}/parts/phones", data=form, headers=headers)).status_code == 303
    session.expire_all()
    assert session.scalars(select(DirectoryPhone.number)).all() == ["+39 333 0000000"]
    for part, row, shown in (
        ("documents", {"0.document": "Passaporto"}, "Passaporto"),
        ("costs", {"0.option": "Ticket", "0.amount": "36,15"}, "36,15 €"),
    ):
        session.expire_all()
        row |= {"version": str(session.get_one(DirectoryService, service.id).version)}
        session.commit()
        assert (await http.post(f"{address}/parts/{part}", data=row, headers=headers)).status_code == 303
        assert shown in (await http.get(address, headers=headers)).text
        assert (await http.get(f"{address}/parts/{part}", headers=headers)).status_code == 200
    session.expire_all()
    spoken = {
        "languages": ["bn"],
        "others": "hi, wolof",
        "version": str(session.get_one(DirectoryService, service.id).version),
    }
    session.commit()
    assert (await http.post(f"{address}/languages", data=spoken, headers=headers)).status_code == 422
    spoken["others"] = "hi, wo"
    assert (await http.post(f"{address}/languages", data=spoken, headers=headers)).status_code == 303
    page = (await http.get(f"{address}/languages", headers=headers)).text
    assert 'value="hi wo"' in page
    assert (await http.get(f"{address}/parts/accessibility", headers=headers)).status_code == 404


async def test_an_entry_that_is_checked_again_loses_its_task_and_keeps_source_and_name(
    session: Session, http: httpx.AsyncClient
) -> None:
    service = create_service(session, verified=False)
    open_review(session, service, ReviewReason.PAST_VALID_TO, by="service", now=NOW)
    address, headers = f"/directory/services/{service.id}", coordinator(session)
    session.commit()
    assert "Ambulatorio Inventato" in (await http.get("/directory/tasks", headers=headers)).text
    wrong = await http.post(
        f"{address}/verified", data={"source": "telefonata", "valid_to": "2026-01-01"}, headers=headers
    )
    assert wrong.status_code == 422
    assert 'value="telefonata"' in wrong.text
    right = {"source": "https://esempio.it/a", "valid_to": "2027-03-01"}
    assert (await http.post(f"{address}/verified", data=right, headers=headers)).status_code == 303
    page = (await http.get(address, headers=headers)).text
    assert "Verificato il 02.12.2026, da considerare valido fino al 01.03.2027." in page
    assert 'href="https://esempio.it/a"' in page
    assert "Niente da verificare" in (await http.get("/directory/tasks", headers=headers)).text


async def test_a_translation_stands_beside_its_italian_and_is_marked_when_that_changes(
    session: Session, http: httpx.AsyncClient
) -> None:
    service = create_service(session, description="Visite gratis.")
    address, headers = f"/directory/services/{service.id}", coordinator(session)
    key = f"t.{service.id}.description"
    session.commit()
    form = {"to": "ar", key: "زيارات مجانية."}
    assert (await http.post(f"{address}/translations", data=form, headers=headers)).status_code == 303
    page = (await http.get(f"{address}/translations?to=ar", headers=headers)).text
    assert "زيارات مجانية." in page
    assert 'dir="rtl"' in page
    assert "Ho riletto" not in page
    session.expire_all()
    session.get_one(DirectoryService, service.id).description = "Visite gratis, solo il lunedì."
    session.commit()
    page = (await http.get(f"{address}/translations?to=ar", headers=headers)).text
    assert "italiano è cambiato" in page
    await http.post(f"{address}/translations", data=form, headers=headers)
    assert "Ho riletto" in (await http.get(f"{address}/translations?to=ar", headers=headers)).text
    form[key.replace("t.", "ok.", 1)] = "1"
    await http.post(f"{address}/translations", data=form, headers=headers)
    assert "Ho riletto" not in (await http.get(f"{address}/translations?to=ar", headers=headers)).text
    assert len(session.scalars(select(DirectoryTranslation)).all()) == 1


@pytest.mark.parametrize("own", [True, False])
async def test_a_partner_changes_its_own_entries_and_no_others(
    session: Session, http: httpx.AsyncClient, own: bool
) -> None:
    partner = create_organisation(session)
    body = create_body(session, staff_organisation_id=partner.id if own else None)
    service = create_service(session, body)
    headers = coordinator(session, organisation=partner)
    session.commit()
    status = 200 if own else 404
    for path in (
        f"services/{service.id}/edit",
        f"services/{service.id}/hours",
        f"services/{service.id}/parts/phones",
        f"services/{service.id}/translations",
        f"bodies/{body.id}/services/new",
    ):
        assert (await http.get(f"/directory/{path}", headers=headers)).status_code == status, path
    assert (await http.get("/directory/bodies/new", headers=headers)).status_code == 404
    assert (await http.get(f"/directory/bodies/{body.id}", headers=headers)).status_code == 200
    assert session.scalars(select(DirectoryOrganisation.name)).all() == ["Ente Inventato"]


async def test_the_directory_is_taken_away_and_brought_in_again_after_it_was_checked(
    session: Session, http: httpx.AsyncClient
) -> None:
    create_service(session, name="Mensa Inventata")
    headers, of_reader = coordinator(session), reader(session)
    session.commit()
    export = await http.get("/directory/files/export?format=json", headers=of_reader)
    assert "sportello-hsds-2026-12-02.json" in export.headers["content-disposition"]
    package = await http.get("/directory/files/export?format=csv", headers=headers)
    assert package.content.startswith(b"PK")
    file = {"file": ("a.json", export.content.replace(b"Mensa", b"Cena"))}
    refused = await http.post("/directory/files", files=file, headers=of_reader)
    assert refused.status_code == 404
    wrong = {"file": ("a.json", export.content.replace(b'"voice"', b'"drum"'))}
    page = await http.post("/directory/files", files=wrong, headers=headers)
    assert page.status_code == 422
    assert "non è stato scritto niente" in page.text
    assert "services[0]" in page.text
    page = await http.post("/directory/files", files=file, headers=headers)
    assert "1 servizio si può importare" in page.text
    session.expire_all()
    assert session.scalars(select(DirectoryService.name)).all() == ["Mensa Inventata"]
    session.commit()
    shown = page.text.partition('name="shown" value="')[2].partition('"')[0]
    other = {"file": ("a.json", export.content)}
    again = await http.post("/directory/files", files=other, data={"shown": shown}, headers=headers)
    assert "Questo non è il file che hai controllato" in again.text
    written = await http.post("/directory/files", files=file, data={"shown": shown}, headers=headers)
    assert written.status_code == 303
    session.expire_all()
    assert session.scalars(select(DirectoryService.name)).all() == ["Cena Inventata"]
    nothing = await http.post("/directory/files", data={"shown": ""}, headers=headers)
    assert "Scegli un file." in nothing.text
