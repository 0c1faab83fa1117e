from __future__ import annotations

import io
import zipfile

import httpx
import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backoffice.case.models import Case, CaseNote
from backoffice.case_export.files import xlsx_pieces
from backoffice.case_import.models import CaseImport
from backoffice.case_import.rows import parse
from backoffice.spreadsheet.errors import FileRefused
from backoffice.spreadsheet.reading import MOST_ROWS, read_rows
from backoffice.staff.roles import Role
from tests.backoffice.case.cases import create_case, create_person
from tests.backoffice.databases import FrozenClock
from tests.backoffice.factories import create_staff, sign_in

COORDINATOR = frozenset({Role.COORDINATOR})
ITALIAN = (
    "Tipo;Persona;Telefono;Lingua;Comune;Bisogni;Urgente;Nota\r\n"
    "Ricerca casa;Нова Особа;333 123;ucraino;Crema;Affitto;sì;Chiamare di sera\r\n"
    "housing;Олена Коваленко;;uk;;;no;\r\n"
).encode()


def with_part(name: str, content: bytes) -> bytes:
    """Return a spreadsheet with a further part."""
    file = io.BytesIO(b"".join(xlsx_pieces([["type", "person", "language"], ["housing", "A", "it"]])))
    with zipfile.ZipFile(file, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return file.getvalue()


def test_heads_and_words_are_read_in_italian_and_english() -> None:
    rows = parse(
        [["Type", "Person", "Language", "Needs"], ["ricerca CASA", "A", "Українська", "rent, lavoro"]]
    )
    assert (rows[0].type, rows[0].language, rows[0].needs, rows[0].wrong) == (
        "housing",
        "uk",
        ["rent", "work"],
        [],
    )


def test_each_wrong_cell_is_named_with_its_row_and_column() -> None:
    rows = parse([["type", "person", "language", "urgent"], [], ["boat", "", "xx", "maybe"]])
    assert [(row.line, {(cell.column, cell.why) for cell in row.wrong}) for row in rows] == [
        (3, {("type", "type"), ("person", "empty"), ("language", "language"), ("urgent", "yes_or_no")})
    ]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"type;person;language\n",
        b"type;person\nhousing;A\n" * 2,
        b"PK\x03\x04 no archive",
        b"type;person\0;language\nx;y;z\n",
        b"type;person;language\n" + b"housing;A;it\n" * (MOST_ROWS + 1),
        b"x" * (2 * 1024 * 1024 + 1),
        with_part("bomb.xml", b"0" * (31 * 1024 * 1024)),
        with_part("entities.xml", b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>'),
        with_part("wide.xml", "<!DOCTYPE a>".encode("utf-16")),
    ],
    ids=["nothing", "head", "columns", "archive", "zero", "rows", "size", "bomb", "entities", "wide"],
)
def test_a_file_that_is_none_is_refused(content: bytes) -> None:
    with pytest.raises(FileRefused):
        parse(read_rows(content))


async def test_nothing_is_opened_before_the_confirmation_and_nothing_twice(
    http: httpx.AsyncClient, session: Session
) -> None:
    me = {**sign_in(session, create_staff(session, roles=COORDINATOR)), "Accept-Language": "en"}
    known = create_case(session, person=create_person(session, name="Олена Коваленко"))
    session.commit()
    uploaded = await http.post("/case-imports", files={"file": ("a.csv", ITALIAN)}, headers=me)
    path = uploaded.headers["location"]
    dry = (await http.get(path, headers=me)).text
    assert "1 case would be opened" in dry
    assert f"Same name as case {known.number}" in dry
    assert session.scalar(select(func.count()).select_from(Case)) == 1
    session.commit()
    for _ in range(2):
        assert (await http.post(f"{path}/confirm", headers=me)).status_code == 303
    session.expire_all()
    assert session.scalar(select(func.count()).select_from(Case)) == 2
    assert session.scalars(select(CaseNote.text)).all() == ["Chiamare di sera"]
    assert session.scalars(select(CaseImport)).one().rows is None
    session.commit()
    again = await http.post("/case-imports", files={"file": ("b.csv", ITALIAN)}, headers=me)
    assert "has been imported before" in (await http.get(again.headers["location"], headers=me)).text


async def test_a_file_with_one_wrong_row_opens_nothing(http: httpx.AsyncClient, session: Session) -> None:
    desk = sign_in(session, create_staff(session, roles=frozenset({Role.HOUSING_DESK})))
    session.commit()
    rows = b"type,person,language\nhousing,A,it\ncare_work,B,it\n"
    uploaded = await http.post("/case-imports", files={"file": ("a.csv", rows)}, headers=desk)
    confirmed = await http.post(f"{uploaded.headers['location']}/confirm", headers=desk)
    assert confirmed.status_code == 409
    assert session.scalar(select(func.count()).select_from(Case)) == 0


async def test_what_nobody_confirms_is_forgotten(
    http: httpx.AsyncClient, session: Session, clock: FrozenClock
) -> None:
    staff = create_staff(session, roles=COORDINATOR)
    me = sign_in(session, staff)
    session.commit()
    for content in (b"type,person,language\nhousing,A,it\n", b"type,person,language\nhousing,B,it\n"):
        await http.post("/case-imports", files={"file": ("a.csv", content)}, headers=me)
        clock.advance(hours=25)
        me = sign_in(session, staff, now=clock())
        session.commit()
    assert session.scalar(select(func.count()).select_from(CaseImport)) == 1


async def test_the_template_imports_as_it_is(http: httpx.AsyncClient, session: Session) -> None:
    me = sign_in(session, create_staff(session, roles=COORDINATOR))
    session.commit()
    for format in ("csv", "xlsx"):
        template = await http.get(f"/case-imports/template?format={format}", headers=me)
        assert [row.wrong for row in parse(read_rows(template.content))] == [[]]
