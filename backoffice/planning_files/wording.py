"""The words of figures in files: those of the pages, and what a code is called where no page is around it."""

from __future__ import annotations

from backoffice.disclosure.axes import ALL
from backoffice.planning import wording
from backoffice.planning.figure import Dimension
from backoffice.planning.raw import UNKNOWN
from backoffice.planning.wording import Body
from translations.catalog import text


class Wording(wording.Wording):
    """Words in a language."""

    def say(self, key: str, **values: str) -> str:
        """Return a sentence of the catalogue area `planning_files`."""
        return text(f"backoffice.planning_files.{key}", self.language, **values)

    def code(self, dimension: Dimension, code: str) -> str:
        """Return a code as files have it: a body's is its public one."""
        return self._body(code).code if dimension is Dimension.BODY else code

    def name(self, dimension: Dimension, code: str) -> str:
        """Return what a code means; what is under another thing is named after it."""
        if dimension is Dimension.BODY:
            return self._body(code).name
        above, _, under = code.partition("/")
        words = super().name(dimension, code)
        return f"{self.name(dimension, above)}, {words}" if under else words

    def period(self, code: str, year: int) -> str:
        """Return the name of a period of a year: `luglio 2026`, `terzo trimestre 2026`, `2026`."""
        if code != ALL and code[5] == "q":
            return self.say(f"quarter.{code[6:]}", year=str(year))
        return super().period(code, year)

    def _body(self, code: str) -> Body:
        return self.bodies.get(code) or Body(UNKNOWN, self.planning("unknown"))
