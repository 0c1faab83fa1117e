from __future__ import annotations

from datetime import timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy.orm import Session

from backoffice.case.models import Case
from backoffice.case.needs import Need
from backoffice.case.permissions import readable_cases
from backoffice.case.phases import ClosingReason
from backoffice.case.queries import count, page_of
from backoffice.case.service import change_needs, move_case
from backoffice.case.sorting import ORDERS, cursor_after
from backoffice.client.schemas import CaseType, Phase
from backoffice.paging import InvalidCursor
from backoffice.staff.models import Staff
from backoffice.staff.roles import Role
from tests.backoffice.case.cases import create_case
from tests.backoffice.databases import FrozenClock
from tests.backoffice.databases import backend as backend
from tests.backoffice.factories import NOW, create_front_door, create_organisation, create_staff, sign_in

COORDINATOR = frozenset({Role.COORDINATOR})


def create_cases(session: Session, number: int) -> list[Case]:
    towns = ["Crema", "Soncino", None]
    return [
        create_case(session, now=NOW + timedelta(minutes=each // 2), municipality=towns[each % 3])
        for each in range(number)
    ]


def read_all(session: Session, staff: Staff, order: str, *, meanwhile: Any = None) -> list[str]:
    found, cursor = [], None
    while True:
        page = page_of(session, readable_cases(staff), limit=3, cursor=cursor, order=order)
        found += [case.id for case in page.cases]
        if page.next is None:
            return found
        cursor = page.next
        if meanwhile is not None:
            meanwhile()


@pytest.mark.parametrize("order", sorted(ORDERS))
def test_every_order_shows_each_case_once_while_others_are_opened(session: Session, order: str) -> None:
    staff = create_staff(session, roles=COORDINATOR)
    before = {case.id for case in create_cases(session, 10)}
    found = read_all(session, staff, order, meanwhile=lambda: create_cases(session, 1))
    assert len(found) == len(set(found))
    assert before <= set(found)


def test_a_cursor_goes_on_only_in_its_own_order(session: Session) -> None:
    staff = create_staff(session, roles=COORDINATOR)
    case = create_cases(session, 3)[0]
    for order in ORDERS:
        for other in ORDERS:
            if order == other:
                continue
            with pytest.raises(InvalidCursor):
                page_of(
                    session, readable_cases(staff), limit=3, cursor=cursor_after(case, order), order=other
                )


def test_a_long_list_is_counted_no_further_than_it_must(session: Session) -> None:
    staff = create_staff(session, roles=COORDINATOR)
    create_cases(session, 5)
    few = count(session, readable_cases(staff), up_to=4)
    assert (few.number, few.is_more) == (4, True)
    all_of_them = count(session, readable_cases(staff), up_to=5)
    assert (all_of_them.number, all_of_them.is_more) == (5, False)


async def test_the_filters_find_what_they_say(
    http: httpx.AsyncClient, session: Session, clock: FrozenClock
) -> None:
    staff = create_staff(session, roles=COORDINATOR)
    me, now = sign_in(session, staff), clock()
    rent = create_case(session, now=now)
    change_needs(session, rent, [Need.RENT], by=staff.id, now=now)
    still = create_case(session, now=now - timedelta(days=31))
    closed = create_case(session, now=now - timedelta(days=40))
    reason = ClosingReason.GOAL_REACHED
    move_case(
        session,
        closed,
        Phase.CLOSED,
        by=staff.id,
        now=now - timedelta(days=39),
        closing_reason=reason,
    )
    mine = create_case(session, now=now, assignee_id=staff.id)
    mine.urgent = True
    session.commit()
    numbers = {case.number for case in (rent, still, closed, mine)}
    for query, wanted in (
        ("need=rent", {rent}),
        ("overdue=yes", {still}),
        ("urgent=yes", {mine}),
        ("assignee=me", {mine}),
        (f"opened_to={(now - timedelta(days=31)):%Y-%m-%d}", {still, closed}),
        (f"opened_from={now:%Y-%m-%d}&need=rent", {rent}),
        (f"organisation={create_front_door(session).id}&status=closed", {closed}),
        ("opened_from=never&need=nothing&sort=;drop", {rent, still, closed, mine}),
    ):
        page = (await http.get(f"/cases?{query}", headers=me)).text
        assert {number for number in numbers if number in page} == {case.number for case in wanted}, query


async def test_many_cases_are_assigned_and_what_stays_says_why(
    http: httpx.AsyncClient, session: Session
) -> None:
    staff = create_staff(session, roles=frozenset({Role.HOUSING_DESK, Role.MEDIATOR}))
    me, now = sign_in(session, staff), NOW
    free = create_case(session, now=now)
    closed = create_case(session, now=now)
    reason = ClosingReason.GOAL_REACHED
    move_case(session, closed, Phase.CLOSED, by=staff.id, now=now, closing_reason=reason)
    mine = create_case(session, now=now, assignee_id=staff.id)
    foreign = create_case(session, organisation=create_organisation(session))
    care = create_case(session, type=CaseType.CARE_WORK)
    session.commit()
    chosen = [case.id for case in (free, closed, mine, foreign, care)]
    answer = await http.post(
        "/cases/assign-many",
        data={"assignee": staff.id, "case": chosen},
        headers={**me, "Accept-Language": "en"},
    )
    assert answer.status_code == 200
    assert "1 case assigned" in answer.text
    assert "4 cases were not changed" in answer.text
    assert foreign.number not in answer.text
    assert care.number not in answer.text
    session.expire_all()
    assert [case.assignee_id for case in (free, closed, foreign, care)] == [staff.id, None, None, None]


async def test_all_that_a_filter_finds_is_assigned_up_to_a_bound(
    http: httpx.AsyncClient, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    staff = create_staff(session, roles=COORDINATOR)
    me = sign_in(session, staff)
    cases = create_cases(session, 6)
    session.commit()
    form = {"assignee": staff.id, "everything": "true", "query": "municipality=Crema"}
    assert (await http.post("/cases/assign-many", data=form, headers=me)).status_code == 200
    session.expire_all()
    assert {case.municipality for case in cases if case.assignee_id == staff.id} == {"Crema"}
    session.commit()
    monkeypatch.setattr("backoffice.case.bulk.MOST", 3)
    refused = await http.post("/cases/assign-many", data={**form, "query": ""}, headers=me)
    assert refused.status_code == 422


async def test_a_list_of_cases_is_kept_apart_from_those_of_conversations(
    http: httpx.AsyncClient, session: Session
) -> None:
    me = sign_in(session, create_staff(session, roles=COORDINATOR))
    session.commit()
    kept = await http.post(
        "/saved-case-filters", data={"name": "Case a Crema", "query": "municipality=Crema&x=y"}, headers=me
    )
    assert kept.headers["location"].startswith("/cases?municipality=Crema&notice")
    assert "Case a Crema" in (await http.get("/saved-case-filters/list", headers=me)).text
    assert "Case a Crema" not in (await http.get("/saved-filters/list", headers=me)).text
