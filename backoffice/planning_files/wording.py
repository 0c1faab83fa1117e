"""The words of figures in a language of the pages: titles, places, periods, and what codes mean."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from babel.dates import format_date

from backoffice.disclosure.axes import ALL
from backoffice.planning.figure import Dimension, Figure
from backoffice.planning.places import SUB_DISTRICT
from backoffice.planning.raw import UNKNOWN
from backoffice.planning.words import name_of_place, word_of, word_of_place
from translations.catalog import has, text


@dataclass(frozen=True)
class Body:
    """An organisation as everybody may know it: no file bears its id."""

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
        """Return a sentence of the catalogue area `planning_files`."""
        return text(f"backoffice.planning_files.{key}", self.language, **values)

    def planning(self, key: str, **values: str) -> str:
        """Return a sentence of the catalogue area `planning`."""
        return text(f"backoffice.planning.{key}", self.language, **values)

    def title(self, figure: Figure) -> str:
        """Return what a figure is called."""
        return self.planning(f"figure.{figure.code}")

    def definition(self, figure: Figure) -> str:
        """Return what a figure counts."""
        return self.planning(f"definition.{figure.code}")

    def code(self, dimension: Dimension, code: str) -> str:
        """Return a code as files have it: a body's is its public one."""
        return self._body(code).code if dimension is Dimension.BODY else code

    def name(self, dimension: Dimension, code: str) -> str:
        """Return what a code means; what is under another thing is named after it."""
        if dimension is Dimension.BODY:
            return self._body(code).name
        key = word_of(dimension, code)
        words = text(key, self.language) if key and has(key) else code
        above, _, under = code.partition("/")
        return f"{self.name(dimension, above)}, {words}" if under else words

    def place(self, code: str) -> str:
        """Return the name of a place; a sub-district may bear the name of its town."""
        key = word_of_place(code)
        if key:
            return text(key, self.language)
        name = name_of_place(code)
        return self.say("sub_district", name=name) if code.startswith(SUB_DISTRICT) else name

    def period(self, code: str, year: int) -> str:
        """Return the name of a period of a year: `luglio 2026`, `terzo trimestre 2026`, `2026`."""
        if code == ALL:
            return self.say("year", year=str(year))
        if code[5] == "q":
            return self.say(f"quarter.{code[6:]}", year=str(year))
        return format_date(date(year, int(code[5:]), 1), "LLLL yyyy", locale=self.language)

    def _body(self, code: str) -> Body:
        return self.bodies.get(code) or Body(UNKNOWN, self.planning("unknown"))
