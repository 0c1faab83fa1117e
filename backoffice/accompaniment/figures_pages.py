"""The page of figures: a small calculator for the desk, and every figure with its source."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response
from pydantic import BaseModel, Field

from backoffice.accompaniment.forms import whole
from backoffice.client.schemas import ContractType
from backoffice.errors import BackofficeError
from backoffice.home_owner.permissions import require_housing
from backoffice.housing_figures.amounts import COPIES, DEPOSIT, EXPENSES, FEE, INCOME, PAGES, RENT
from backoffice.housing_figures.choices import (
    AgreedOrFree,
    RentShare,
    TaxChoice,
    agreed_or_free,
    flat_tax_or_not,
    rent_to_income,
)
from backoffice.housing_figures.costs import Amount, SigningCosts, costs_at_signing, deposit_limit
from backoffice.housing_figures.figures import all_figures
from backoffice.staff.sign_in import SignedIn
from backoffice.templating import render

router = APIRouter(include_in_schema=False)

Typed = Annotated[str, Field(max_length=20)]


class Calculation(BaseModel):
    """What was typed into the calculator, as it was typed."""

    rent: Typed = ""
    expenses: Typed = ""
    deposit: Typed = ""
    income: Typed = ""
    contract_type: Typed = ""
    flat_tax: Typed = ""
    pages: Typed = ""
    copies: Typed = ""
    agency_fee: Typed = ""
    agreed_most: Typed = ""


@dataclass(frozen=True)
class Results:
    """What was computed."""

    limit: Amount
    costs: SigningCosts
    taxes: TaxChoice
    contract: AgreedOrFree
    share: RentShare | None


@router.get("/housing-figures")
def figures_page(request: Request, staff: SignedIn, typed: Annotated[Calculation, Query()]) -> Response:
    """Show the calculator with what it computes, and the figures."""
    require_housing(staff)
    results = refused = None
    if typed.rent.strip():
        try:
            results = _compute(typed)
        except BackofficeError as error:
            refused = error
    return render(
        request,
        "accompaniment/figures.html",
        staff=staff,
        status=refused.status if refused else 200,
        typed=typed,
        results=results,
        refused=refused,
        contract_types=list(ContractType),
        figures=list(all_figures().values()),
    )


def _compute(typed: Calculation) -> Results:
    rent = whole(typed.rent.strip(), "rent_eur_month", RENT) or 0
    expenses = whole(typed.expenses.strip(), "expenses_eur_month", EXPENSES) or 0
    income = whole(typed.income.strip(), "net_income_eur_month", INCOME)
    kind = ContractType(typed.contract_type) if typed.contract_type in set(ContractType) else None
    pages = whole(typed.pages.strip(), "pages", PAGES) or 4
    copies = whole(typed.copies.strip(), "copies", COPIES) or 2
    costs = costs_at_signing(
        rent,
        expenses_eur_month=expenses,
        deposit_eur=whole(typed.deposit.strip(), "deposit_eur", DEPOSIT),
        contract_type=kind,
        flat_tax={"yes": True, "no": False}.get(typed.flat_tax),
        pages=pages,
        copies=copies,
        agency_fee_eur=whole(typed.agency_fee.strip(), "agency_fee_eur", FEE),
    )
    return Results(
        limit=deposit_limit(rent),
        costs=costs,
        taxes=flat_tax_or_not(rent, contract_type=kind or ContractType.FREE, pages=pages, copies=copies),
        contract=agreed_or_free(whole(typed.agreed_most.strip(), "rent_eur_month", RENT), rent),
        share=rent_to_income(rent, income, expenses_eur_month=expenses) if income else None,
    )
