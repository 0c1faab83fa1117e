"""What the actions ask for: what is due for domestic work, and its notice. Nothing of it is kept."""

from __future__ import annotations

from fastapi import APIRouter

from backoffice.care_figures.answers import care_notice, care_pay
from backoffice.client.schemas import CareNotice, CareNoticeRequest, CarePay, CarePayRequest
from backoffice.service_access import ServiceOnly

router = APIRouter(prefix="/api/v1/service/care-figures", tags=["service"], dependencies=[ServiceOnly])


@router.post("/pay")
def work_out_care_pay(request: CarePayRequest) -> CarePay:
    """Return what is due for domestic work on a day, step by step, from what a source gives."""
    return care_pay(request)


@router.post("/notice")
def work_out_care_notice(request: CareNoticeRequest) -> CareNotice:
    """Return how many days of notice there are, from what a source gives."""
    return care_notice(request)
