"""The figures of the care-work desk: small ones hidden with what would give them back."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import product

import httpx
import pytest
from openpyxl import load_workbook
from sqlalchemy.orm import Session

from backoffice.care_match.models import CareSide, RefusedOffer
from backoffice.care_match.service import accept
from backoffice.care_report.queries import refused_offers, requests, times, training, wishes, workers
from backoffice.care_request.models import RequestEnd, RequestState, WishGround
from backoffice.care_request.service import move_request, refuse_wish
from backoffice.care_training.models import CourseKind
from backoffice.care_training.seats import wait_for
from backoffice.care_worker.models import WorkerState
from backoffice.client.schemas import CareLevel
from backoffice.engagement.models import PayPeriod
from backoffice.figures import Count, Period, count_of, spread_of
from backoffice.small_cells import shown
from backoffice.staff.roles import Role
from tests.backoffice.care import create_care_match, create_request, create_worker
from tests.backoffice.databases import backend as backend
from tests.backoffice.factories import NOW, create_front_door, create_staff, sign_in

YEAR = Period(NOW - timedelta(days=365), NOW + timedelta(days=30), date(2025, 12, 2), date(2027, 1, 1))


def body(session: Session) -> str:
    return create_front_door(session).id


def parts(figures: Sequence[object], code: str) -> dict[str, int | None]:
    return dict(of(figures, code).counts.parts)


def of(figures: Sequence[object], code: str) -> Count:
    return next(each for each in figures if isinstance(each, Count) and each.code == code)


@pytest.mark.parametrize(
    ("total", "counts", "told"),
    [
        (30, [10, 20, 0], (30, [10, 20, 0])),
        (22, [2, 7, 13], (22, [None, None, 13])),
        (13, [2, 1, 10], (13, [None, None, None])),
        (17, [4, 3, 10], (17, [None, None, 10])),
        (4, [4, 0, 0], (None, [None, 0, 0])),
        (0, [0, 0, 0], (0, [0, 0, 0])),
    ],
)
def test_what_is_small_is_hidden_with_what_would_give_it_back(
    total: int, counts: list[int], told: tuple[int | None, list[int | None]]
) -> None:
    made = shown(total, list(zip("abc", counts, strict=True)), is_sum=True)
    assert (made.total, [count for _, count in made.parts]) == told


def test_no_small_part_can_be_worked_out_from_the_others() -> None:
    for counts in product((0, 1, 2, 4, 5, 6, 11), repeat=4):
        made = shown(sum(counts), list(zip("abcd", counts, strict=True)), is_sum=True)
        hidden = [count for count, (_, seen) in zip(counts, made.parts, strict=True) if seen is None]
        assert all(count >= 5 or not count for count in set(counts) - set(hidden))
        if made.total is not None and hidden:
            assert len(hidden) >= 2, counts
            assert sum(hidden) >= 5, counts


def test_a_total_that_gives_another_away_is_hidden_with_a_part() -> None:
    made = count_of("x", None, {"a": 6, "b": 9}, hides_total=True)
    assert made.counts.total is None
    assert dict(made.counts.parts) == {"a": None, "b": 9}
    assert count_of("x", None, {"a": 6}, total=8, hides_total=True).counts.parts == [("a", 6)]


def test_the_place_of_a_hidden_part_does_not_tell_how_many_it_is() -> None:
    rows = count_of("x", None, {"zeta": 4, "beta": 1, "alpha": 3, "many": 20}).counts.parts
    assert [key for key, _ in rows] == ["many", "alpha", "beta", "zeta"]


def test_of_fewer_than_five_no_median_is_told() -> None:
    assert spread_of("x", [1, 2, 3, 4]) == spread_of("x", [9, 9, 9])
    told = spread_of("x", [1, 2, 3, 4, 10])
    assert (told.count, told.quartiles) == (5, (2.0, 3.0, 4.0))


def test_workers_are_counted_by_state_skill_language_and_town(session: Session) -> None:
    for _ in range(6):
        create_worker(session, municipalities=["Crema", "Offanengo"], skills=["elderly"])
    for _ in range(5):
        create_worker(session, state=WorkerState.APPLIED, municipalities=["Crema"], skills=["cooking"])
    found = workers(session, body(session))
    assert parts(found, "workers_state")["registered"] == 6
    assert parts(found, "workers_skill") == {"elderly": 6, "cooking": 5}
    assert parts(found, "workers_town") == {"Crema": 11, "Offanengo": 6}
    assert of(found, "workers_language").counts.total == 11


def test_requests_that_ended_unmet_are_counted_with_their_reason(session: Session) -> None:
    for why in [RequestEnd.BUDGET_TOO_LOW] * 5 + [RequestEnd.MET] * 2:
        case = create_request(session)
        move_request(session, case, RequestState.CLOSED, by="x", now=NOW, why=why)
    for _ in range(5):
        create_request(session, municipality="Offanengo")
    found = requests(session, body(session), YEAR)
    assert parts(found, "requests_unmet") == {"budget_too_low": 5}
    assert parts(found, "requests_looking") == {"Offanengo": 5}
    past = replace(YEAR, until=NOW - timedelta(days=1))
    assert parts(requests(session, body(session), past), "requests_unmet") == {}


def test_the_days_until_both_said_yes_are_told_by_median_and_quartiles(session: Session) -> None:
    for days in (1, 2, 3, 4, 10):
        match = create_care_match(session)
        for side in (CareSide.WORKER, CareSide.FAMILY):
            accept(session, match, side, by="x", now=NOW + timedelta(days=days))
    to_match, to_contract = times(session, body(session), YEAR)
    assert (to_match.count, to_match.quartiles) == (5, (2.0, 3.0, 4.0))
    assert (to_contract.count, to_contract.quartiles) == (0, None)


def test_offers_below_the_minimum_tell_how_many_and_how_much_was_lacking(session: Session) -> None:
    for euros in (1, 2, 3, 4, 5):
        session.add(
            RefusedOffer(
                organisation_id=body(session),
                level=CareLevel.CS,
                live_in=False,
                short_eur=Decimal(euros),
                short_per=PayPeriod.HOUR,
                refused_at=NOW,
            )
        )
    session.flush()
    count, short = refused_offers(session, body(session), YEAR)
    assert dict(count.counts.parts)["CS"] == 5
    assert [(each.code, each.quartiles) for each in short] == [
        ("short_hour", (2.0, 3.0, 4.0)),
        ("short_month", None),
    ]


def test_unlawful_wishes_and_people_on_lists_are_counted(session: Session) -> None:
    case = create_request(session)
    for _ in range(5):
        refuse_wish(session, case, WishGround.NATIONALITY, by="x", now=NOW)
        wait_for(session, create_worker(session), CourseKind.FIRST_AID, by="x", now=NOW)
    assert dict(wishes(session, body(session), YEAR).counts.parts) == {"nationality": 5}
    assert parts(training(session, body(session), YEAR), "courses_waiting")["first_aid"] == 5


async def test_a_coordinator_sees_the_page_and_takes_both_tables_away(
    session: Session, http: httpx.AsyncClient
) -> None:
    for _ in range(6):
        create_worker(session, municipalities=["Offanengo"])
    staff = create_staff(session, roles=frozenset({Role.COORDINATOR}))
    headers = {**sign_in(session, staff), "Accept-Language": "it"}
    session.commit()
    page = await http.get("/care/report", headers=headers)
    assert page.status_code == 200
    for words in ("Offanengo", "Persone nel registro oggi", "Troppo pochi"):
        assert words in page.text
    table = await http.get("/care/report.csv?since=2026-01-01&until=2027-01-01", headers=headers)
    assert '"Offanengo";"6"' in table.text
    assert table.headers["content-disposition"].endswith('care-2026-01-01-2026-12-02.csv"')
    book = load_workbook(io.BytesIO((await http.get("/care/report.xlsx", headers=headers)).content))
    rows = book["Sportello"].iter_rows(values_only=True)
    assert any(row[1:3] == ("Offanengo", "6") for row in rows)


@pytest.mark.parametrize("query", ["since=ieri&until=9999-12-31", "since=9999-12-31&until=0001-01-01"])
async def test_strange_days_are_no_error(session: Session, http: httpx.AsyncClient, query: str) -> None:
    headers = sign_in(session, create_staff(session, roles=frozenset({Role.COORDINATOR})))
    session.commit()
    assert (await http.get(f"/care/report?{query}", headers=headers)).status_code == 200


async def test_nobody_else_sees_it(session: Session, http: httpx.AsyncClient) -> None:
    headers = sign_in(session, create_staff(session, roles=frozenset({Role.CARE_DESK, Role.CASEWORKER})))
    session.commit()
    for path in ("/care/report", "/care/report.csv", "/care/report.xlsx"):
        assert (await http.get(path, headers=headers)).status_code == 404
