"""What the actions ask for: what a contract of rent costs at the start. Nothing of it is kept."""

from __future__ import annotations

from fastapi import APIRouter

from backoffice.client.schemas import FigureSource, HousingFigures, HousingFiguresRequest, SigningCost
from backoffice.housing_figures.costs import costs_at_signing, deposit_limit
from backoffice.housing_figures.figures import Figure, figure
from backoffice.service_access import ServiceOnly

router = APIRouter(prefix="/api/v1/service", tags=["service"], dependencies=[ServiceOnly])


@router.post("/housing-figures")
def work_out_rent(request: HousingFiguresRequest) -> HousingFigures:
    """Return what is paid when a contract is signed, the tenant's part, and where each rule was read.

    The owner's choice of tax is not known: the dearer case is counted.
    """
    limit = deposit_limit(request.rent_eur_month)
    signing = costs_at_signing(
        request.rent_eur_month,
        expenses_eur_month=request.expenses_eur_month,
        deposit_eur=request.deposit_eur,
        agency_fee_eur=request.agency_fee_eur,
    )
    days = figure("registration_days")
    return HousingFigures(
        deposit_limit_eur=limit.euros,
        costs=[
            SigningCost(kind=cost.kind, total_eur=cost.total, tenant_eur=cost.tenant)
            for cost in signing.costs
        ],
        tenant_eur=signing.tenant,
        registration_days=int(days.number),
        sources=_sources((*limit.figures, *signing.figures, days)),
        unknown=[each.code for each in signing.unknown],
    )


def _sources(figures: tuple[Figure, ...]) -> list[FigureSource]:
    read = {source.page: source for each in figures for source in each.sources}
    return [FigureSource(page=source.page, read_on=source.read_on) for source in read.values()]
