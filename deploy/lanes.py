"""Checks after one another and side by side: a stage has lanes, and a lane runs its checks in their order."""

from __future__ import annotations

import os
import subprocess
import threading
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from deploy.settings import ROOT


@dataclass
class Check:
    """One check: its name, its command, and where it writes a JUnit report if it does."""

    name: str
    command: list[str]
    report: Path | None = None
    number: int = 0
    seconds: float = 0.0
    processor_seconds: float = 0.0
    """What it took of the processor, with every process that it started and waited for."""
    passed: bool = False
    counts: dict[str, int] = field(default_factory=dict)
    skips: list[str] = field(default_factory=list)


Lane = list[Check]
Stage = list[Lane]


def run_stages(stages: list[Stage], *, environment: Mapping[str, str]) -> None:
    """Run every check, whatever became of those before it; note how long each took and whether it passed.

    Raises:
        KeyboardInterrupt: Ctrl-C; what ran has ended, and nothing else was started.
    """
    total = sum(len(lane) for stage in stages for lane in stage)
    for stage in stages:
        _StageRun(stage, total, environment).run()


class _StageRun:
    """One stage under way. Where lanes share the screen every line bears the number of its check."""

    def __init__(self, stage: Stage, total: int, environment: Mapping[str, str]) -> None:
        self._stage, self._total, self._environment = stage, total, environment
        self._screen = threading.Lock()
        self._interrupted = threading.Event()

    def run(self) -> None:
        with ThreadPoolExecutor(len(self._stage)) as lanes:
            running = [lanes.submit(self._run_lane, lane) for lane in self._stage]
            try:
                for lane in running:
                    lane.result()
            except BaseException:
                self._interrupted.set()
                raise

    def _run_lane(self, lane: Lane) -> None:
        for check in lane:
            if self._interrupted.is_set():
                return
            self._say(f"\n==> [{check.number}/{self._total}] {check.name}")
            begin = time.monotonic()
            check.passed = (self._run_alone if len(self._stage) == 1 else self._run_beside)(check) == 0
            check.seconds = time.monotonic() - begin
            if len(self._stage) > 1:
                ended = "passed" if check.passed else "FAILED"
                self._say(
                    f"==> [{check.number}/{self._total}] {ended} after {check.seconds:.0f} s: {check.name}"
                )

    def _run_alone(self, check: Check) -> int:
        with subprocess.Popen(check.command, cwd=ROOT, env=self._environment) as process:
            return _wait_for(process, check)

    def _run_beside(self, check: Check) -> int:
        with subprocess.Popen(
            check.command,
            cwd=ROOT,
            env=self._environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
        ) as process:
            assert process.stdout is not None
            for line in process.stdout:
                self._say(f"[{check.number}] {line.rstrip()}")
            return _wait_for(process, check)

    def _say(self, line: str) -> None:
        with self._screen:
            print(line, flush=True)


def _wait_for(process: subprocess.Popen[Any], check: Check) -> int:
    """Wait for the end of a check, note what it took of the processor, and return its exit status."""
    _, status, usage = os.wait4(process.pid, 0)
    check.processor_seconds = usage.ru_utime + usage.ru_stime
    process.returncode = os.waitstatus_to_exitcode(status)
    return process.returncode
