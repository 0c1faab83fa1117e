"""Pairs of sentences: found by their words, replaced by the latest, searched, forgotten, exported."""

from __future__ import annotations

import csv
import io
from datetime import timedelta

import httpx
import pytest
from sqlalchemy.orm import Session

from backoffice.staff.roles import Role
from backoffice.translation.export import safe_cell
from backoffice.translation.service import find_pair, keep_pair
from tests.backoffice.factories import NOW, create_front_door, create_staff, sign_in


def keep(session: Session, source: str, target: str, *, minutes: int = 0) -> str:
    organisation = create_front_door(session)
    staff = create_staff(session, name="Oksana Melnyk")
    keep_pair(
        session,
        organisation.id,
        source="it",
        target="uk",
        source_text=source,
        target_text=target,
        machine_text="=cmd",
        staff_id=staff.id,
        now=NOW + timedelta(minutes=minutes),
    )
    session.flush()
    found = find_pair(session, organisation.id, source, source="it", target="uk")
    assert found is not None
    return found.id


@pytest.mark.parametrize("words", ["Buongiorno", " buongiorno ", "BUONGIORNO", "Ｂuongiorno"])
def test_a_pair_is_found_by_its_words(session: Session, words: str) -> None:
    keep(session, "Buongiorno", "Доброго ранку")
    organisation = create_front_door(session)
    found = find_pair(session, organisation.id, words, source="it", target="uk")
    assert found is not None
    assert find_pair(session, organisation.id, words, source="uk", target="it") is None
    assert find_pair(session, organisation.id, f"{words}!", source="it", target="uk") is None


def test_the_latest_correction_replaces_the_one_before(session: Session) -> None:
    first = keep(session, "Buongiorno", "Доброго ранку")
    assert keep(session, "buongiorno", "Добрий день", minutes=1) == first
    session.expire_all()
    found = find_pair(session, create_front_door(session).id, "Buongiorno", source="it", target="uk")
    assert found is not None
    assert (found.target_text, found.source_text) == ("Добрий день", "buongiorno")


async def test_the_page_searches_both_sides_and_forgets_on_request(
    http: httpx.AsyncClient, session: Session
) -> None:
    number = keep(session, "Buongiorno", "Доброго ранку")
    keep(session, "100 % vero_", "Правда")
    headers = {**sign_in(session, create_staff(session)), "Accept": "text/html"}
    session.commit()

    async def read(query: str) -> str:
        answer = await http.get(f"/phrasebook?{query}", headers=headers)
        assert answer.status_code == 200
        return answer.text

    assert "Buongiorno" in await read("")
    assert "Правда" not in await read("q=ранку")
    assert "Buongiorno" not in await read("q=%25")
    assert "Правда" in await read("q=100 %25")
    assert "Buongiorno" not in await read("language=ar")
    gone = await http.post(f"/phrasebook/{number}/delete", headers=headers)
    assert gone.status_code == 303
    assert "Buongiorno" not in await read("")


async def test_the_table_holds_no_formula(http: httpx.AsyncClient, session: Session) -> None:
    keep(session, "=HYPERLINK(1)", '+39 "a",\nb')
    headers = sign_in(session, create_staff(session))
    session.commit()
    answer = await http.get("/phrasebook.csv", headers=headers)
    assert answer.headers["content-disposition"].startswith("attachment")
    heading, row = csv.reader(io.StringIO(answer.text))
    assert row[:5] == ["it", "uk", "'=HYPERLINK(1)", '\'+39 "a",\nb', "'=cmd"]
    assert heading[5:] == ["author", "used", "corrected_at"]


@pytest.mark.parametrize("words", ["=1", "+1", "-1", "@a", "\t=1", "\r=1", " =1", "＝1"])
def test_attack_46_a_cell_that_a_spreadsheet_would_run_is_text(words: str) -> None:
    assert safe_cell(words) == f"'{words}"


async def test_who_takes_no_conversation_over_does_not_see_the_phrasebook(
    http: httpx.AsyncClient, session: Session
) -> None:
    keep(session, "Buongiorno", "Доброго ранку")
    planner = sign_in(session, create_staff(session, roles=frozenset({Role.PLANNER})))
    session.commit()
    for path in ("/phrasebook", "/phrasebook.csv"):
        assert (await http.get(path, headers=planner)).status_code == 404
