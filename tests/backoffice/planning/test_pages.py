"""The pages of planning: every number from what was told, hidden ones in words, whatever is asked for."""

from __future__ import annotations

import re
from functools import partial
from html import unescape

import httpx
import pytest
from sqlalchemy.orm import Session

from backoffice.disclosure.axes import ALL
from backoffice.planning.choice import Asked, Choice, choose
from backoffice.planning.figure import Dimension
from backoffice.planning.figure_panels import dimension_panels, months_panel
from backoffice.planning.overview import rise_lines
from backoffice.planning.panel import Chosen, Panel
from backoffice.planning.place_panel import place_panel
from backoffice.planning.service_panels import alarms, watched
from backoffice.planning.shelf import Shelf
from backoffice.planning.told import Told
from backoffice.planning.wording import Body, Wording
from backoffice.staff.models import Organisation, Staff
from backoffice.staff.roles import READS_FIGURES, Role
from tests.backoffice.factories import create_organisation, create_staff, sign_in
from tests.backoffice.planning.invented import BODY, create_releases, told_in

BODIES = {BODY: Body("invented-body", "Cooperativa Inventata")}
WORDS = Wording("it", BODIES)
HTML = {"Accept": "text/html"}
PAGES = ("/planning", "/planning/equal-service", "/planning/figures/asked")


def chosen(code: str, **asked: str) -> Chosen:
    told = told_in(code, 2026)
    return Chosen(told, choose(Asked(**asked), told, BODIES), WORDS)


def shown(panel: Panel) -> dict[str, list[str]]:
    """Return a panel's table by the heads of its lines."""
    return {line.head: [cell.words for cell in line.cells] for line in panel.lines}


# --- What is chosen -----------------------------------------------------------------------------


def test_without_a_choice_the_last_month_that_is_told_is_shown_of_the_whole_district() -> None:
    assert choose(Asked(), told_in("asked", 2026), {}) == Choice(2026, "2026-11", ALL)


def test_who_changes_the_year_keeps_the_month_or_the_quarter() -> None:
    told = told_in("asked", 2025)
    for period, found in (("2026-07", "2025-07"), ("2026-q3", "2025-q3"), ("all", "all")):
        choice = choose(Asked("2025", period, "Izano"), told, {})
        assert (choice.period, choice.place, choice.is_other) == (found, "Izano", False)


@pytest.mark.parametrize(
    "asked",
    [
        Asked(period="2026-12"),
        Asked(period="all"),
        Asked(period="x" * 5000),
        Asked(place="Milano"),
        Asked(place="'\"><b>"),
        Asked(body="nobody"),
        Asked(year="1999"),
        Asked(year="٢٠٢٦"),
    ],
)
def test_what_is_not_told_is_answered_with_what_is(asked: Asked) -> None:
    choice = choose(asked, told_in("asked", 2026), BODIES)
    assert (choice.year, choice.period, choice.place, choice.body) == (2026, "2026-11", ALL, None)
    assert choice.is_other


def test_the_address_of_a_choice_names_a_body_by_its_public_code() -> None:
    choice = chosen("asked", body="invented-body", place="Crema").choice
    assert choice.query == "year=2026&period=2026-11&place=Crema&body=invented-body"
    assert choice.within == {Dimension.BODY: BODY}
    assert [Choice(2026, period).last_month for period in (ALL, "2026-q2", "2026-04")] == [
        "2026-12",
        "2026-06",
        "2026-04",
    ]


# --- What is shown ------------------------------------------------------------------------------


def test_a_table_has_the_numbers_that_were_told_and_the_words_for_those_that_were_not() -> None:
    at = chosen("asked", period="2026-q3")
    panel = place_panel(at)
    assert panel is not None
    table = shown(panel)
    count = at.told.count(period="2026-q3", place="Crema")
    assert count is not None
    assert table["Crema"][0] == str(count)
    assert table["Izano"] == ["nascosto", "–"]
    assert table["Soncino"][0] == "0"
    assert panel.lines[0].head == "Sub-ambito Crema"
    assert "url(#chart-places-hidden)" in str(panel.chart)


