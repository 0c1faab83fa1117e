"""What may be counted with: sums that a contract can have, and the error that names the one that cannot."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal

from backoffice.errors import BackofficeError

RENT = (1, 20_000)
EXPENSES = (0, 5_000)
DEPOSIT = (0, 60_000)
FEE = (0, 50_000)
INCOME = (1, 50_000)
PAGES = (1, 200)
LINES = (1, 20_000)
COPIES = (1, 10)

_CENT = Decimal("0.01")


class AmountRefused(BackofficeError):
    """A number that no contract has: `field` says which, `least` and `most` what it may be."""

    status = 422

    def __init__(self, field: str, least: int, most: int) -> None:
        super().__init__(
            f"accompaniment.error.amount.{field}",
            way_out="accompaniment.error.amount.way_out",
            least=str(least),
            most=str(most),
        )
        self.field, self.least, self.most = field, least, most

    @property
    def errors(self) -> tuple[Mapping[str, str], ...]:
        """The field, with its sentence."""
        return ({"field": self.field, "message": self.message},)


def require_amount(field: str, value: int, bounds: tuple[int, int]) -> int:
    """Return a whole number that lies within its bounds.

    Raises:
        AmountRefused: it does not.
    """
    least, most = bounds
    if not least <= value <= most:
        raise AmountRefused(field, least, most)
    return value


def euros(value: Decimal | int) -> Decimal:
    """Return a sum in euros, to the cent."""
    return Decimal(value).quantize(_CENT, rounding=ROUND_HALF_UP)
