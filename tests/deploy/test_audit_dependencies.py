"""No answer is not a good answer; an exception has its day, and ends."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from deploy import audit_dependencies
from deploy.audit_dependencies import (
    EXCEPTIONS,
    LOCKS,
    Advisory,
    CouldNotLook,
    Pass,
    advisories_of,
    main,
    read_passes,
    tell,
)
from deploy.settings import ROOT

TODAY = date(2026, 12, 2)
BAD = Advisory("sanic", "21.12.2", ("PYSEC-1", "CVE-1"), ("22.3",))


@pytest.fixture
def lock(tmp_path: Path) -> Path:
    path = tmp_path / "requirements.txt"
    path.write_text("sanic==21.12.2 \\\n    --hash=sha256:00\n    # via rasa\nPy_YAML[x]==6.0\n")
    return path


def report(**vulns: list[dict[str, Any]]) -> str:
    names = {"sanic": "21.12.2", "py-yaml": "6.0"}
    packages = [
        {"name": name, "version": version, "vulns": vulns.get(name, [])} for name, version in names.items()
    ]
    return json.dumps({"dependencies": packages, "fixes": []})


def test_what_is_known_against_a_package_is_found(lock: Path) -> None:
    said = report(sanic=[{"id": "PYSEC-1", "aliases": ["CVE-1"], "fix_versions": ["22.3"]}])
    assert advisories_of(lock, look=lambda _: said) == [BAD]
    assert advisories_of(lock, look=lambda _: report()) == []


@pytest.mark.parametrize(
    "said",
    [
        "",
        "{}",
        "[]",
        '{"dependencies": []}',
        '{"dependencies": [{"name": "sanic", "version": "21.12.2", "vulns": []}]}',
        '{"dependencies": [{"name": "sanic", "version": "1", "vulns": []},'
        ' {"name": "py-yaml", "skip_reason": "not found"}]}',
    ],
)
def test_an_answer_that_is_none_or_not_for_every_package_is_a_failure(lock: Path, said: str) -> None:
    with pytest.raises(CouldNotLook):
        advisories_of(lock, look=lambda _: said)


def test_an_exception_lets_pass_until_its_day(capsys: pytest.CaptureFixture[str]) -> None:
    found = {"x": [BAD]}
    for name in ("PYSEC-1", "CVE-1"):
        assert tell(found, [Pass(name, "Sanic", TODAY, "loopback only")], TODAY) == 0
    assert tell(found, [Pass("CVE-1", "sanic", date(2026, 12, 1), "x")], TODAY) == 1
    assert "ended on 2026-12-01" in capsys.readouterr().out
    assert tell(found, [Pass("CVE-1", "other", TODAY, "x")], TODAY) == 1
    assert tell(found, [], TODAY) == 1
    assert tell({"x": []}, [], TODAY) == 0


@pytest.mark.parametrize(
    "text",
    [
        "- id: x",
        "- {id: x, package: y, until: soon, reason: z}",
        "- {id: x, package: y, until: 2027-01-01, reason: ' '}",
        "- [",
    ],
)
def test_an_exception_without_its_reason_or_day_is_none(text: str) -> None:
    with pytest.raises(CouldNotLook):
        read_passes(text)


def test_without_the_program_it_fails(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in LOCKS:
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text((ROOT / name).read_text())
    monkeypatch.setattr(audit_dependencies, "ROOT", tmp_path)
    assert main() == 2
    assert "NOT CHECKED" in capsys.readouterr().err


def test_a_program_that_reaches_nobody_is_a_failure(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, lock: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    program = tmp_path / ".venv-audit" / "bin" / "python"
    program.parent.mkdir(parents=True)
    program.write_text("#!/bin/sh\necho 'ERROR: cannot reach the service' >&2\nexit 1\n")
    program.chmod(0o700)
    monkeypatch.setattr(audit_dependencies, "ROOT", tmp_path)
    with pytest.raises(CouldNotLook, match="cannot reach"):
        audit_dependencies.run_pip_audit(lock)


def test_our_own_exceptions_can_be_read() -> None:
    assert isinstance(read_passes(EXCEPTIONS.read_text()), list)
