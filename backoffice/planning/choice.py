"""What a page is asked to show: a year, a period of it, a place, a body. Whatever is typed is answered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from backoffice.disclosure.axes import ALL
from backoffice.planning.figure import Dimension
from backoffice.planning.periods import last_month
from backoffice.planning.told import NotTold, Told
from backoffice.planning.wording import Body


@dataclass(frozen=True)
class Asked:
    """What stands in the address, as it was typed."""

    year: str = ""
    period: str = ""
    place: str = ""
    body: str = ""


@dataclass(frozen=True)
class Choice:
    """What is shown.

    Attributes:
        year: of Italy's calendar.
        period: a month or a quarter of it, or `ALL`.
        place: a town, a sub-district, or `ALL` for the district.
        body: the id of an organisation; None for all.
        body_code: its code in addresses.
        is_other: whether something else was asked for, of which nothing is told.
    """

    year: int
    period: str
    place: str = ALL
    body: str | None = None
    body_code: str = ""
    is_other: bool = False

    @property
    def query(self) -> str:
        """The same in an address, also of files and of other figures."""
        parts = {"year": str(self.year), "period": self.period, "place": self.place}
        return urlencode(parts | ({"body": self.body_code} if self.body_code else {}))

    @property
    def within(self) -> dict[Dimension, str]:
        """What every number is narrowed to beside period and place."""
        return {Dimension.BODY: self.body} if self.body else {}

    @property
    def last_month(self) -> str:
        """The last month of the period."""
        return last_month(self.year, self.period)


def year_asked(asked: Asked, years: Sequence[int]) -> int:
    """Return the year that was asked for, or the newest that is told."""
    return next((year for year in years if str(year) == asked.year), years[0])


def choose(asked: Asked, told: Told, bodies: Mapping[str, Body]) -> Choice:
    """Return what a figure's page shows of what was asked for.

    The same month of another year is what somebody means who changes the year alone.
    """
    period = _period(asked.period, told)
    place = asked.place if asked.place in _places(told) else ALL
    body = _body(asked.body, told, bodies)
    found = Asked(str(told.year), period, place, bodies[body].code if body else "")
    return Choice(told.year, period, place, body, found.body, is_other=_is_other(asked, found))


def _is_other(asked: Asked, found: Asked) -> bool:
    is_period = asked.period in ("", found.period) or asked.period[4:] == found.period[4:] != ""
    return not (
        is_period
        and asked.year in ("", found.year)
        and asked.place in ("", found.place)
        and asked.body in ("", found.body)
    )


def _period(asked: str, told: Told) -> str:
    """Return the period that was asked for; else the last month that is told."""
    for code in (asked, f"{told.year:04}{asked[4:]}"):
        if code in told.periods:
            return code
    return told.periods[-1]


def _places(told: Told) -> Mapping[str, object]:
    try:
        return told.places.chains
    except NotTold:
        return {}


def _body(asked: str, told: Told, bodies: Mapping[str, Body]) -> str | None:
    if not asked or told.figure.view_of(Dimension.BODY) is None:
        return None
    known = told.codes_of(Dimension.BODY)
    return next((number for number, each in bodies.items() if each.code == asked and number in known), None)
