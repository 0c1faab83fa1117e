"""What a household can pay, and what the two choices of a contract mean: agreed or free, flat tax or not."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from backoffice.client.schemas import ContractType
from backoffice.housing_figures.amounts import EXPENSES, INCOME, RENT, euros, require_amount
from backoffice.housing_figures.costs import YEAR, Amount, registration_tax, stamps
from backoffice.housing_figures.figures import Figure, figure


@dataclass(frozen=True)
class RentShare:
    """How much of an income goes for a home. `percent` is rounded to one place."""

    percent: Decimal
    is_within: bool
    """Whether it is at most what the desk advises."""
    most_eur_month: Decimal
    """Rent and expenses that the desk advises at most."""
    figures: tuple[Figure, ...]


def rent_to_income(
    rent_eur_month: int, net_income_eur_month: int, *, expenses_eur_month: int = 0
) -> RentShare:
    """Return which part of the net income rent and expenses take.

    Raises:
        AmountRefused: no rent, or no income to compare it with.
    """
    require_amount("rent_eur_month", rent_eur_month, RENT)
    require_amount("expenses_eur_month", expenses_eur_month, EXPENSES)
    require_amount("net_income_eur_month", net_income_eur_month, INCOME)
    advised = figure("rent_share_percent")
    share = Decimal(rent_eur_month + expenses_eur_month) * 100 / net_income_eur_month
    most = euros(net_income_eur_month * advised.number / 100)
    return RentShare(round(share, 1), rent_eur_month + expenses_eur_month <= most, most, (advised,))


class Advice(StrEnum):
    """What the desk says of a choice."""

    ASK_THE_DESK = "ask_the_desk"
    """Something that it depends on is not known."""
    FREE = "free"
    AGREED = "agreed"


@dataclass(frozen=True)
class AgreedOrFree:
    """Agreed or free rent: how long each binds, and what is not known."""

    advice: Advice
    agreed_years: tuple[int, int]
    free_years: tuple[int, int]
    figures: tuple[Figure, ...]
    unknown: tuple[Figure, ...]


def agreed_or_free(agreed_most_eur_month: int | None, rent_eur_month: int) -> AgreedOrFree:
    """Return what speaks for an agreed or a free rent.

    Args:
        agreed_most_eur_month: the highest rent by the local agreement, where somebody has computed it.
        rent_eur_month: the rent that is spoken of.
    """
    require_amount("rent_eur_month", rent_eur_month, RENT)
    codes = ("agreed_years", "agreed_further_years", "free_years", "free_further_years")
    used = tuple(figure(code) for code in codes)
    first, further, free, free_further = (int(each.number) for each in used)
    advice = Advice.ASK_THE_DESK
    unknown: tuple[Figure, ...] = (figure("agreement_in_crema"), figure("high_need_crema"))
    if agreed_most_eur_month is not None:
        require_amount("agreed_most_eur_month", agreed_most_eur_month, RENT)
        advice = Advice.AGREED if rent_eur_month <= agreed_most_eur_month else Advice.FREE
        unknown = unknown[1:]
    return AgreedOrFree(advice, (first, further), (free, free_further), used, unknown)


@dataclass(frozen=True)
class TaxSide:
    """What a way of taxing costs in the first year: to the owner beyond their income tax, to the tenant."""

    owner: Amount
    tenant: Amount


@dataclass(frozen=True)
class TaxChoice:
    """Flat tax or the ordinary one. Its rate is `background`: check it before anybody counts on it."""

    flat: TaxSide
    ordinary: TaxSide
    unknown: tuple[Figure, ...]


def flat_tax_or_not(
    rent_eur_month: int,
    *,
    contract_type: ContractType = ContractType.FREE,
    agreed_base: bool | None = None,
    pages: int = 4,
    copies: int = 2,
) -> TaxChoice:
    """Return what each way of taxing costs to whom in the first year.

    The ordinary way leaves out the owner's income tax, which depends on all that the owner earns.
    """
    may_be_less = contract_type is ContractType.AGREED
    tax, unknown = registration_tax(rent_eur_month, agreed_base=agreed_base if may_be_less else False)
    papers = stamps(pages=pages, copies=copies)
    share = figure("registration_tax_share_percent")
    half = Amount(
        euros((tax.euros + papers.euros) * share.number / 100), (*tax.figures, *papers.figures, share)
    )
    rate = figure("flat_tax_agreed_percent" if may_be_less and agreed_base else "flat_tax_percent")
    flat = Amount(euros(Decimal(rent_eur_month * YEAR) * rate.number / 100), (rate,))
    nothing = Amount(euros(0), (figure("flat_tax_registration_eur"),))
    return TaxChoice(TaxSide(flat, nothing), TaxSide(half, half), unknown)
