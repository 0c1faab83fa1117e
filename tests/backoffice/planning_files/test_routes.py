"""Figures to take away: who gets them, in which form, and what does not exist."""

from __future__ import annotations

import csv
import io

import httpx
import pytest
from sqlalchemy.orm import Session

from backoffice.staff.roles import Role
from tests.backoffice.factories import create_front_door, create_organisation, create_staff, sign_in
from tests.backoffice.planning_files.figures import released

FILE = "/planning/figures/asked/file"
READERS = (Role.PLANNER, Role.COORDINATOR, Role.ADMINISTRATOR)


@pytest.fixture
def planner(session: Session) -> dict[str, str]:
    released(session)
    elsewhere = create_organisation(session)
    headers = sign_in(session, create_staff(session, roles=frozenset({Role.PLANNER}), organisation=elsewhere))
    session.commit()
    return headers


async def test_a_planner_of_any_body_takes_a_figure_away_in_each_form(
    http: httpx.AsyncClient, planner: dict[str, str]
) -> None:
    kinds = {"csv": b"\xef\xbb\xbf", "json": b'{"format"', "xlsx": b"PK", "pdf": b"%PDF-"}
    for kind, beginning in kinds.items():
        answer = await http.get(f"{FILE}.{kind}", params={"period": "2026-q3"}, headers=planner)
        assert answer.status_code == 200
        assert answer.content.startswith(beginning)
        assert f'filename="sportello-asked-2026-q3.{kind}"' in answer.headers["content-disposition"]


async def test_a_table_of_a_month_a_place_and_a_body_has_their_lines_alone(
    http: httpx.AsyncClient, planner: dict[str, str], session: Session
) -> None:
    asked: dict[str, str | int] = {"year": 2026, "period": "2026-07", "place": "Crema"}
    answer = await http.get(f"{FILE}.csv", params=asked, headers=planner)
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"), newline="")))
    assert {(row["period"], row["place"]) for row in rows} == {("2026-07", "Crema")}
    front_door = create_front_door(session)
    for body in (front_door.id, front_door.slug):
        found = await http.get(f"{FILE}.json", params={**asked, "body": body}, headers=planner)
        numbers = found.json()["numbers"]
        assert [(each["count"], each["codes"]["body"]["code"]) for each in numbers] == [(21, front_door.slug)]
        assert front_door.id not in found.text
        assert (await http.get(f"{FILE}.pdf", params={**asked, "body": body}, headers=planner)).is_success


async def test_programs_list_the_figures_and_read_one(
    http: httpx.AsyncClient, planner: dict[str, str]
) -> None:
    listed = (await http.get("/api/v1/planning/figures", headers=planner)).json()
    years = {item["figure"]["code"]: [each["year"] for each in item["years"]] for item in listed["items"]}
    assert (years["asked"], years["waits"], years["needs"]) == ([2026], [2026], [])
    read = await http.get(
        "/api/v1/planning/figures/waits", params={"period": "2026-q3", "language": "en"}, headers=planner
    )
    assert read.json()["numbers"][0] | {"spread": None} == {
        "table": "total",
        "period": "2026-q3",
        "place": None,
        "codes": {},
        "count": 140,
        "status": "shown",
        "spread": None,
    }


async def test_the_report_has_every_figure_that_is_told(
    http: httpx.AsyncClient, planner: dict[str, str]
) -> None:
    answer = await http.get("/planning/report.pdf", params={"year": 2026}, headers=planner)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/pdf")
    assert 'filename="sportello-2026-q3.pdf"' in answer.headers["content-disposition"]


@pytest.mark.parametrize(
    "path",
    [
        f"{FILE}.exe",
        f"{FILE}.csv?year=2025",
        f"{FILE}.csv?period=2026-q4",
        f"{FILE}.csv?place=Lodi",
        f"{FILE}.csv?body=nobody",
        f"{FILE}.pdf?period=2026-12",
        f"{FILE}.pdf?place=Lodi",
        f"{FILE}.pdf?body=nobody",
        "/planning/figures/gossip/file.csv",
        "/planning/report.pdf?year=2025",
        "/planning/report.pdf?period=2026-q4",
        "/planning/report.pdf?place=Lodi",
        "/api/v1/planning/figures/needs",
    ],
)
async def test_what_is_not_told_does_not_exist(
    http: httpx.AsyncClient, planner: dict[str, str], path: str
) -> None:
    assert (await http.get(path, headers=planner)).status_code == 404


async def test_who_may_not_read_figures_finds_none(http: httpx.AsyncClient, session: Session) -> None:
    released(session)
    for role in Role:
        headers = sign_in(session, create_staff(session, name=role, roles=frozenset({role})))
        session.commit()
        answer = await http.get(f"{FILE}.csv", params={"period": "2026-q3"}, headers=headers)
        assert answer.status_code == (200 if role in READERS else 404), role
