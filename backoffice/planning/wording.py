"""The words of figures in a language of the pages: titles, places, periods, numbers, and what codes mean."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from babel.dates import format_date
from babel.numbers import format_decimal, format_percent

from backoffice.disclosure.axes import ALL
from backoffice.planning.figure import Dimension, Figure
from backoffice.planning.places import SUB_DISTRICT
from backoffice.planning.words import name_of_place, word_of, word_of_place
from translations.catalog import has, plural, text


@dataclass(frozen=True)
class Body:
    """An organisation as everybody may know it: its code in addresses, and its name."""

    code: str
    name: str


@dataclass(frozen=True)
class Wording:
    """Words in a language.

    Attributes:
        language: of the pages.
        bodies: by the ids that releases name them by; one that is not there any more is not named.
    """

    language: str
    bodies: Mapping[str, Body]

    def say(self, key: str, **values: str) -> str:
        """Return a sentence of the catalogue area `planning_pages`."""
        return text(f"backoffice.planning_pages.{key}", self.language, **values)

    def counted(self, key: str, count: int, **values: str) -> str:
        """Return a sentence of the area `planning_pages` in the form that fits a number."""
        shown = {"count": self.number(count), **values}
        return plural(f"backoffice.planning_pages.{key}", self.language, count, **shown)

    def planning(self, key: str, **values: str) -> str:
        """Return a sentence of the catalogue area `planning`."""
        return text(f"backoffice.planning.{key}", self.language, **values)

    def title(self, figure: Figure) -> str:
        """Return what a figure is called."""
        return self.planning(f"figure.{figure.code}")

    def definition(self, figure: Figure) -> str:
        """Return what a figure counts."""
        return self.planning(f"definition.{figure.code}")

    def name(self, dimension: Dimension, code: str) -> str:
        """Return what a code means."""
        if dimension is Dimension.BODY:
            body = self.bodies.get(code)
            return body.name if body else self.planning("unknown")
        key = word_of(dimension, code)
        return text(key, self.language) if key and has(key) else code

    def place(self, code: str) -> str:
        """Return the name of a place; a sub-district may bear the name of its town."""
        key = word_of_place(code)
        if key:
            return text(key, self.language)
        name = name_of_place(code)
        return self.say("sub_district", name=name) if code.startswith(SUB_DISTRICT) else name

    def period(self, code: str, year: int) -> str:
        """Return the name of a period of a year: `luglio 2026`, `3° trimestre 2026`, `2026`."""
        if code == ALL:
            return self.say("year", year=str(year))
        if code[5] == "q":
            return self.say("quarter", quarter=code[6:], year=str(year))
        return format_date(date(year, int(code[5:]), 1), "LLLL yyyy", locale=self.language)

    def month(self, code: str) -> str:
        """Return the short name of a month: `lug`."""
        return format_date(date(int(code[:4]), int(code[5:]), 1), "LLL", locale=self.language)

    def number(self, count: int | None) -> str:
        """Return a number as it is written; a hidden one in words."""
        return self.planning("hidden") if count is None else format_decimal(count, locale=self.language)

    def decimal(self, value: float) -> str:
        """Return a number with one digit after the comma at most."""
        return format_decimal(round(value, 1), locale=self.language)

    def percent(self, share: float) -> str:
        """Return a share, from 0 to 1, in whole per cent."""
        return format_percent(share, locale=self.language)
