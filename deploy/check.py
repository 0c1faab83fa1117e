"""`make test`: every check in one go, with a summary that says what ran, what did not, and why.

`--fast` stops before the tests. The exit status is 0 only when every check passed and no test was
skipped without a reason.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
import xml.etree.ElementTree as ET
from pathlib import Path

from deploy.lanes import Check, Stage, run_stages
from deploy.settings import ROOT

_APP, _RASA = ".venv/bin/python", ".venv-rasa/bin/python"
_TEST_DATA = ROOT / "var" / "test"
_MOST_WORKERS = 4
"""Each worker holds a gigabyte and a PostgreSQL server."""


def main() -> int:
    """Run the checks, the quick ones first; return 0 when all passed."""
    # Not where pytest puts its folders by itself: one run would sweep the servers of another.
    folder = Path(tempfile.mkdtemp(prefix="sportello-check-"))
    stages = [[_static_checks()]] if "--fast" in sys.argv else _stages(folder)
    checks = [check for stage in stages for lane in stage for check in lane]
    for number, check in enumerate(checks, start=1):
        check.number = number
    run_stages(stages, environment=_environment())
    for check in checks:
        if check.report is not None and check.report.exists():
            _read_report(check, check.report)
    status = _summary(checks)
    if status == 0:
        shutil.rmtree(folder, ignore_errors=True)
    else:
        print(f"What the tests wrote is left in {folder}", flush=True)
    return status


def _stages(folder: Path) -> list[Stage]:
    """Return what runs after one another, each with its lanes, which run side by side.

    Chromium has runs of its own: Playwright's event loop stays in the way of every asynchronous test after
    it, and that of the chat's tests in the way of the staff pages'. The stack has the machine to itself: it
    is four processes, started once for all tests of a worker, which say how soon somebody is answered.
    """
    rasa = ("tests/nlu", "--confcutdir=tests/nlu")
    workers = ("-n", str(_workers()))
    understanding = _tests(folder, "rasa", "Understanding and dialogue in Rasa", _RASA, *rasa)
    unit = ("tests", "-m", "not stack and not browser", *workers, "--dist=worksteal")
    each = "tests/backoffice/pages/test_every_page.py"  # as long as half of the others: it follows the chat's
    in_chromium = [path for path in _marked("browser") if path != each]
    work = [path for path in in_chromium if path.startswith("tests/backoffice/")]
    others = [path for path in in_chromium if path not in work]  # whatever folder it is in, none is left out
    chromium = ("-m", "browser and not stack")
    staff = _tests(folder, "pages", "The staff pages at work in Chromium", _APP, *work, *chromium)
    every = _tests(folder, "every-page", "Every staff page in Chromium", _APP, each, *chromium)
    chat = _tests(folder, "chat", "The chat in Chromium", _APP, *others, *chromium)
    # As listed, with the campaign, which is long, among the first: by itself pytest leaves it to the end.
    stack = ("-m", "stack", "-n", str(min(_workers(), 2)), "--dist=loadfile", "--no-loadscope-reorder")
    return [
        [_static_checks(), [_model(), understanding]],
        [[_tests(folder, "unit", "Unit and integration tests", _APP, *unit)]],
        [[staff], [chat, every]],
        [[_tests(folder, "stack", "The four processes, and kills", _APP, *_marked("stack"), *stack)]],
    ]


def _marked(mark: str) -> list[str]:
    """Return the files with tests of a mark: to read all nine thousand tests for a few takes a minute."""
    files = sorted((ROOT / "tests").rglob("test_*.py"))
    wanted = f"mark.{mark}"
    return [str(path.relative_to(ROOT)) for path in files if wanted in path.read_text(encoding="utf-8")]


def _static_checks() -> list[Check]:
    return [
        Check("Layout of the code (ruff format)", [_APP, "-m", "ruff", "format", "--check", "."]),
        Check("Lint (ruff)", [_APP, "-m", "ruff", "check", "."]),
        Check("Types (mypy, strict)", [_APP, "-m", "mypy"]),
        Check("Types on Rasa's side", [_APP, "-m", "mypy", "--python-executable", _RASA, "-p", "nlu"]),
        Check("Import rules (import-linter)", [".venv/bin/lint-imports"]),
        Check("Sizes of files and functions", [_APP, "-m", "deploy.sizes"]),
        Check("Catalogues", [_APP, "-m", "translations.check"]),
        Check("Training data", [_RASA, "-m", "nlu.data_check"]),
    ]


def _model() -> Check:
    train = ["env", f"SPORTELLO_DATA_DIR={_TEST_DATA}", _RASA, "-m", "nlu.train"]
    train += ["--lender", str(ROOT / "var" / "models")]
    return Check("The model, trained once for all tests", train)


def _tests(folder: Path, short: str, name: str, python: str, *arguments: str) -> Check:
    report = folder / f"{short}.xml"
    options = ["-q", f"--junitxml={report}", f"--basetemp={folder / short}"]
    return Check(name, [python, "-m", "pytest", *options, *arguments], report)


def _workers() -> int:
    return min(os.cpu_count() or 1, _MOST_WORKERS)


def _environment() -> dict[str, str]:
    """No setting of the machine's own installation may leak into the tests.

    What is read is kept compiled: else each of some twenty processes compiles the tests and ours anew.
    """
    leaks = ("SPORTELLO_", "PYTHONDONTWRITEBYTECODE")
    own = {name: value for name, value in os.environ.items() if not name.startswith(leaks)}
    return {**own, "PYTHONUNBUFFERED": "1", "SPORTELLO_TEST_MODELS": str(_TEST_DATA / "models")}


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
    print("\n==> What was checked, how long it took, and how much of a processor")
    for check in checks:
        counts = ", ".join(f"{count} {what}" for what, count in check.counts.items())
        ended = "passed" if check.passed else "FAILED"
        took = f"{check.seconds:6.0f} s {check.processor_seconds:6.0f} s"
        print(f"  {ended:7} {took}  {check.name}  {counts}")
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
