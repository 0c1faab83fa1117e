"""The page on which a coordinator sets what each preference counts, with a look at what would change."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import Response
from sqlalchemy.orm import Session

from backoffice.case.permissions import is_own_readable
from backoffice.case.queries import names_of_staff
from backoffice.clock import ClockDep
from backoffice.database import DbSession, ReadSession
from backoffice.home_owner.permissions import require_coordinator
from backoffice.housing_match.forms import WeightsForm
from backoffice.housing_match.match_view import MatchView
from backoffice.housing_match.models import MatchingWeights
from backoffice.housing_match.preferences import DEFAULT_WEIGHTS
from backoffice.housing_match.preview import Previewed, preview
from backoffice.housing_match.weights import set_weights, version_of, weights_of
from backoffice.matching.scores import HEAVIEST
from backoffice.staff.models import Staff
from backoffice.staff.sign_in import SignedIn, SignedInCaseStaff
from backoffice.templating import interface_language, redirect, render

router = APIRouter(prefix="/matching-weights", include_in_schema=False)


@router.get("")
def weights_page(request: Request, session: ReadSession, staff: SignedInCaseStaff) -> Response:
    """Show what each preference counts now."""
    require_coordinator(staff)
    body = staff.organisation_id
    form = WeightsForm(version=version_of(session, body), **weights_of(session, body))
    return _page(request, session, staff, form)


@router.post("/preview")
def submit_preview(
    request: Request,
    form: Annotated[WeightsForm, Form()],
    session: ReadSession,
    staff: SignedIn,
    clock: ClockDep,
) -> Response:
    """Show what other weights would change; nothing is kept."""
    require_coordinator(staff)
    body = staff.organisation_id
    shown = preview(
        session,
        body,
        is_own_readable(staff),
        before=weights_of(session, body),
        after=form.weights,
        now=clock(),
    )
    return _page(request, session, staff, form, shown)


@router.post("")
def submit_weights(
    form: Annotated[WeightsForm, Form()], session: DbSession, staff: SignedIn, clock: ClockDep
) -> Response:
    """Set what each preference counts from now on."""
    require_coordinator(staff)
    set_weights(session, staff.organisation_id, form.weights, seen=form.version, by=staff.id, now=clock())
    return redirect("/matching-weights", notice="weights_set")


def _page(
    request: Request,
    session: Session,
    staff: Staff,
    form: WeightsForm,
    shown: Sequence[Previewed] | None = None,
) -> Response:
    row = session.get(MatchingWeights, staff.organisation_id)
    return render(
        request,
        "housing_match/weights.html",
        staff=staff,
        form=form,
        weights=form.weights,
        defaults=DEFAULT_WEIGHTS,
        heaviest=HEAVIEST,
        row=row,
        names=names_of_staff(session, {row.changed_by}) if row else {},
        shown=shown,
        sees=MatchView(interface_language(request)),
    )
