"""Figures as files: everything that is told, and nothing else, in each form."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, date, datetime
from pathlib import Path

import jsonschema
import pytest
from openpyxl import load_workbook

from backoffice.disclosure.axes import ALL
from backoffice.planning.figure import Dimension
from backoffice.planning.places import SUB_DISTRICT
from backoffice.planning.told import NotTold, Told
from backoffice.planning.wording import Body
from backoffice.planning_files.document import document_of
from backoffice.planning_files.files import file_of
from backoffice.planning_files.numbers import Choice, numbers_of
from backoffice.planning_files.schemas import FigureDocument
from backoffice.planning_files.sections import At, default_period, short_section, whole_section
from backoffice.planning_files.wording import Wording
from tests.backoffice.planning_files.figures import asked, waits

SCHEMA = Path(__file__).resolve().parents[3] / "docs" / "planning-figures.schema.json"
BODY = Body("comunita", "=Comunità Sociale")
ITALIAN, ENGLISH = (Wording(language, {"1": BODY}) for language in ("it", "en"))


@pytest.fixture(scope="module")
def told() -> Told:
    return asked("1")


def document(told: Told, choice: Choice | None = None, wording: Wording = ITALIAN) -> FigureDocument:
    return document_of(told, wording, released_on=date(2026, 10, 1), choice=choice)


def test_each_number_is_what_is_told_and_each_period_and_place_has_its_total(told: Told) -> None:
    numbers = numbers_of(told)
    for number in numbers:
        place = number.place or ALL
        assert number.count == told.count(number.codes, period=number.period, place=place)
    totals = {(number.period, number.place) for number in numbers if number.table == "total"}
    assert len(totals) == len(told.periods) * len(told.tables.base[1].chains)
    assert {number.count for number in numbers} >= {None, 0, 8, 12}
    assert 0 not in {number.count for number in numbers if number.table != "total"}


def test_of_a_period_that_is_not_over_no_file_has_a_line(told: Told) -> None:
    assert told.periods == ["2026-q1", "2026-q2", "2026-q3", *(f"2026-0{n}" for n in range(1, 10))]
    assert {number.period for number in numbers_of(told)} == set(told.periods)
    assert default_period(told) == "2026-q3"
    with pytest.raises(NotTold):
        At(told, ALL, ALL)


def test_a_period_a_place_and_a_body_are_chosen(told: Told) -> None:
    chosen = numbers_of(told, Choice(period="2026-07", place=SUB_DISTRICT + "Crema"))
    assert {(number.period, number.place) for number in chosen} == {("2026-07", SUB_DISTRICT + "Crema")}
    assert (chosen[0].table, chosen[0].count) == ("total", 21)
    of_body = numbers_of(told, Choice(period="2026-q3", place=ALL, body="1"))
    assert [(number.codes, number.count) for number in of_body] == [({Dimension.BODY: "1"}, 39)]
    assert numbers_of(told, Choice(place="Lodi")) == []
    assert {number.place for number in numbers_of(waits(), Choice(place=ALL))} == {None}


def test_csv_is_a_long_table_that_no_spreadsheet_runs(told: Told) -> None:
    content = file_of(document(told), "csv", ITALIAN)
    assert content.startswith(b"\xef\xbb\xbf")
    assert content.count(b"\r\n") == len(numbers_of(told)) + 1
    rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    hidden = [row for row in rows if row["status"] == "hidden"]
    assert hidden
    assert {row["count"] for row in hidden} == {""}
    found = next(row for row in rows if row["what"] == "housing/found" and row["period"] == "2026-07")
    assert (found["what_name"], found["unit"]) == ("Ricerca casa, con un abbinamento", "cases")
    assert found["definition"].startswith("Casi aperti")
    assert found["released_on"] == "2026-10-01"
    assert {row["body_name"] for row in rows} == {"", "'=Comunità Sociale"}
    assert {row["body"] for row in rows} == {"", "comunita"}


def test_xlsx_has_numbers_as_numbers_and_a_sheet_of_definitions(told: Told) -> None:
    book = load_workbook(io.BytesIO(file_of(document(told, Choice(period="2026-q3")), "xlsx", ITALIAN)))
    numbers, definitions = book.worksheets
    assert (numbers.title, definitions.title, numbers.freeze_panes) == ("Numeri", "Definizioni", "A2")
    heads = [cell.value for cell in numbers[1]]
    rows = [dict(zip(heads, row, strict=True)) for row in numbers.iter_rows(min_row=2, values_only=True)]
    assert all(
        isinstance(row["count"], int) or (row["count"], row["status"]) == (None, "hidden") for row in rows
    )
    body = numbers.cell(
        row=[row["body"] for row in rows].index("comunita") + 2, column=heads.index("body_name") + 1
    )
    assert (body.value, body.data_type) == ("=Comunità Sociale", "s")
    facts = {row[0]: row[1] for row in definitions.iter_rows(values_only=True)}
    assert str(facts["Deciso il"]) == "2026-10-01 00:00:00"
    assert "nascosti" in str(facts["nascosto"])


def test_json_has_the_documented_form(told: Told) -> None:
    schema = json.loads(SCHEMA.read_text())
    assert schema == {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **FigureDocument.model_json_schema(mode="serialization"),
    }
    for made in (document(told), document(waits(), wording=ENGLISH)):
        jsonschema.validate(json.loads(file_of(made, "json", ITALIAN)), schema)
    again = document(waits(), Choice(period="2026-07"), ENGLISH)
    first = again.numbers[0]
    assert (first.count, first.spread and first.spread.median, first.place) == (140, 9, None)
    assert [period.name for period in again.periods[:3]] == [
        "first quarter of 2026",
        "second quarter of 2026",
        "third quarter of 2026",
    ]


def test_a_sheet_says_the_same_in_words_and_a_hidden_number_is_called_so(told: Told) -> None:
    section = whole_section(At(told, "2026-08", ALL), ITALIAN)
    assert section.sentences == ["In tutto: 18 (casi)."]
    assert [table.title for table in section.tables][-3:] == [
        "Insieme: Richiesta × Lingua",
        "Luogo",
        "Ambito di Crema",
    ]
    assert section.tables[-1].rows == [["Crema", "8"], ["Izano", "nascosto"]]
    assert section.tables[-2].rows == [["Soncino", "nascosto"], ["Ambito di Crema", "nascosto"]]
    quarter = whole_section(At(told, "2026-q3", ALL), ITALIAN)
    assert quarter.tables[-1].rows == [["luglio 2026", "21"], ["agosto 2026", "18"], ["settembre 2026", "0"]]


def test_how_long_it_took_is_said_where_it_is_told() -> None:
    section = short_section(At(waits(), "2026-07", ALL), ENGLISH)
    assert section.sentences == [
        "In all: 140 (waits).",
        "Half in 9 minutes or less; a quarter in 3 minutes or less, three quarters in 20 minutes or less.",
    ]
    assert section.tables[0].rows == [["yes", "110", "8"], ["no", "30", "60"]]


def test_a_body_that_is_gone_is_not_named_by_its_id(told: Told) -> None:
    made = document(told, wording=Wording("it", {}))
    codes = {word.code for number in made.numbers for word in number.codes.values()}
    assert "1" not in codes
    assert "unknown" in codes


def test_a_sheet_of_paper_has_every_page_numbered(told: Told) -> None:
    from backoffice.planning_files.pdf import paper_pdf
    from backoffice.planning_files.sections import Paper

    section = whole_section(At(told, "2026-q3", ALL), ITALIAN)
    paper = Paper(
        "Sportello", "x", "2026-q3", [section], date(2026, 10, 1), datetime(2026, 10, 5, tzinfo=UTC)
    )
    content = paper_pdf(paper, ITALIAN)
    assert content.startswith(b"%PDF-")
    assert len(content) < 100_000
