"""What is due for domestic work as JSON, for staff of the care-work desk. Nothing of it is kept."""

from __future__ import annotations

from fastapi import APIRouter, Depends

from backoffice.care_figures.answers import care_notice, care_pay
from backoffice.care_worker.permissions import require_care
from backoffice.client.schemas import CareNotice, CareNoticeRequest, CarePay, CarePayRequest
from backoffice.staff.sign_in import SignedIn


def _of_the_care_desk(staff: SignedIn) -> None:
    require_care(staff)


router = APIRouter(prefix="/api/v1/care-figures", tags=["care"], dependencies=[Depends(_of_the_care_desk)])
"""Asked before what was sent is looked at: who may not ask learns nothing of the form."""


@router.post("/pay")
def read_pay(asked: CarePayRequest) -> CarePay:
    """Return what is due for domestic work on a day: minimum, 13th month, holidays, contributions.

    What stands on a figure that is not found in a source is left out; its code is in `unknown`.
    """
    return care_pay(asked)


@router.post("/notice")
def read_notice(asked: CareNoticeRequest) -> CareNotice:
    """Return how many days of notice there are when the work ends."""
    return care_notice(asked)
