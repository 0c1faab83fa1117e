"""The figures around a contract of rent as JSON, and what is paid at the start."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from pydantic import Field

from backoffice.case.schemas import Document
from backoffice.client.schemas import ContractType
from backoffice.home_owner.permissions import require_housing
from backoffice.housing_figures.costs import CostKind, costs_at_signing, deposit_limit
from backoffice.housing_figures.figures import Figure, Standing, all_figures
from backoffice.staff.sign_in import SignedIn

router = APIRouter(prefix="/api/v1/housing-figures", tags=["housing"])

Euros = Annotated[int, Field(ge=0, le=1_000_000)]
Count = Annotated[int, Field(ge=1, le=100_000)]


class SourceOut(Document):
    """Where a figure was read."""

    title: str
    page: str
    read_on: str


class FigureOut(Document):
    """A figure; `value` is a decimal number as text, or null where nobody has found it: ask the desk."""

    code: str
    value: str | None
    unit: str
    standing: Standing
    law: str | None
    valid_from: date | None
    valid_to: date | None
    sources: list[SourceOut]


class FiguresOut(Document):
    """Every figure."""

    items: list[FigureOut]
    next: str | None = None


class CostsIn(Document):
    """A contract whose costs are asked."""

    rent_eur_month: Euros
    expenses_eur_month: Euros = 0
    deposit_eur: Euros | None = None
    contract_type: ContractType | None = None
    flat_tax: bool | None = None
    pages: Count = 4
    lines: Count | None = None
    copies: Count = 2
    agency_fee_eur: Euros | None = None


class CostOut(Document):
    """One thing to pay, in euros with cents."""

    kind: CostKind
    total_eur: str
    tenant_eur: str


class CostsOut(Document):
    """What is paid at the start, the figures behind it, and those that nobody has found."""

    costs: list[CostOut]
    tenant_eur: str
    deposit_limit_eur: str
    figures: list[FigureOut]
    unknown: list[FigureOut]


def _of_the_housing_desk(staff: SignedIn) -> None:
    require_housing(staff)


OfTheDesk = Depends(_of_the_housing_desk)
"""Asked before what was sent is looked at: who may not ask learns nothing of the form."""


@router.get("", dependencies=[OfTheDesk])
def list_figures() -> FiguresOut:
    """Return every figure with its source."""
    return FiguresOut(items=[_figure(each) for each in all_figures().values()])


@router.get("/costs", dependencies=[OfTheDesk])
def read_costs(asked: Annotated[CostsIn, Query()]) -> CostsOut:
    """Return what is paid when a contract is signed."""
    found = costs_at_signing(**asked.model_dump())
    return CostsOut(
        costs=[
            CostOut(kind=each.kind, total_eur=str(each.total), tenant_eur=str(each.tenant))
            for each in found.costs
        ],
        tenant_eur=str(found.tenant),
        deposit_limit_eur=str(deposit_limit(asked.rent_eur_month).euros),
        figures=[_figure(each) for each in found.figures],
        unknown=[_figure(each) for each in found.unknown],
    )


def _figure(figure: Figure) -> FigureOut:
    return FigureOut(
        code=figure.code,
        value=None if figure.value is None else str(figure.value),
        unit=figure.unit,
        standing=figure.standing,
        law=figure.law,
        valid_from=figure.valid_from,
        valid_to=figure.valid_to,
        sources=[SourceOut(**source.model_dump()) for source in figure.sources],
    )
