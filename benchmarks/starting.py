"""`make up` on a machine that has everything: database, model and both environments."""

from __future__ import annotations

import time
from typing import Final

from benchmarks.lines import Outcome, at_most
from benchmarks.run import Run
from benchmarks.samples import OURS
from tests.stack.processes import NAMES, new_stack

TITLE: Final = "make up: on an installed machine"
STARTS: Final = 5
COMMAND: Final = ["make", "--silent", "up"]


def measure(run: Run) -> Outcome:
    """Start once to have everything, then start again and stop, and again."""
    outcome = Outcome()
    stack = new_stack(run.folder, SPORTELLO_DEMO="1", SPORTELLO_LOG_LEVEL="WARNING")
    run.lend_model(stack.data_dir)
    for number in range(1 + run.few(STARTS, 1)):
        run.say("the first start" if number == 0 else f"start {number}")
        begun = time.perf_counter()
        stack.start(command=COMMAND)
        seconds = time.perf_counter() - begun
        outcome.wrong += [f"{name} is not healthy" for name in NAMES if not stack.is_healthy(name)]
        if number:
            run.samples.add("start", OURS, seconds)
        stack.stop()
    outcome.lines = [run.samples.line("start", "until all four are healthy, p50", "s", target=at_most(20))]
    outcome.checked = ["all four processes answered that they are healthy, at every start"]
    return outcome
