"""The files of figures of domestic work: what may stand in them, and how they are read.

Every file of `tables/` is found by itself; its `kind` says what it holds. A file that says something strange,
names no source or speaks of days that another one speaks of already is refused, with its name and the fault.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Literal, Self, TypeVar

import yaml
from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    TypeAdapter,
    ValidationError,
    model_validator,
)

from backoffice.client.schemas import CareLevel, DomesticTask
from backoffice.housing_figures.amounts import euros
from backoffice.housing_figures.figures import Figure, Source

TABLES = Path(__file__).with_name("tables")
_SOURCES = "sources.yml"

T = TypeVar("T")
Euros = Annotated[Decimal, Field(gt=0, max_digits=7, decimal_places=2), AfterValidator(euros)]
Keys = Annotated[list[str], Field(min_length=1)]


class FileRefused(Exception):
    """A file of figures cannot be used: the message names it and says why."""


class PayTable(StrEnum):
    """Which minimums a table gives; the name's end is what they are for."""

    LIVE_IN_MONTH = "live_in_month"
    """Up to 54 hours a week."""
    HOUR = "hour"
    REDUCED_MONTH = "reduced_month"
    """Living in, up to 30 hours a week."""
    NIGHT_CARE_MONTH = "night_care_month"
    NIGHT_PRESENCE_MONTH = "night_presence_month"
    """One minimum for all levels, under `any`."""
    REST_COVER_HOUR = "rest_cover_hour"
    """Only the rest days of who cares for a dependent person."""
    BOARD_DAY = "board_day"
    """What meals and bed are worth: `lunch`, `dinner`, `lodging`."""


ANY_LEVEL = "any"
BOARD_PARTS = ("lunch", "dinner", "lodging")


class _File(BaseModel):
    """What every file says: from when to when it holds; null is as far as anybody knows."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    valid_from: date | None
    valid_to: date | None

    @model_validator(mode="after")
    def _ends_after_start(self) -> Self:
        if self.valid_from and self.valid_to and self.valid_to < self.valid_from:
            raise ValueError("valid_to is before valid_from")
        return self

    def holds_on(self, day: date) -> bool:
        """Tell whether the file holds on a day."""
        return (self.valid_from or day) <= day <= (self.valid_to or day)


class Cells(BaseModel):
    """One table of pay. The indemnity of a level is apart, in the cell already, or due but not known."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    sources: Keys
    cells: Annotated[dict[str, Euros], Field(min_length=1)]
    indemnity: dict[CareLevel, Euros] = {}
    indemnity_included: list[CareLevel] = []
    indemnity_unknown: list[CareLevel] = []
    total: Euros | None = None
    """Where the source gives the sum of the cells too: it must be theirs."""

    @model_validator(mode="after")
    def _adds_up(self) -> Self:
        if self.total is not None and self.total != sum(self.cells.values()):
            raise ValueError("the total is not the sum of the cells")
        said = [*self.indemnity, *self.indemnity_included, *self.indemnity_unknown]
        if len(said) != len(set(said)) or not set(said) <= set(self.cells):
            raise ValueError("an indemnity is said twice, or of a level without a minimum")
        return self


class PayFile(_File):
    """The minimums of a time. What is not in it is not known; both its days are said."""

    kind: Literal["pay"]
    valid_from: date
    valid_to: date
    tables: Annotated[dict[PayTable, Cells], Field(min_length=1)]

    @model_validator(mode="after")
    def _knows_its_rows(self) -> Self:
        for name, table in self.tables.items():
            rows = {PayTable.NIGHT_PRESENCE_MONTH: {ANY_LEVEL}, PayTable.BOARD_DAY: set(BOARD_PARTS)}
            strange = set(table.cells) - rows.get(name, {level.value for level in CareLevel})
            if strange:
                raise ValueError(f"{name.value}: nobody knows {', '.join(sorted(strange))}")
        return self


