from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from deploy.lanes import Check, run_stages

MEET = """
import pathlib, sys, time
mine, other = map(pathlib.Path, sys.argv[1:])
mine.touch()
end = time.monotonic() + 60
while not other.exists():
    assert time.monotonic() < end
    time.sleep(0.01)
print("met")
"""


def check(number: int, code: str, *arguments: object) -> Check:
    return Check(f"check {number}", [sys.executable, "-c", code, *map(str, arguments)], number=number)


def test_lanes_run_side_by_side_and_their_lines_are_told_apart(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    one = check(1, MEET, tmp_path / "one", tmp_path / "two")
    two = check(2, MEET, tmp_path / "two", tmp_path / "one")
    run_stages([[[one], [two]]], environment=os.environ)
    assert (one.passed, two.passed) == (True, True)
    lines = capfd.readouterr().out.splitlines()
    assert {"==> [1/2] check 1", "==> [2/2] check 2", "[1] met", "[2] met"} <= set(lines)


def test_the_checks_of_a_lane_and_the_stages_wait_for_one_another(tmp_path: Path) -> None:
    said = tmp_path / "said"
    add = "import sys; open(sys.argv[1], 'a').write(sys.argv[2])"
    first, second = check(1, add, said, "a"), check(2, add, said, "b")
    run_stages([[[first, second], []], [[check(3, add, said, "c")]]], environment=os.environ)
    assert said.read_text() == "abc"


def test_what_fails_is_said_and_stops_nothing(capfd: pytest.CaptureFixture[str]) -> None:
    wrong, beside, after = check(1, "raise SystemExit(3)"), check(2, ""), check(3, "print('went on')")
    run_stages([[[wrong], [beside]], [[after]]], environment=os.environ)
    assert (wrong.passed, beside.passed, after.passed) == (False, True, True)
    printed = capfd.readouterr().out
    assert "==> [1/3] FAILED after" in printed
    assert "==> [2/3] passed after" in printed
    assert "went on" in printed


def test_what_a_check_takes_of_the_processor_is_told_with_all_that_it_started() -> None:
    work = "import time\nwhile time.process_time() < 0.3: pass"
    starts = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {work!r}], check=True)"
    alone, beside = check(1, starts), check(2, starts)
    run_stages([[[alone]], [[beside], []]], environment=os.environ)
    assert (alone.passed, beside.passed) == (True, True)
    assert min(alone.processor_seconds, beside.processor_seconds) >= 0.3
