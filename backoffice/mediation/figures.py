"""What became of the requests of a quarter: numbers that name nobody, small ones hidden."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from backoffice.figures import Spread, spread_of
from backoffice.italy import ROME
from backoffice.mediation.models import MediationRefusal, MediationRequest, MediationState
from backoffice.mediation.queries import names_of_bodies, waits_of
from backoffice.mediation.states import quarters_counted
from backoffice.small_cells import shown

GAVE_HOURS = frozenset({MediationState.DONE, MediationState.NO_SHOW, MediationState.CONFIRMED})
"""States whose hours are told: disputed ones not yet."""


@dataclass(frozen=True)
class Quarter:
    """Three months of a year, 1 to 4."""

    year: int
    number: int

    @property
    def first(self) -> date:
        """Its first day."""
        return date(self.year, 3 * self.number - 2, 1)

    @property
    def after(self) -> date:
        """The day after its last one."""
        return self.next.first

    @property
    def next(self) -> Quarter:
        """The quarter that follows."""
        return Quarter(self.year + 1, 1) if self.number == 4 else Quarter(self.year, self.number + 1)

    @property
    def before(self) -> Quarter:
        """The quarter before it."""
        return Quarter(self.year - 1, 4) if self.number == 1 else Quarter(self.year, self.number - 1)

    def __str__(self) -> str:
        return f"{self.year}-{self.number}"


@dataclass(frozen=True)
class Line:
    """One part: how many requests, and the quarters of an hour given; None is hidden."""

    key: str
    requests: int | None
    quarters: int | None


@dataclass(frozen=True)
class Table:
    """Requests by something. `code` names title and words; `has_hours`: whether hours are told."""

    code: str
    requests: int | None
    quarters: int | None
    lines: list[Line]
    has_hours: bool = True


@dataclass(frozen=True)
class Figures:
    """All that is told of a quarter."""

    tables: list[Table]
    waiting_days: Spread


def quarter_of(day: date) -> Quarter:
    """Return the quarter of a day."""
    return Quarter(day.year, (day.month + 2) // 3)


def figures_of(session: Session, organisation_id: str, quarter: Quarter) -> Figures:
    """Return what became of the requests that were to begin in a quarter."""
    first, after = (datetime(d.year, d.month, d.day, tzinfo=ROME) for d in (quarter.first, quarter.after))
    requests = session.scalars(
        select(MediationRequest).where(
            MediationRequest.organisation_id == organisation_id,
            MediationRequest.state != MediationState.DRAFT,
            MediationRequest.starts_at >= first,
            MediationRequest.starts_at < after,
        )
    ).all()
    names = names_of_bodies(session, {each.asking_id for each in requests})
    refused = [each for each in requests if each.refusal is not None]
    lacking = [each for each in refused if each.refusal is MediationRefusal.NO_MEDIATOR]
    waits = waits_of(session, [each.id for each in requests])
    return Figures(
        [
            table_of("language", requests, lambda each: each.language),
            table_of("body", requests, lambda each: names[each.asking_id]),
            table_of("municipality", requests, lambda each: each.municipality or "none"),
            table_of("setting", requests, lambda each: each.setting.value),
            table_of("refusal", refused, lambda each: each.refusal or "", has_hours=False),
            table_of("lack", lacking, lambda each: each.language, has_hours=False),
        ],
        spread_of("waiting", [hours / 24 for hours in waits.values()]),
    )


def table_of(
    code: str,
    requests: Sequence[MediationRequest],
    key_of: Callable[[MediationRequest], str],
    *,
    has_hours: bool = True,
) -> Table:
    """Return requests by a key, most first; hours only beside a number that is shown."""
    counts: Counter[str] = Counter()
    hours: Counter[str] = Counter()
    for each in requests:
        key = str(key_of(each))
        counts[key] += 1
        hours[key] += quarters_counted(each) if each.state in GAVE_HOURS else 0
    told = shown(len(requests), sorted(counts.items()), is_sum=True)
    lines = [Line(key, count, None if count is None else hours[key]) for key, count in told.parts]
    # the hidden ones by name: their place must not tell how many they are
    lines.sort(key=lambda line: (line.requests is None, -(line.requests or 0), line.key))
    total = None if told.total is None else sum(hours.values())
    return Table(code, told.total, total, lines, has_hours)