class Rates(BaseModel):
    """Contributions in euros an hour: in all, and the worker's part of the permanent one."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    up_to: Euros | None = None
    permanent: Euros
    worker: Euros
    fixed_term: Euros
    permanent_without_cuaf: Euros
    fixed_term_without_cuaf: Euros


class ContributionsFile(_File):
    """The contributions of a time, by real hourly pay; `long` is for more than `long_hours` a week."""

    kind: Literal["contributions"]
    valid_from: date
    valid_to: date
    sources: Keys
    brackets: Annotated[list[Rates], Field(min_length=1)]
    long_hours: Annotated[int, Field(ge=1, le=54)]
    long: Rates

    @model_validator(mode="after")
    def _rises(self) -> Self:
        limits = [each.up_to for each in self.brackets]
        known = [each for each in limits[:-1] if each is not None]
        if limits[-1] is not None or len(known) != len(limits) - 1 or known != sorted(set(known)):
            raise ValueError("the brackets do not rise to a last one without a limit")
        return self


class LevelsFile(_File):
    """Levels from the lowest paid, and which task asks for which."""

    kind: Literal["levels"]
    sources: Keys
    order: list[CareLevel]
    tasks: dict[CareLevel, list[DomesticTask]]
    by_training: list[DomesticTask]

    @model_validator(mode="after")
    def _says_all(self) -> Self:
        if sorted(self.order) != sorted(CareLevel):
            raise ValueError("the order does not name every level once")
        said = [*(task for tasks in self.tasks.values() for task in tasks), *self.by_training]
        if sorted(said) != sorted(DomesticTask):
            raise ValueError("the tasks are not each named once")
        return self


class RulesFile(_File):
    """Single figures with their standing. A rule may hold for a shorter time than its file."""

    kind: Literal["rules"]
    rules: Annotated[dict[str, dict[str, object]], Field(min_length=1)]


AnyFile = Annotated[PayFile | ContributionsFile | LevelsFile | RulesFile, Field(discriminator="kind")]
_FILE: TypeAdapter[AnyFile] = TypeAdapter(AnyFile)
_SOURCE_LIST = TypeAdapter(dict[str, Source])


@dataclass(frozen=True)
class Figures:
    """All that the files say, by the name of the file."""

    sources: Mapping[str, Source]
    pay: Mapping[str, PayFile]
    contributions: Mapping[str, ContributionsFile]
    levels: Mapping[str, LevelsFile]
    rules: tuple[Figure, ...]

    def named(self, keys: Iterable[str]) -> tuple[Source, ...]:
        """Return the sources of some keys."""
        return tuple(self.sources[key] for key in keys)


@cache
def all_figures() -> Figures:
    """Return what the files of the package say.

    Raises:
        FileRefused: one of them cannot be used.
    """
    return read_figures(TABLES)


def read_figures(folder: Path) -> Figures:
    """Read every file of figures of a folder.

    Raises:
        FileRefused: one of them cannot be used, or two speak of the same days.
    """
    sources = _read(folder / _SOURCES, _SOURCE_LIST)
    files = {path.stem: _read(path, _FILE) for path in sorted(folder.glob("*.yml")) if path.name != _SOURCES}
    for name, file in files.items():
        unknown = sorted({key for key in _keys(file) if key not in sources})
        if unknown:
            raise FileRefused(f"{name}: no such source: {', '.join(unknown)}")
    figures = Figures(
        sources=sources,
        pay={name: file for name, file in files.items() if isinstance(file, PayFile)},
        contributions={name: file for name, file in files.items() if isinstance(file, ContributionsFile)},
        levels={name: file for name, file in files.items() if isinstance(file, LevelsFile)},
        rules=tuple(
            rule
            for name, file in files.items()
            if isinstance(file, RulesFile)
            for rule in _rules(name, file, sources)
        ),
    )
    _refuse_overlaps(figures)
    return figures


def _read(path: Path, adapter: TypeAdapter[T]) -> T:
    try:
        return adapter.validate_python(yaml.safe_load(path.read_text(encoding="utf-8")))
    except (OSError, yaml.YAMLError, ValidationError) as error:
        raise FileRefused(f"{path.stem}: {error}") from error


def _keys(file: AnyFile) -> list[str]:
    if isinstance(file, PayFile):
        return [key for table in file.tables.values() for key in table.sources]
    if isinstance(file, RulesFile):
        named = [rule.get("sources", []) for rule in file.rules.values()]
        return [str(key) for keys in named if isinstance(keys, list) for key in keys]
    return file.sources


def _rules(name: str, file: RulesFile, sources: Mapping[str, Source]) -> Iterable[Figure]:
    times = {"valid_from": file.valid_from, "valid_to": file.valid_to}
    for code, said in file.rules.items():
        keys = said.get("sources", [])
        read = [sources[str(key)] for key in keys] if isinstance(keys, list) else keys
        try:
            yield Figure.model_validate({**times, **said, "code": code, "sources": read})
        except ValidationError as error:
            raise FileRefused(f"{name}: {code}: {error}") from error


def _refuse_overlaps(figures: Figures) -> None:
    times: list[tuple[str, _File | Figure]] = [
        (f"pay {table.value}", file) for file in figures.pay.values() for table in file.tables
    ]
    times += [("contributions", file) for file in figures.contributions.values()]
    times += [("levels", file) for file in figures.levels.values()]
    times += [(rule.code, rule) for rule in figures.rules]
    by_name: dict[str, list[tuple[date, date]]] = {}
    for name, said in times:
        by_name.setdefault(name, []).append((said.valid_from or date.min, said.valid_to or date.max))
    for name, spans in by_name.items():
        spans.sort()
        for (_, end), (start, _) in pairwise(spans):
            if start <= end:
                raise FileRefused(f"{name}: two files speak of {start.isoformat()}")
