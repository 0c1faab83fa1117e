"""`docs/security.md` has a line for each of the 56 attacks, and every test that it names exists."""

from __future__ import annotations

import re
from pathlib import Path

TESTS = Path(__file__).resolve().parents[1]
TABLE = (TESTS.parent / "docs" / "security.md").read_text()
ROW = re.compile(r"^\| (\d+) \|", re.MULTILINE)
NAMED = re.compile(r"`([\w/]+\.py)::(test_\w*)`")


def test_every_attack_has_its_line() -> None:
    assert [int(number) for number in ROW.findall(TABLE)] == list(range(1, 57))


def test_every_line_names_a_test() -> None:
    assert [line for line in TABLE.splitlines() if ROW.match(line) and not NAMED.search(line)] == []


def test_every_test_of_the_table_exists() -> None:
    named = NAMED.findall(TABLE)
    assert len(named) > 50
    missing = [
        f"{path}::{name}"
        for path, name in named
        if not (TESTS / path).is_file() or f"def {name}" not in (TESTS / path).read_text()
    ]
    assert missing == []


def test_every_attack_of_a_test_is_in_the_table() -> None:
    tested = set()
    for path in (TESTS / "attacks").glob("test_*.py"):
        for first in re.findall(r"def test_attacks?_(\d+)", path.read_text()):
            tested.add(int(first))
    assert len(tested) >= 30
    assert all(1 <= number <= 56 for number in tested)
