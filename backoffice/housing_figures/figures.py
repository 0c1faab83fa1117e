"""Figures as data: each with its unit, how sure it is, since when it holds, and where it was read.

They stand in `figures.yml`; a new figure or a new year is a line there, not a change of code.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Self

import yaml
from pydantic import BaseModel, ConfigDict, Field, model_validator

FIGURES_FILE = Path(__file__).with_name("figures.yml")


class Standing(StrEnum):
    """How sure a figure is. A person is told as a fact only what was `found`."""

    FOUND = "found"
    BACKGROUND = "background"
    DESK = "desk"
    UNKNOWN = "unknown"


class Source(BaseModel):
    """Where a figure was read. `read_on` is the source's own day, or `undated`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    title: str
    page: str
    read_on: str


class Figure(BaseModel):
    """One figure. `value` is None where it is not known: ask the desk."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    code: str
    value: Decimal | None = None
    unit: str
    standing: Standing
    law: str | None = None
    sources: tuple[Source, ...] = ()
    valid_from: date | None = None
    valid_to: date | None = None

    @model_validator(mode="after")
    def _says_where_from(self) -> Self:
        if (self.value is None) != (self.standing is Standing.UNKNOWN):
            raise ValueError(f"{self.code}: exactly what is unknown has no value")
        if self.standing is Standing.FOUND and not self.sources:
            raise ValueError(f"{self.code}: what was found has a source")
        return self

    def holds_on(self, day: date) -> bool:
        """Tell whether the figure holds on a day, as far as is known."""
        return (self.valid_from or day) <= day <= (self.valid_to or day)

    @property
    def number(self) -> Decimal:
        """The value of a figure that has one."""
        if self.value is None:
            raise ValueError(f"{self.code} is not known")
        return self.value


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid")

    sources: dict[str, Source]
    figures: dict[str, dict[str, object]] = Field(min_length=1)


def figure(code: str) -> Figure:
    """Return a figure by its code.

    Raises:
        KeyError: there is none of that code.
    """
    return all_figures()[code]


@cache
def all_figures() -> Mapping[str, Figure]:
    """Return every figure by its code, in the order of the file."""
    read = _File.model_validate(yaml.safe_load(FIGURES_FILE.read_text(encoding="utf-8")))
    found = {}
    for code, values in read.figures.items():
        named = values.get("sources", [])
        sources = [read.sources[str(each)] for each in named] if isinstance(named, list) else []
        found[code] = Figure.model_validate({**values, "code": code, "sources": sources})
    return found
