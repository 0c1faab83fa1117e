"""What a contract of rent costs at the start: pure functions of the figures, in euros to the cent.

Every result names the figures that it stands on, with their sources. What is not known is not counted: it
is listed as `unknown`, and the desk is asked.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from backoffice.client.schemas import ContractType
from backoffice.housing_figures.amounts import (
    COPIES,
    DEPOSIT,
    EXPENSES,
    FEE,
    LINES,
    PAGES,
    RENT,
    euros,
    require_amount,
)
from backoffice.housing_figures.figures import Figure, figure

YEAR = 12


class CostKind(StrEnum):
    """What is paid when a contract is signed."""

    FIRST_MONTH = "first_month"
    DEPOSIT = "deposit"
    REGISTRATION_TAX = "registration_tax"
    STAMPS = "stamps"
    AGENCY_FEE = "agency_fee"


@dataclass(frozen=True)
class Amount:
    """A sum in euros, and the figures that it stands on."""

    euros: Decimal
    figures: tuple[Figure, ...]


@dataclass(frozen=True)
class Cost:
    """One thing to pay: the whole of it, and the tenant's part."""

    kind: CostKind
    total: Decimal
    tenant: Decimal
    figures: tuple[Figure, ...] = ()


@dataclass(frozen=True)
class SigningCosts:
    """What is paid at the start. `unknown`: figures that may change it and that nobody has found."""

    costs: tuple[Cost, ...]
    unknown: tuple[Figure, ...]

    @property
    def tenant(self) -> Decimal:
        """What the tenant pays in all."""
        return sum((cost.tenant for cost in self.costs), Decimal(0))

    @property
    def figures(self) -> tuple[Figure, ...]:
        """Every figure that was used, once."""
        return tuple({each.code: each for cost in self.costs for each in cost.figures}.values())


def deposit_limit(rent_eur_month: int) -> Amount:
    """Return the highest deposit that the law allows.

    Raises:
        AmountRefused: no rent that there is.
    """
    require_amount("rent_eur_month", rent_eur_month, RENT)
    months = figure("deposit_months")
    return Amount(euros(rent_eur_month * months.number), (months,))


def registration_tax(
    rent_eur_month: int, *, flat_tax: bool = False, agreed_base: bool | None = None
) -> tuple[Amount, tuple[Figure, ...]]:
    """Return the tax on the first year's registration, owner's and tenant's part together.

    Args:
        rent_eur_month: without expenses.
        flat_tax: the owner chose cedolare secca: there is no such tax.
        agreed_base: whether only a part of the rent counts (agreed rent in towns of high need); None where
            nobody knows: then the whole rent is counted.

    Returns:
        The tax, and the unknown figures that may lower or raise it.
    """
    require_amount("rent_eur_month", rent_eur_month, RENT)
    if flat_tax:
        return Amount(euros(0), (figure("flat_tax_registration_eur"),)), ()
    rate, used = figure("registration_tax_percent"), [figure("registration_tax_percent")]
    base = Decimal(rent_eur_month * YEAR)
    unknown = [figure("registration_tax_minimum_eur")]
    if agreed_base:
        part = figure("registration_tax_base_agreed_percent")
        base, used = base * part.number / 100, [*used, part]
    elif agreed_base is None:
        unknown.append(figure("high_need_crema"))
    return Amount(euros(base * rate.number / 100), tuple(used)), tuple(unknown)


def stamps(*, pages: int = 4, lines: int | None = None, copies: int = 2, flat_tax: bool = False) -> Amount:
    """Return what the stamps cost: one for each so many pages or lines, whichever is more, on each copy."""
    require_amount("pages", pages, PAGES)
    require_amount("copies", copies, COPIES)
    if lines is not None:
        require_amount("lines", lines, LINES)
    if flat_tax:
        return Amount(euros(0), (figure("flat_tax_registration_eur"),))
    price, by_page, by_line = figure("stamp_eur"), figure("stamp_pages"), figure("stamp_lines")
    number = max(_started(pages, by_page), _started(lines, by_line) if lines else 0)
    return Amount(euros(number * copies * price.number), (price, by_page, by_line))


def costs_at_signing(
    rent_eur_month: int,
    *,
    expenses_eur_month: int = 0,
    deposit_eur: int | None = None,
    contract_type: ContractType | None = None,
    flat_tax: bool | None = None,
    agreed_base: bool | None = None,
    pages: int = 4,
    lines: int | None = None,
    copies: int = 2,
    agency_fee_eur: int | None = None,
) -> SigningCosts:
    """Return everything that is paid when a contract is signed, and the tenant's part of it.

    Args:
        rent_eur_month: the rent, without expenses.
        expenses_eur_month: what is paid each month beside it.
        deposit_eur: as agreed; None: as much as the law allows at most.
        contract_type: only an agreed rent can have the smaller base of the tax.
        flat_tax: cedolare secca; None where it is not decided: then the dearer case is counted.
        agreed_base: whether the town is one of high need; None where nobody knows.
        pages: of the contract, for the stamps; the tenant pays half of them, as of the tax.
        lines: of the contract, where somebody has counted them.
        copies: that are signed.
        agency_fee_eur: the tenant's, VAT included, as it is written; None: no agency.

    Raises:
        AmountRefused: a sum or number that no contract has.
    """
    require_amount("rent_eur_month", rent_eur_month, RENT)
    require_amount("expenses_eur_month", expenses_eur_month, EXPENSES)
    limit = deposit_limit(rent_eur_month)
    if deposit_eur is not None:
        require_amount("deposit_eur", deposit_eur, DEPOSIT)
    may_be_less = contract_type in (None, ContractType.AGREED)
    tax, unknown = registration_tax(
        rent_eur_month, flat_tax=bool(flat_tax), agreed_base=agreed_base if may_be_less else False
    )
    papers = stamps(pages=pages, lines=lines, copies=copies, flat_tax=bool(flat_tax))
    month = euros(rent_eur_month + expenses_eur_month)
    deposit = limit.euros if deposit_eur is None else euros(deposit_eur)
    costs = [
        Cost(CostKind.FIRST_MONTH, month, month),
        Cost(CostKind.DEPOSIT, deposit, deposit, limit.figures),
        Cost(CostKind.REGISTRATION_TAX, tax.euros, *_half(tax)),
        Cost(CostKind.STAMPS, papers.euros, *_half(papers)),
    ]
    if agency_fee_eur is not None:
        fee = euros(require_amount("agency_fee_eur", agency_fee_eur, FEE))
        costs.append(Cost(CostKind.AGENCY_FEE, fee, fee))
    return SigningCosts(tuple(costs), unknown)


def _half(amount: Amount) -> tuple[Decimal, tuple[Figure, ...]]:
    share = figure("registration_tax_share_percent")
    return euros(amount.euros * share.number / 100), (*amount.figures, share)


def _started(number: int, size: Figure) -> int:
    return -(-number // int(size.number))
