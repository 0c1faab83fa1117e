"""What is asked about: the terms of domestic work, and the error that names the one that cannot be."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from backoffice.client.schemas import CareLevel, DomesticTask, NightKind, PayPeriod
from backoffice.errors import BackofficeError

HOURS_WEEK = (1, 168)
YEARS = (0, 60)
PAY = (0, 20_000)
MONTHS = (0, 12)
PART_DAYS = (1, 26)


class TermsRefused(BackofficeError):
    """A number that no work has: `field` says which, `least` and `most` what it may be."""

    status = 422

    def __init__(self, field: str, least: int, most: int) -> None:
        super().__init__(
            f"care_figures.error.{field}",
            way_out="care_figures.error.way_out",
            least=str(least),
            most=str(most),
        )
        self.field, self.least, self.most = field, least, most

    @property
    def errors(self) -> tuple[Mapping[str, str], ...]:
        """The field, with its sentence."""
        return ({"field": self.field, "message": self.message},)


@dataclass(frozen=True)
class Terms:
    """Terms of domestic work on a day. Pay is gross euros for `paid_per`; hours are a week's.

    `level` is what the paper says; the tasks really done count (art. 9). `rest_cover`: only the rest days of
    who cares for a dependent person. `part_days`: working days of a part month, of 26; None is a whole one.
    Meals and bed: None is not said; who lives in is then counted as having them in kind.

    Raises:
        TermsRefused: a number that no work has.
    """

    on: date
    live_in: bool
    hours_week: int
    level: CareLevel | None = None
    tasks: tuple[DomesticTask, ...] = ()
    trained: bool | None = None
    dependent: bool | None = None
    nights: NightKind = NightKind.NONE
    rest_cover: bool = False
    years: Decimal = Decimal(0)
    """With this employer, with what is over whole years."""
    lunch: bool | None = None
    dinner: bool | None = None
    lodging: bool | None = None
    uni_11766: bool = False
    paid_eur: Decimal | None = None
    paid_per: PayPeriod | None = None
    months: int = 12
    """Months worked in the year, for what is counted by the year."""
    part_days: int | None = None
    fixed_term: bool = False
    replaces_absent: bool = False
    without_cuaf: bool = False

    def __post_init__(self) -> None:
        require("hours_week", self.hours_week, HOURS_WEEK)
        require("years_with_employer", self.years, YEARS)
        require("months_worked_this_year", self.months, MONTHS)
        if self.part_days is not None:
            require("part_days", self.part_days, PART_DAYS)
        if self.paid_eur is not None:
            require("paid_eur", self.paid_eur, PAY)
            if self.paid_per is None:
                raise TermsRefused("paid_per", *PAY)

    @property
    def board(self) -> tuple[bool | None, bool | None, bool | None]:
        """Whether lunch, dinner and bed are given in kind."""
        return self.lunch, self.dinner, self.lodging


def require(field: str, value: Decimal | int, bounds: tuple[int, int]) -> None:
    """Let only a number pass that lies within its bounds.

    Raises:
        TermsRefused: it does not.
    """
    least, most = bounds
    if not least <= value <= most:
        raise TermsRefused(field, least, most)
