"""The coordinator's figures of mediation, a quarter at a time."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from itertools import islice

from fastapi import APIRouter, Request
from fastapi.responses import Response

from backoffice.clock import ClockDep
from backoffice.database import ReadSession
from backoffice.italy import day_in_italy
from backoffice.mediation.figures import Quarter, figures_of, quarter_of
from backoffice.mediation.permissions import require_deciding
from backoffice.mediation.service import hours_words
from backoffice.small_cells import LEAST
from backoffice.staff.sign_in import SignedIn
from backoffice.templating import render

router = APIRouter(prefix="/mediation", include_in_schema=False)

QUARTERS = 8
"""How many can be chosen, the present one first."""


@router.get("/report")
def report_page(
    request: Request, session: ReadSession, staff: SignedIn, clock: ClockDep, quarter: str = ""
) -> Response:
    """Show what became of the requests of a quarter, by language, body, town and setting."""
    require_deciding(staff)
    choices = _choices(clock())
    chosen = next((each for each in choices if str(each) == quarter), choices[0])
    return render(
        request,
        "mediation/report.html",
        staff=staff,
        figures=figures_of(session, staff.organisation_id, chosen),
        choices=choices,
        chosen=chosen,
        least=LEAST,
        hours_words=hours_words,
    )


def _choices(now: datetime) -> list[Quarter]:
    def back() -> Iterator[Quarter]:
        each = quarter_of(day_in_italy(now)).next
        while True:
            each = each.before
            yield each

    return list(islice(back(), QUARTERS))
