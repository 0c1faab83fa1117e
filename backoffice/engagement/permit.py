"""Whether a worker's permit to stay allows the work on the day of its start."""

from __future__ import annotations

from datetime import date

from sqlalchemy.orm import Session

from backoffice.care_worker.models import CareWorker
from backoffice.case.models import Case
from backoffice.client.schemas import PermitState
from backoffice.engagement.errors import PermitForbids

EXPIRED, NO_WORK, UNKNOWN = "expired", "no_work", "unknown"


def permit_problem(session: Session, worker: Case, on: date) -> str | None:
    """Return why a permit may not allow the work; None: it does, or none is needed.

    A permit that is being renewed still allows work with its receipt: somebody looks at the receipt.
    """
    intake = worker.intake
    permit = intake.get("permit")
    if intake.get("eu_citizen") is True or permit == PermitState.NOT_NEEDED:
        return None
    if intake.get("permit_allows_work") == "no" or permit == PermitState.NONE:
        return NO_WORK
    entry = session.get(CareWorker, worker.id)
    ends_on = entry.permit_expires_on if entry else None
    if ends_on is not None and ends_on < on and permit != PermitState.BEING_RENEWED:
        return EXPIRED
    is_known = intake.get("permit_allows_work") == "yes" and (
        ends_on is not None or permit == PermitState.LONG_TERM
    )
    return None if is_known else UNKNOWN


def require_permit(session: Session, worker: Case, on: date) -> None:
    """Refuse a start on which a permit is known not to allow the work.

    Raises:
        PermitForbids: it allows no work, or has expired by then.
    """
    problem = permit_problem(session, worker, on)
    if problem in (EXPIRED, NO_WORK):
        raise PermitForbids(problem)
