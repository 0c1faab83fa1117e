"""Which benchmarks there are, in the order of the table."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from benchmarks import (
    accept,
    adopted,
    burst,
    first_load,
    hostile,
    long_conversation,
    recovery,
    search,
    starting,
    throughput,
    turns,
)
from benchmarks.installation import Installation
from benchmarks.lines import Outcome
from benchmarks.run import Run


def _none(*_: object) -> Outcome:
    raise NotImplementedError


@dataclass(frozen=True)
class Benchmark:
    """One benchmark: it starts what it needs (`alone`), or shares one installation (`sharing`)."""

    key: str
    title: str
    alone: Callable[[Run], Outcome] = _none
    sharing: Callable[[Run, Installation], Outcome] = _none
    own_page: str | None = None
    """The page in docs/benchmarks/ that its own program writes."""

    @property
    def shares(self) -> bool:
        """Tell whether it shares the installation."""
        return self.sharing is not _none


ALL: Final = (
    Benchmark("b1", accept.TITLE, alone=accept.measure),
    Benchmark("b2", turns.TITLE, sharing=turns.measure),
    Benchmark("b3", throughput.TITLE, sharing=throughput.measure),
    Benchmark("b4", long_conversation.TITLE, sharing=long_conversation.measure),
    Benchmark("first-load", first_load.TITLE, sharing=first_load.measure),
    Benchmark("b5", burst.TITLE, alone=burst.measure),
    Benchmark("b6", adopted.RELAY, alone=adopted.relay, own_page="relay"),
    Benchmark("b7", adopted.CASES, alone=adopted.cases, own_page="cases"),
    Benchmark("b8", search.TITLE, alone=search.measure),
    Benchmark("b9", recovery.TITLE, alone=recovery.measure),
    Benchmark("b10", hostile.TITLE, alone=hostile.measure),
    Benchmark("text", adopted.UNDERSTANDING, alone=adopted.understanding, own_page="nlu"),
    Benchmark("up", starting.TITLE, alone=starting.measure),
    Benchmark("housing", adopted.HOUSING, alone=adopted.housing, own_page="matching"),
    Benchmark("care", adopted.CARE, alone=adopted.care, own_page="care_matching"),
)
