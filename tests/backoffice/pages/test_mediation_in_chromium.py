"""A hospital asks for an Urdu-speaking woman: everybody's part in a real Chromium, one of them at 320 px."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.backoffice.databases import FrozenClock
from tests.backoffice.pages.office import StaffOffice
from tests.backoffice.pages.test_in_chromium import Open, _faults
from tests.backoffice.pages.test_in_chromium import chromium as chromium
from tests.backoffice.pages.test_in_chromium import office as office
from tests.backoffice.pages.test_in_chromium import open_as as open_as

pytestmark = pytest.mark.browser

SMALL = {"viewport": {"width": 320, "height": 640}, "bypass_csp": True}


def test_a_hospital_asks_for_an_urdu_speaking_woman_and_one_of_two_comes(
    open_as: Open, office: StaffOffice, clock: FrozenClock
) -> None:
    hospital = open_as("hospital")
    hospital.locator("summary", has_text="Persone e pratiche").click()
    hospital.get_by_role("link", name="Mediazione", exact=True).click()
    hospital.get_by_role("link", name="Nuova richiesta").click()
    hospital.get_by_label("Lingua (necessario)").select_option(label="urdu")
    hospital.get_by_label("Donna o uomo").select_option(label="Una donna")
    hospital.get_by_label("Giorno").fill("2026-12-03")
    hospital.get_by_label("Ora (necessario)").fill("15:30")
    hospital.get_by_label("Ambito").select_option(label="Sanità")
    hospital.get_by_label("Modo").select_option(label="Di persona")
    hospital.get_by_label("Comune").select_option("Crema")
    hospital.get_by_label("Luogo o collegamento").fill("Pediatria, primo piano")
    hospital.get_by_role("textbox", name="Argomento").fill("Vaccini del bambino")
    hospital.get_by_role("button", name="Invia la richiesta").click()
    expect(hospital.locator("#notice")).to_have_text("Richiesta inviata.")
    path = hospital.url.removeprefix(office.url).partition("?")[0]

    coordinator = open_as("coordinator")
    coordinator.goto(f"{office.url}/mediation")
    coordinator.locator(f'a[href="{path}"]').click()
    coordinator.get_by_role("button", name="Approva (1:00 ore)").click()
    not_free = coordinator.get_by_text("Nadia Rehman: Fuori dai suoi turni")
    expect(not_free).to_be_hidden()  # she can, but not in the afternoon: the list of who cannot is closed
    coordinator.get_by_text("Una persona parla la lingua ma non può").click()
    expect(not_free).to_be_visible()

    nadia = open_as("mediator.ur", **SMALL)
    nadia.goto(f"{office.url}/mediation/me")
    nadia.get_by_text("Modifica la settimana").click()
    nadia.get_by_label("giovedì, orario 2: dalle").fill("15:00")
    nadia.get_by_label("giovedì, orario 2: alle").fill("19:00")
    nadia.locator("#week").get_by_role("button", name="Salva").click()
    expect(nadia.locator("#week tbody tr").nth(3)).to_contain_text("15:00–19:00")

    coordinator.reload()
    coordinator.get_by_label("Nadia Rehman").check()
    coordinator.get_by_label("Saima Modello").check()
    coordinator.get_by_role("button", name="Offri a chi è scelto").click()
    expect(coordinator.get_by_text("Può rispondere fino a")).to_have_count(2)

    saima = open_as("mediator.ur2")
    saima.goto(f"{office.url}/mediation")
    nadia.goto(f"{office.url}/mediation")
    assert nadia.evaluate("document.documentElement.scrollWidth") <= 320
    assert _faults(nadia) == []
    accept = nadia.get_by_role("button", name="Accetto")
    accept.focus()
    nadia.keyboard.press("Enter")
    expect(nadia.locator("#notice")).to_contain_text("l'impegno è tuo")
    expect(saima.get_by_role("button", name="Accetto")).to_be_visible()
    saima.reload()
    expect(saima.get_by_text("Presa da altri")).to_be_visible()
    hospital.reload()
    expect(hospital.locator("main")).to_contain_text("Nadia Rehman")

    clock.advance(hours=30)
    hospital, nadia = open_as("hospital"), open_as("mediator.ur", **SMALL)
    nadia.goto(office.url + path)
    nadia.get_by_label("Tempo con la persona").select_option(label="1:15")
    nadia.get_by_label("Breve relazione").fill("La madre ha capito il calendario dei vaccini.")
    assert nadia.evaluate("document.documentElement.scrollWidth") <= 320
    assert _faults(nadia) == []
    nadia.get_by_role("button", name="Invia la relazione").click()
    hospital.goto(office.url + path)
    expect(hospital.locator("main")).to_contain_text("La madre ha capito il calendario dei vaccini.")
    hospital.get_by_role("button", name="Conferma 1:15 ore").click()
    expect(hospital.locator("#notice")).to_have_text("Ore confermate.")
    nadia.goto(f"{office.url}/mediation/mine")
    expect(nadia.locator("main")).to_contain_text("ore contate: 1:15")
