"""`make audit-dependencies`: are there advisories against what is installed? Both locks are looked up.

It fails when there is one that `known-vulnerabilities.yml` does not let pass, and also when it could not
look: no answer is not a good answer.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import yaml

from deploy.settings import ROOT

LOCKS = ("requirements.txt", "nlu/requirements.txt")
EXCEPTIONS = ROOT / "deploy" / "known-vulnerabilities.yml"

_PINNED = re.compile(r"^([A-Za-z0-9][A-Za-z0-9._-]*)(?:\[[^\]]*\])?==", re.MULTILINE)

Look = Callable[[Path], str]


class CouldNotLook(Exception):
    """The advisories were not read; the message says what is missing."""


@dataclass(frozen=True)
class Advisory:
    """Something known against a package: its id, and other ids of the same."""

    package: str
    version: str
    ids: tuple[str, ...]
    fixed_in: tuple[str, ...]

    def __str__(self) -> str:
        fixed = f"fixed in {', '.join(self.fixed_in)}" if self.fixed_in else "no fix yet"
        return f"{self.package} {self.version}: {', '.join(self.ids)} ({fixed})"


@dataclass(frozen=True)
class Pass:
    """One exception: what is let pass, until when, and why."""

    id: str
    package: str
    until: date
    reason: str

    def lets(self, advisory: Advisory, today: date) -> bool:
        """Tell whether an advisory passes by it today."""
        same = normal(advisory.package) == normal(self.package)
        return same and self.id in advisory.ids and today <= self.until


def main() -> int:
    """Look both locks up; return 0 when nothing is known against them."""
    today = datetime.now(UTC).date()
    try:
        passes = read_passes(EXCEPTIONS.read_text(encoding="utf-8"))
        found = {lock: advisories_of(ROOT / lock, look=run_pip_audit) for lock in LOCKS}
    except CouldNotLook as wrong:
        print(f"NOT CHECKED: {wrong}", file=sys.stderr)
        return 2
    return tell(found, passes, today)


def tell(found: dict[str, list[Advisory]], passes: Sequence[Pass], today: date) -> int:
    """Print what was found; return 1 where something does not pass."""
    bad = 0
    for lock, advisories in found.items():
        open_ones = [each for each in advisories if not any(one.lets(each, today) for one in passes)]
        print(f"{lock}: {len(advisories)} advisories, {len(advisories) - len(open_ones)} let pass")
        for each in open_ones:
            print(f"  {each}")
        bad += len(open_ones)
    everything = [each for advisories in found.values() for each in advisories]
    for one in passes:
        if today > one.until:
            print(f"  the exception {one.id} ({one.package}) ended on {one.until}: look at it again")
        elif not any(one.lets(each, today) for each in everything):
            print(f"  the exception {one.id} ({one.package}) is needed no more: take it out")
    return 1 if bad else 0


def advisories_of(lock: Path, *, look: Look) -> list[Advisory]:
    """Return what is known against the packages of a lock.

    Raises:
        CouldNotLook: there was no answer, or not for every package.
    """
    pinned = {normal(name) for name in _PINNED.findall(lock.read_text(encoding="utf-8"))}
    try:
        packages = json.loads(look(lock))["dependencies"]
        answered = {normal(each["name"]) for each in packages if "skip_reason" not in each}
    except (ValueError, KeyError, TypeError) as wrong:
        raise CouldNotLook(f"{lock.name}: the answer cannot be read") from wrong
    missing = sorted(pinned - answered)
    if missing or not pinned:
        raise CouldNotLook(f"{lock.name}: no answer for {', '.join(missing[:10]) or 'anything'}")
    return [_advisory(each, one) for each in packages for one in each.get("vulns", ())]


def run_pip_audit(lock: Path) -> str:
    """Return pip-audit's report of a lock; it resolves and installs nothing.

    Raises:
        CouldNotLook: it is not installed, or wrote no report.
    """
    options = ("--disable-pip", "--no-deps", "--format", "json", "--progress-spinner", "off")
    command = [str(ROOT / ".venv-audit/bin/python"), "-m", "pip_audit", "-r", str(lock), *options]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=600)
    except (OSError, subprocess.TimeoutExpired) as wrong:
        raise CouldNotLook(f"pip-audit did not run: {type(wrong).__name__}") from wrong
    if not done.stdout.strip():
        lines = done.stderr.strip().splitlines() or ["it said nothing"]
        raise CouldNotLook(f"{lock.name}: {lines[-1]}")
    return done.stdout


def read_passes(text: str) -> list[Pass]:
    """Return the exceptions.

    Raises:
        CouldNotLook: one has no id, package, day or reason.
    """
    try:
        return [_pass(each) for each in yaml.safe_load(text) or ()]
    except (yaml.YAMLError, KeyError, TypeError, ValueError) as wrong:
        raise CouldNotLook(f"{EXCEPTIONS.name}: every entry needs id, package, until and reason") from wrong


def normal(name: str) -> str:
    """Return a package's name as indexes compare it (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()


def _pass(entry: dict[str, Any]) -> Pass:
    found = Pass(str(entry["id"]), str(entry["package"]), entry["until"], str(entry["reason"]).strip())
    if not isinstance(found.until, date) or not found.reason:
        raise ValueError
    return found


def _advisory(package: dict[str, Any], one: dict[str, Any]) -> Advisory:
    others: Iterable[str] = one.get("aliases", ())
    ids = (str(one["id"]), *(str(each) for each in others))
    return Advisory(package["name"], package["version"], ids, tuple(one.get("fix_versions", ())))


if __name__ == "__main__":
    sys.exit(main())