def test_no_cell_of_any_panel_holds_a_number_from_one_to_four() -> None:
    for code in ("asked", "needs", "understanding", "waits"):
        for period in ("2026-11", "2026-q3"):
            at = chosen(code, period=period)
            for panel in [*dimension_panels(at), *([place_panel(at)] if code in ("asked", "needs") else [])]:
                assert panel is not None
                for line in panel.lines:
                    assert line.cells[0].words not in ("1", "2", "3", "4"), (code, panel.id, line.head)


def test_months_stand_beside_those_of_the_year_before_and_end_with_the_last_that_is_over() -> None:
    panel = months_panel(chosen("needs", place="Izano"), told_in("needs", 2025))
    assert list(panel.heads) == ["Mese", "2026", "2025"]
    assert [line.head for line in panel.lines][-1] == "novembre 2026"
    assert len(panel.lines) == 11
    assert {cell.words for line in panel.lines for cell in line.cells} <= {"nascosto", "0"}
    assert "tratteggiato" in str(panel.chart)


def test_a_crossed_table_has_shares_and_what_was_measured_in_brackets() -> None:
    panels = {panel.id: panel for panel in dimension_panels(chosen("waits"))}
    crossed = panels["language-human"]
    assert list(crossed.heads) == ["Lingua", "Tutti", "sì", "no"]
    assert re.fullmatch(r"\d+ \(\d+ minuti\)", shown(crossed)["arabo"][1])
    assert "chart-stacked" in str(crossed.chart)
    assert shown(panels["human"])["sì"][2].isdigit()


def test_of_one_body_nothing_is_told_that_no_table_crosses_with_it() -> None:
    at = chosen("asked", body="invented-body")
    assert dimension_panels(at) == []
    panel = place_panel(at)
    assert panel is not None
    assert shown(panel)["Crema"][0] == str(
        at.told.count({Dimension.BODY: BODY}, period="2026-11", place="Crema")
    )


def test_in_a_sub_district_only_its_towns_are_in_the_table_and_a_town_has_none() -> None:
    panel = place_panel(chosen("needs", place="sub-district:Soncino"))
    assert panel is not None
    assert set(shown(panel)) == {"Soncino", "Romanengo"}
    assert place_panel(chosen("needs", place="Soncino")) is None
    assert place_panel(chosen("waits")) is None


def test_a_rise_is_told_in_its_town_its_sub_district_and_the_district_with_its_season() -> None:
    years = {code: [told_in(code, 2026), told_in(code, 2025)] for code in ("asked", "needs")}
    lines = rise_lines(years, choose(Asked(), years["asked"][0], {}), WORDS)
    assert [(line.head, line.cells[0].words) for line in lines] == [
        ("Bisogni: Affitto", place) for place in ("Crema", "Sub-ambito Crema", "Tutto l'ambito")
    ]
    assert [cell.words for cell in lines[0].cells[1:4]] == ["120", "40", "40"]
    for place, number in (("Crema", 1), ("Soncino", 0), ("sub-district:Crema", 2)):
        choice = choose(Asked(place=place), years["asked"][0], {})
        assert len(rise_lines(years, choice, WORDS)) == number
    october = choose(Asked(period="2026-10"), years["asked"][0], {})
    assert rise_lines(years, october, WORDS) == []


def test_who_is_served_worse_is_told_with_the_number_compared_and_its_interval() -> None:
    tolds = {"understanding": told_in("understanding", 2026)}
    found = watched(tolds, "2026-11", WORDS)
    assert [len(each.panels) for each in found] == [2, 0, 0, 0, 0, 0]
    language = shown(found[0].panels[0])
    assert language["punjabi"][:3] == ["200", "80", "40%"]
    assert language["punjabi"][3:] == ["da 32% a 49%", "peggio degli altri"]
    assert language["arabo"][4] == "nessun segnale"
    assert [(each.who, each.share) for each in alarms(tolds, "2026-11", WORDS)] == [("punjabi", "40%")]
    assert watched(tolds, "2026-12", WORDS)[0].panels == []


