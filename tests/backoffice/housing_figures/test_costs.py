from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from backoffice.client.schemas import ContractType
from backoffice.housing_figures.amounts import AmountRefused
from backoffice.housing_figures.choices import Advice, agreed_or_free, flat_tax_or_not, rent_to_income
from backoffice.housing_figures.costs import (
    CostKind,
    costs_at_signing,
    deposit_limit,
    registration_tax,
    stamps,
)
from backoffice.housing_figures.figures import Standing

RENTS = some.integers(1, 20_000)
CONTRACTS = some.sampled_from([None, *ContractType])


def test_a_family_s_first_payment_worked_out_by_hand() -> None:
    found = costs_at_signing(550, expenses_eur_month=60, deposit_eur=1100, flat_tax=False, agency_fee_eur=671)
    paid = {each.kind: each.tenant for each in found.costs}
    assert paid == {
        CostKind.FIRST_MONTH: 610,
        CostKind.DEPOSIT: 1100,
        CostKind.REGISTRATION_TAX: 66,  # 2 % of 6,600 is 132; half
        CostKind.STAMPS: 16,  # one of 16 for each of two copies; half
        CostKind.AGENCY_FEE: 671,
    }
    assert found.tenant == Decimal(2463)


def test_with_the_flat_tax_there_is_neither_tax_nor_stamp() -> None:
    found = costs_at_signing(550, deposit_eur=0, flat_tax=True)
    assert found.tenant == 550
    assert found.unknown == ()


def test_an_agreed_rent_counts_for_less_only_where_the_town_is_known_to_be_one_of_need() -> None:
    lower, _ = registration_tax(550, agreed_base=True)
    whole, unknown = registration_tax(550)
    assert (lower.euros, whole.euros) == (Decimal("92.40"), Decimal("132.00"))
    assert "high_need_crema" in {each.code for each in unknown}
    free = costs_at_signing(550, contract_type=ContractType.FREE, agreed_base=True)
    assert next(each.total for each in free.costs if each.kind is CostKind.REGISTRATION_TAX) == 132


@pytest.mark.parametrize(
    ("pages", "lines", "copies", "euros"),
    [(4, None, 2, 32), (5, None, 2, 64), (4, 101, 1, 32), (4, 100, 1, 16), (9, 100, 3, 144)],
)
def test_stamps_are_counted_by_pages_or_lines_whichever_is_more(
    pages: int, lines: int | None, copies: int, euros: int
) -> None:
    assert stamps(pages=pages, lines=lines, copies=copies).euros == euros


@given(RENTS, some.integers(0, 5000), CONTRACTS, some.sampled_from([None, True, False]))
def test_what_the_tenant_pays_is_the_sum_of_parts_that_are_never_more_than_the_whole(
    rent: int, expenses: int, kind: ContractType | None, flat_tax: bool | None
) -> None:
    found = costs_at_signing(rent, expenses_eur_month=expenses, contract_type=kind, flat_tax=flat_tax)
    assert all(0 <= each.tenant <= each.total for each in found.costs)
    assert found.tenant == sum(each.tenant for each in found.costs)
    assert all(each.standing is Standing.FOUND for each in found.figures)


@given(RENTS, RENTS)
def test_a_dearer_home_never_costs_less(one: int, other: int) -> None:
    cheap, dear = sorted((one, other))
    assert costs_at_signing(cheap).tenant <= costs_at_signing(dear).tenant
    assert deposit_limit(cheap).euros <= deposit_limit(dear).euros == 3 * dear


@given(RENTS, some.integers(1, 50_000))
def test_the_share_of_an_income_is_within_exactly_up_to_what_is_advised(rent: int, income: int) -> None:
    found = rent_to_income(rent, income)
    assert found.is_within == (rent <= found.most_eur_month)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"rent_eur_month": 0}, "rent_eur_month"),
        ({"rent_eur_month": -550}, "rent_eur_month"),
        ({"rent_eur_month": 10**30}, "rent_eur_month"),
        ({"rent_eur_month": 550, "expenses_eur_month": -1}, "expenses_eur_month"),
        ({"rent_eur_month": 550, "deposit_eur": -1}, "deposit_eur"),
        ({"rent_eur_month": 550, "pages": 0}, "pages"),
        ({"rent_eur_month": 550, "copies": 11}, "copies"),
        ({"rent_eur_month": 550, "lines": 0}, "lines"),
        ({"rent_eur_month": 550, "agency_fee_eur": -1}, "agency_fee_eur"),
    ],
)
def test_a_sum_that_no_contract_has_is_refused_with_its_field_and_bounds(
    wrong: dict[str, Any], field: str
) -> None:
    with pytest.raises(AmountRefused) as refused:
        costs_at_signing(**wrong)
    assert refused.value.field == field
    assert refused.value.values["most"] == str(refused.value.most)


def test_an_income_of_nothing_is_compared_with_no_rent() -> None:
    with pytest.raises(AmountRefused):
        rent_to_income(550, 0)


def test_the_flat_tax_frees_the_tenant_and_its_rate_is_marked_as_not_checked() -> None:
    found = flat_tax_or_not(550)
    assert [found.flat.tenant.euros, found.ordinary.tenant.euros] == [Decimal(0), Decimal(82)]
    assert found.flat.owner.figures[0].standing is Standing.BACKGROUND


def test_without_the_local_agreement_nothing_is_advised() -> None:
    assert agreed_or_free(None, 550).advice is Advice.ASK_THE_DESK
    assert agreed_or_free(600, 550).advice is Advice.AGREED
    assert agreed_or_free(500, 550).advice is Advice.FREE
