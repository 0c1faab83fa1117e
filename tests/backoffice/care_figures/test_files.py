"""Files of figures: a new one is found by itself, and one that is wrong is refused with its fault."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest

from backoffice.care_figures.files import TABLES, FileRefused, all_figures, read_figures
from backoffice.care_figures.levels import LevelReason
from backoffice.care_figures.steps import StepCode
from backoffice.housing_figures.figures import Standing
from translations.catalog import has

PAY_2027 = """
kind: pay
valid_from: 2027-01-01
valid_to: 2027-12-31
tables:
  hour:
    sources: [C1]
    cells: {A: 6.80}
"""
RULES = "kind: rules\nvalid_from: null\nvalid_to: null\nrules:\n  "


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    copied: Path = shutil.copytree(TABLES, tmp_path / "tables")
    return copied


def test_a_new_table_is_a_new_file(folder: Path) -> None:
    (folder / "pay_2027.yml").write_text(PAY_2027, encoding="utf-8")
    found = read_figures(folder).pay["pay_2027"]
    assert (found.valid_from, found.holds_on(date(2027, 5, 1))) == (date(2027, 1, 1), True)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (PAY_2027.replace("2027-01-01", "2026-12-31"), "pay hour: two files speak of 2026-12-31"),
        (PAY_2027.replace("[C1]", "[]"), "sources"),
        (PAY_2027.replace("    sources: [C1]\n", ""), "sources"),
        (PAY_2027.replace("[C1]", "[C999]"), "no such source: C999"),
        (PAY_2027.replace("A: 6.80", "E: 6.80"), "nobody knows E"),
        (PAY_2027.replace("A: 6.80", "any: 6.80"), "nobody knows any"),
        (PAY_2027.replace("hour:", "minute:"), "minute"),
        (PAY_2027.replace("6.80", "-6.80"), "greater than 0"),
        (PAY_2027.replace("6.80", "6.805"), "2 decimal places"),
        (PAY_2027.replace("valid_to: 2027-12-31", "valid_to: 2026-12-31"), "valid_to is before valid_from"),
        (PAY_2027.replace("valid_to: 2027-12-31", "valid_to: null"), "valid_to"),
        (PAY_2027.replace("valid_to: 2027-12-31\n", ""), "valid_to"),
        (PAY_2027.replace("kind: pay", "kind: wages"), "wages"),
        (PAY_2027 + "    indemnity: {DS: 10}\n", "indemnity"),
        (PAY_2027 + "    total: 7\n", "the total is not the sum"),
        (PAY_2027 + "note: x\n", "note"),
        ("{", "x"),
        (
            RULES + "holiday_days: {value: 27, unit: days, standing: found, sources: [C12]}",
            "holiday_days: two",
        ),
        (RULES + "other: {value: 27, unit: days, standing: found}", "other"),
        (RULES + "other: {value: 27, unit: days, standing: unknown}", "exactly what is unknown"),
        (RULES + "other: {value: 27, unit: days, standing: sure, sources: [C12]}", "standing"),
    ],
)
def test_a_file_that_is_wrong_is_refused_and_says_why(folder: Path, text: str, fault: str) -> None:
    (folder / "x.yml").write_text(text, encoding="utf-8")
    with pytest.raises(FileRefused) as refused:
        read_figures(folder)
    assert fault in str(refused.value)


@pytest.mark.parametrize(
    ("name", "old", "new", "fault"),
    [
        ("contributions_2026", "up_to: 9.61", "up_to: 12", "do not rise"),
        ("contributions_2026", "sources: [C22, C23, C24]", "sources: []", "sources"),
        ("levels", "order: [A, AS,", "order: [AS,", "every level once"),
        ("levels", "cook]\n  D", "cook, pets]\n  D", "each named once"),
        ("levels", "C: [cook]", "C: [chef]", "levels"),
    ],
)
def test_a_file_that_was_changed_wrongly_is_refused(
    folder: Path, name: str, old: str, new: str, fault: str
) -> None:
    path = folder / f"{name}.yml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(FileRefused) as refused:
        read_figures(folder)
    assert fault in str(refused.value)


def test_every_found_figure_has_a_source_and_every_source_is_used() -> None:
    figures = all_figures()
    assert all(each.sources for each in figures.rules if each.standing is Standing.FOUND)
    used = {source.page for rule in figures.rules for source in rule.sources}
    for pay in figures.pay.values():
        used |= {s.page for table in pay.tables.values() for s in figures.named(table.sources)}
    keys = [key for each in figures.contributions.values() for key in each.sources]
    keys += [key for each in figures.levels.values() for key in each.sources]
    used |= {source.page for source in figures.named(keys)}
    assert {source.page for source in figures.sources.values()} == used


def test_every_code_of_a_step_and_of_a_level_has_its_words() -> None:
    for step in StepCode:
        assert has(f"backoffice.care_step.{step.value}"), step
    for reason in LevelReason:
        assert has(f"backoffice.care_level_reason.{reason.value}"), reason