def test_a_shelf_reads_a_release_once_and_lets_go_of_the_oldest() -> None:
    told, read = told_in("waits", 2026), list[str]()

    def reading(name: str) -> Told:
        read.append(name)
        return told

    shelf = Shelf(most=2 * (len(told.counts) + len(told.spreads) + len(told.hidden)))
    for name in ("a", "b", "a", "c", "a", "b"):
        assert shelf.find(name, partial(reading, name)) is told
    assert read == ["a", "b", "c", "b"]


# --- The pages ----------------------------------------------------------------------------------


@pytest.fixture
def released(session: Session) -> Staff:
    """Tell invented figures, and return who reads them: a planner of a partner body."""
    body = create_organisation(session, name="Cooperativa Inventata")
    session.add(Organisation(id=BODY, slug="invented-body", name="Cooperativa <Inventata>"))
    create_releases(session)
    staff = create_staff(session, roles=frozenset({Role.PLANNER}), organisation=body)
    session.commit()
    return staff


async def test_the_pages_show_each_number_with_its_definition_and_link_to_the_files(
    http: httpx.AsyncClient, session: Session, released: Staff
) -> None:
    headers = {**sign_in(session, released), **HTML}
    session.commit()
    overview = (await http.get("/planning", headers=headers)).text
    assert "Bisogni segnati nei casi aperti nel periodo." in overview
    assert "La chat non chiede il comune a chi fa una domanda" in unescape(overview)
    assert "Messaggi non capiti, punjabi: 40%" in overview
    page = unescape((await http.get("/planning/figures/asked?period=2026-q3", headers=headers)).text)
    query = "year=2026&period=2026-q3&place=all"
    for kind in ("csv", "xlsx", "json", "pdf"):
        assert f'/planning/figures/asked/file.{kind}?{query}"' in page
    service = (await http.get("/planning/equal-service", headers=headers)).text
    assert "dice che qualcosa va peggio, non perché" in service
    for text in (overview, page, service):
        assert 'style="' not in text
        assert 'href="/planning" aria-current="page"' in text


async def test_a_body_s_page_and_a_period_that_is_not_over_are_answered(
    http: httpx.AsyncClient, session: Session, released: Staff
) -> None:
    headers = {**sign_in(session, released), **HTML, "Accept-Language": "en"}
    session.commit()
    page = (await http.get("/planning/figures/asked?body=invented-body", headers=headers)).text
    assert "the numbers of one body are not crossed with anything" in page
    assert "Cooperativa &lt;Inventata&gt;" in page
    late = (await http.get("/planning/figures/asked?period=2026-12&place=%00", headers=headers)).text
    assert "Nothing is told of what you asked for" in late
    assert (
        "The whole district: this figure knows no towns."
        in (await http.get("/planning?place=Crema", headers=headers)).text
    )


@pytest.mark.parametrize("role", list(Role))
async def test_planners_coordinators_and_administrators_read_figures_and_nobody_else(
    http: httpx.AsyncClient, session: Session, role: Role
) -> None:
    headers = {**sign_in(session, create_staff(session, roles=frozenset({role}))), **HTML}
    session.commit()
    for path in PAGES:
        status = (await http.get(path, headers=headers)).status_code
        assert status == (200 if role in READS_FIGURES else 404), path
    assert (await http.get("/planning/figures/gossip", headers=headers)).status_code == 404


async def test_before_the_first_month_is_over_the_pages_say_so(
    http: httpx.AsyncClient, session: Session
) -> None:
    headers = {**sign_in(session, create_staff(session, roles=frozenset({Role.PLANNER}))), **HTML}
    session.commit()
    for path in PAGES:
        assert "Non c'è ancora nessun mese" in unescape((await http.get(path, headers=headers)).text), path
