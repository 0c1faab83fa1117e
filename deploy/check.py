"""`make test`: every check in one go, with a summary that says what ran, what did not, and why.

`--fast` stops before the tests. The exit status is 0 only when every check passed and no test was
skipped without a reason.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as ET
from dataclasses import dataclass, field
from pathlib import Path

from deploy.settings import ROOT

_APP, _RASA = ".venv/bin/python", ".venv-rasa/bin/python"
_TEST_DATA = ROOT / "var" / "test"


@dataclass
class Check:
    """One check: its name, its command, and whether it writes a JUnit report."""

    name: str
    command: list[str]
    report: bool = False
    seconds: float = 0.0
    passed: bool = False
    counts: dict[str, int] = field(default_factory=dict)
    skips: list[str] = field(default_factory=list)


def main() -> int:
    """Run the checks in order, the quick ones first; return 0 when all passed."""
    checks = _static_checks() + ([] if "--fast" in sys.argv else _test_checks())
    with tempfile.TemporaryDirectory(prefix="sportello-reports-") as folder:
        for number, check in enumerate(checks, start=1):
            print(f"\n==> [{number}/{len(checks)}] {check.name}", flush=True)
            _run(check, Path(folder) / f"{number}.xml")
    return _summary(checks)


def _static_checks() -> list[Check]:
    return [
        Check("Layout of the code (ruff format)", [_APP, "-m", "ruff", "format", "--check", "."]),
        Check("Lint (ruff)", [_APP, "-m", "ruff", "check", "."]),
        Check("Types (mypy, strict)", [_APP, "-m", "mypy"]),
        Check("Types on Rasa's side", [_APP, "-m", "mypy", "--python-executable", _RASA, "-p", "nlu"]),
        Check("Import rules (import-linter)", [".venv/bin/lint-imports"]),
        Check("Catalogues", [_APP, "-m", "translations.check"]),
        Check("Training data", [_RASA, "-m", "nlu.data_check"]),
    ]


def _test_checks() -> list[Check]:
    return [
        Check(
            "The model, trained once for all tests",
            ["env", f"SPORTELLO_DATA_DIR={_TEST_DATA}", _RASA, "-m", "nlu.train"],
        ),
        _tests("Unit and integration tests", _APP, "tests", "-m", "not stack and not browser"),
        _tests("Understanding and dialogue in Rasa", _RASA, "tests/nlu", "--confcutdir=tests/nlu"),
        # In one run, so that the four processes are started once. Chromium comes last: Playwright's event
        # loop stays in the way of every asynchronous test after it.
        _tests(
            "The four processes, kills, and the pages in Chromium", _APP, "tests", "-m", "stack or browser"
        ),
    ]


def _tests(name: str, python: str, *arguments: str) -> Check:
    return Check(name, [python, "-m", "pytest", "-q", *arguments], report=True)


def _run(check: Check, report: Path) -> None:
    command = [*check.command, f"--junitxml={report}"] if check.report else check.command
    start = time.monotonic()
    result = subprocess.run(command, cwd=ROOT, env=_environment(), check=False)
    check.seconds = time.monotonic() - start
    check.passed = result.returncode == 0
    if report.exists():
        _read_report(check, report)


def _environment() -> dict[str, str]:
    """No setting of the machine's own installation may leak into the tests."""
    own = {name: value for name, value in os.environ.items() if not name.startswith("SPORTELLO_")}
    return {**own, "SPORTELLO_TEST_MODELS": str(_TEST_DATA / "models")}


def _read_report(check: Check, report: Path) -> None:
    suites = ET.parse(report).getroot()  # noqa: S314  # our own file
    cases = list(suites.iter("testcase"))
    skipped = [case for case in cases if case.find("skipped") is not None]
    failed = [case for case in cases if case.find("failure") is not None or case.find("error") is not None]
    check.counts = {
        "passed": len(cases) - len(skipped) - len(failed),
        "failed": len(failed),
        "skipped": len(skipped),
    }
    check.skips = [f"{case.get('name')}: {_reason(case)}" for case in skipped]


def _reason(case: ET.Element) -> str:
    skipped = case.find("skipped")
    return (skipped.get("message") if skipped is not None else None) or "no reason given"


def _summary(checks: list[Check]) -> int:
    print("\n==> What was checked")
    for check in checks:
        counts = ", ".join(f"{count} {what}" for what, count in check.counts.items())
        print(f"  {'passed' if check.passed else 'FAILED':7} {check.seconds:6.0f} s  {check.name}  {counts}")
    skips = [skip for check in checks for skip in check.skips]
    print("\n==> What did not run" if skips else "\n==> Nothing was skipped")
    for skip in skips:
        print(f"  {skip}")
    print(f"\n{_closing_line(checks)}", flush=True)
    return 0 if all(check.passed for check in checks) else 1


def _closing_line(checks: list[Check]) -> str:
    """Count tests, and each check without tests of its own (or that broke before its report) as one."""
    totals = {
        what: sum(check.counts.get(what, 0) for check in checks) for what in ("passed", "failed", "skipped")
    }
    single = [check for check in checks if not check.counts]
    passed = totals["passed"] + sum(check.passed for check in single)
    failed = totals["failed"] + sum(not check.passed for check in single)
    return f"{passed} passed, {failed} failed, {totals['skipped']} skipped"


if __name__ == "__main__":
    sys.exit(main())
