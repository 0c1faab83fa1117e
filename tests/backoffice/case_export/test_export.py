from __future__ import annotations

import csv
import io

import httpx
import pytest
from openpyxl import load_workbook
from sqlalchemy import select
from sqlalchemy.orm import Session

from backoffice.audit.models import AuditEntry
from backoffice.case_export.cells import COLUMNS, harmless, plain
from backoffice.case_export.files import csv_pieces, xlsx_pieces
from backoffice.spreadsheet.reading import read_rows
from backoffice.staff.roles import Role
from tests.backoffice.case.cases import create_case, create_person
from tests.backoffice.databases import FrozenClock
from tests.backoffice.factories import create_organisation, create_staff, sign_in

COORDINATOR = frozenset({Role.COORDINATOR})
HOSTILE = [
    "=1+1",
    "+39 333",
    "-1",
    "@x",
    "\t=1",
    "\r=1",
    "＝1",
    " =1",
    "'=1",
    "'x",
    "＠a",
    "＋1",
    "－1",
    "Anna",
]


@pytest.mark.parametrize("words", HOSTILE)
def test_attack_46_a_cell_is_never_run_and_comes_back_as_it_was(words: str) -> None:
    cell = harmless(words)
    assert cell[:1] not in set("=+-@\t\r＝＋－＠")
    assert plain(cell) == words


def test_attack_46_both_kinds_of_file_come_back_through_the_import_as_they_left() -> None:
    rows = [["Persona", "Nota"], *([words.strip() or "x", "x"] for words in HOSTILE)]
    assert read_rows(b"".join(csv_pieces(rows))) == rows
    content = b"".join(xlsx_pieces(rows))
    assert read_rows(content) == rows
    kinds = {cell.data_type for row in load_workbook(io.BytesIO(content)).active.iter_rows() for cell in row}  # type: ignore[union-attr]
    assert kinds == {"s"}


async def test_a_file_has_what_the_filter_finds_and_its_reader_may_see(
    http: httpx.AsyncClient, session: Session
) -> None:
    staff = create_staff(session, roles=COORDINATOR)
    me = {**sign_in(session, staff), "Accept-Language": "it"}
    create_case(session, person=create_person(session, name="=HYPERLINK(1)"))
    create_case(session, municipality="Soncino")
    partner = create_organisation(session)
    create_case(session, organisation=partner, person=create_person(session, organisation=partner))
    session.commit()
    asked = await http.post(
        "/case-exports", data={"format": "csv", "query": "municipality=Crema"}, headers=me
    )
    answer = await http.get(asked.headers["location"], headers=me)
    assert answer.content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))
    assert [len(row) for row in rows] == [len(COLUMNS)] * 2
    assert rows[1][COLUMNS.index("person")] == "'=HYPERLINK(1)"
    actions = set(session.scalars(select(AuditEntry.action).where(AuditEntry.actor == staff.id)))
    assert {"case_export.asked", "case_export.fetched"} <= actions


async def test_a_long_list_leaves_only_when_a_second_person_agrees_and_within_a_day(
    http: httpx.AsyncClient, session: Session, clock: FrozenClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("backoffice.case_export.service.ALONE_UP_TO", 1)
    asking = create_staff(session, roles=COORDINATOR)
    me, colleague = (
        sign_in(session, asking),
        sign_in(session, create_staff(session, roles=COORDINATOR, name="B")),
    )
    caseworker = sign_in(session, create_staff(session, roles=frozenset({Role.CASEWORKER}), name="C"))
    create_case(session)
    create_case(session)
    session.commit()
    asked = await http.post("/case-exports", data={"format": "xlsx"}, headers=me)
    assert asked.headers["location"].startswith("/case-exports?notice=")
    page = (await http.get("/case-exports", headers=colleague)).text
    number = page.partition('action="/case-exports/')[2].partition("/")[0]
    path = f"/case-exports/{number}"
    assert (await http.get(f"{path}/file", headers=me)).status_code == 409
    assert (await http.post(f"{path}/approve", headers=me)).status_code == 404
    assert (await http.post(f"{path}/approve", headers=caseworker)).status_code == 404
    assert (await http.post(f"{path}/approve", headers=colleague)).status_code == 303
    assert (await http.post(f"{path}/refuse", headers=colleague)).status_code == 409
    assert (await http.get(f"{path}/file", headers=colleague)).status_code == 404
    assert (await http.get(f"{path}/file", headers=me)).status_code == 200
    clock.advance(hours=25)
    me = sign_in(session, asking, now=clock())
    session.commit()
    assert (await http.get(f"{path}/file", headers=me)).status_code == 409


async def test_more_than_a_file_may_hold_is_refused(
    http: httpx.AsyncClient, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("backoffice.case_export.service.MOST", 1)
    me = sign_in(session, create_staff(session, roles=COORDINATOR))
    create_case(session)
    create_case(session)
    session.commit()
    assert (await http.post("/case-exports", data={"format": "csv"}, headers=me)).status_code == 422
