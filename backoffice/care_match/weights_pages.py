"""The page on which a coordinator sets what each preference of the care-work desk counts."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import Response

from backoffice.care_match.forms import WeightsForm
from backoffice.care_match.models import CareWeights
from backoffice.care_match.preferences import DEFAULT_WEIGHTS
from backoffice.care_match.weights import set_weights, version_of, weights_of
from backoffice.care_worker.permissions import require_coordinator
from backoffice.case.queries import names_of_staff
from backoffice.clock import ClockDep
from backoffice.database import DbSession, ReadSession
from backoffice.matching.scores import HEAVIEST
from backoffice.staff.sign_in import SignedIn, SignedInCaseStaff
from backoffice.templating import redirect, render

router = APIRouter(prefix="/care/weights", include_in_schema=False)


@router.get("")
def weights_page(request: Request, session: ReadSession, staff: SignedInCaseStaff) -> Response:
    """Show what each preference counts now."""
    require_coordinator(staff)
    body = staff.organisation_id
    row = session.get(CareWeights, body)
    return render(
        request,
        "care_match/weights.html",
        staff=staff,
        weights=weights_of(session, body),
        version=version_of(session, body),
        defaults=DEFAULT_WEIGHTS,
        heaviest=HEAVIEST,
        row=row,
        names=names_of_staff(session, {row.changed_by}) if row else {},
    )


@router.post("")
def submit_weights(
    form: Annotated[WeightsForm, Form()], session: DbSession, staff: SignedIn, clock: ClockDep
) -> Response:
    """Set what each preference counts from now on."""
    require_coordinator(staff)
    set_weights(session, staff.organisation_id, form.weights, seen=form.version, by=staff.id, now=clock())
    return redirect("/care/weights", notice="care_weights_set")
