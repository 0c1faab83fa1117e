"""Files and functions stay as short as agreed, and what is longer is told with a way out."""

from __future__ import annotations

from pathlib import Path

import pytest

from deploy import sizes


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(sizes, "KNOWN", {})
    (tmp_path / "bot").mkdir()
    for number in range(30):
        write(tmp_path, f"bot/room_{number}.py", lines=4)
    return tmp_path


def write(root: Path, name: str, *, lines: int) -> None:
    """Write a source with one function that takes all of its lines."""
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("def enter():\n" + "    pass\n" * (lines - 1))


def test_a_house_of_short_files_has_no_complaint(house: Path) -> None:
    write(house, "bot/long.py", lines=60)
    assert sizes.complaints(sizes.measure(house)) == []


def test_a_function_of_more_than_sixty_lines_is_named(house: Path) -> None:
    write(house, "bot/long.py", lines=61)
    (found,) = sizes.complaints(sizes.measure(house))
    assert found.startswith("bot/long.py:enter has 61 lines, more than 60")


def test_a_file_of_more_than_four_hundred_lines_is_named(house: Path) -> None:
    (house / "bot/long.py").write_text("X = 1\n" * 401)
    (found,) = sizes.complaints(sizes.measure(house))
    assert found.startswith("bot/long.py has 401 lines, more than 400")


def test_a_file_that_is_known_to_be_long_may_not_grow(house: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sizes, "KNOWN", {"bot/long.py": 410})
    (house / "bot/long.py").write_text("X = 1\n" * 410)
    assert sizes.complaints(sizes.measure(house)) == []
    (house / "bot/long.py").write_text("X = 1\n" * 411)
    assert len(sizes.complaints(sizes.measure(house))) == 1


def test_a_file_that_has_become_short_is_known_no_more(house: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sizes, "KNOWN", {"bot/room_1.py": 410})
    (found,) = sizes.complaints(sizes.measure(house))
    assert "take it out of KNOWN" in found


def test_many_middling_functions_are_too_many(house: Path) -> None:
    for number in range(30):
        write(house, f"bot/room_{number}.py", lines=40)
    told = " ".join(sizes.complaints(sizes.measure(house)))
    assert "The median of all functions is 40 lines, more than 12." in told
    assert "One of ten functions has 40 lines or more, more than 35." in told


def test_tests_and_migrations_are_not_counted(house: Path) -> None:
    write(house, "tests/test_long.py", lines=500)
    write(house, "backoffice/migrations/versions/0001_long.py", lines=500)
    assert sizes.complaints(sizes.measure(house)) == []


def test_what_was_measured_is_printed_with_the_longest(
    house: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(house, "bot/long.py", lines=61)
    assert sizes.main(house) == 1
    printed = capsys.readouterr()
    assert "31 files: median 4 lines, nine of ten 4 at most, longest 61 (limits 100, 300, 400)" in printed.out
    assert "61  bot/long.py:enter" in printed.out
    assert "a part of it wants a name" in printed.err
