"""The pages of planning: what is asked and where, month by month, and whether people are served alike.

They read what was told (`Told`) and nothing else: no page counts anything.
"""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from sqlalchemy.orm import Session

from backoffice.database import ReadSession
from backoffice.disclosure.axes import ALL
from backoffice.disclosure.protect import LEAST
from backoffice.errors import NotFound
from backoffice.planning.alarms import RISING, WATCHES
from backoffice.planning.choice import Asked, choose, year_asked
from backoffice.planning.equal_service import CONFIDENCE, MARGIN
from backoffice.planning.equal_service import FEWEST as FEWEST_COMPARED
from backoffice.planning.figure import Dimension
from backoffice.planning.figure_panels import dimension_panels, months_panel
from backoffice.planning.overview import cards, rise_lines
from backoffice.planning.panel import Chosen, spread_words
from backoffice.planning.permissions import may_read_figures
from backoffice.planning.place_panel import place_panel
from backoffice.planning.places import ELSEWHERE, NOWHERE
from backoffice.planning.queries import newest_told, public_bodies, told_years
from backoffice.planning.registry import FIGURES, NOT_RECORDED, FigureUnknown, figure_of
from backoffice.planning.rises import FEWEST, MONTHS_BEFORE
from backoffice.planning.service_panels import alarms, watched
from backoffice.planning.told import Told
from backoffice.planning.wording import Wording
from backoffice.staff.models import Staff
from backoffice.staff.sign_in import SignedIn
from backoffice.templating import interface_language, render

router = APIRouter(prefix="/planning", include_in_schema=False)


def _reader(staff: SignedIn) -> Staff:
    """Let through who reads figures; to all others there is no such page."""
    if not may_read_figures(staff):
        raise NotFound
    return staff


Reader = Annotated[Staff, Depends(_reader)]
AskedFor = Annotated[Asked, Depends()]


@router.get("")
def overview_page(request: Request, session: ReadSession, staff: Reader, asked: AskedFor) -> Response:
    """Show every figure at a glance, sudden rises, who is served worse, and what is not recorded."""
    wording = Wording(interface_language(request), public_bodies(session))
    years = told_years(session, "asked")
    if not years:
        return render(request, "planning/overview.html", staff=staff, choice=None, not_recorded=NOT_RECORDED)
    year = year_asked(asked, years)
    found = {
        figure.code: _years(session, figure.code, year, before=figure.code in _RISING) for figure in FIGURES
    }
    told = found["asked"][0]
    choice = choose(asked, told, {})
    return render(
        request,
        "planning/overview.html",
        staff=staff,
        wording=wording,
        choice=choice,
        years=years,
        periods=told.periods,
        places=_places(told),
        cards=cards(found, choice, wording),
        rises=rise_lines(found, choice, wording),
        rise_hint={"fewest": FEWEST, "months": MONTHS_BEFORE},
        alarms=alarms({code: tolds[0] for code, tolds in found.items() if tolds}, choice.period, wording),
        service_hint=_SERVICE_HINT,
        not_recorded=NOT_RECORDED,
        most=LEAST - 1,
    )


@router.get("/equal-service")
def equal_service_page(request: Request, session: ReadSession, staff: Reader, asked: AskedFor) -> Response:
    """Show for whom something goes wrong more often, by language and by channel, and how sure that is."""
    wording = Wording(interface_language(request), public_bodies(session))
    years = told_years(session, WATCHES[0].figure)
    if not years:
        return render(request, "planning/equal_service.html", staff=staff, choice=None)
    year = year_asked(asked, years)
    tolds = {watch.figure: told for watch in WATCHES if (told := newest_told(session, watch.figure, year))}
    told = tolds[WATCHES[0].figure]
    choice = choose(asked, told, {})
    return render(
        request,
        "planning/equal_service.html",
        staff=staff,
        wording=wording,
        choice=choice,
        years=years,
        periods=told.periods,
        questions=watched(tolds, choice.period, wording),
        service_hint=_SERVICE_HINT,
        most=LEAST - 1,
    )


@router.get("/figures/{code}")
def figure_page(
    request: Request, session: ReadSession, staff: Reader, code: str, asked: AskedFor
) -> Response:
    """Show one figure: its months, by what it is split, and where.

    Raises:
        NotFound: there is no such figure.
    """
    try:
        figure = figure_of(code)
    except FigureUnknown as error:
        raise NotFound from error
    bodies = public_bodies(session)
    wording = Wording(interface_language(request), bodies)
    years = told_years(session, code)
    if not years:
        return render(
            request, "planning/figure.html", staff=staff, wording=wording, figure=figure, choice=None
        )
    tolds = _years(session, code, year_asked(asked, years))
    told, before = tolds[0], tolds[1] if len(tolds) > 1 else None
    choice = choose(asked, told, bodies)
    chosen = Chosen(told, choice, wording)
    count = chosen.count()
    return render(
        request,
        "planning/figure.html",
        staff=staff,
        wording=wording,
        figure=figure,
        choice=choice,
        years=years,
        periods=told.periods,
        places=_places(told) if figure.has_place else [],
        bodies=_bodies(told, wording),
        count=count,
        spread=spread_words(chosen.spread(), told, wording) if figure.measure and count != 0 else "",
        months=months_panel(chosen, before),
        dimensions=dimension_panels(chosen) if count != 0 else [],
        places_panel=place_panel(chosen),
        most=LEAST - 1,
    )


def _years(session: Session, code: str, year: int, *, before: bool = True) -> list[Told]:
    """Return a figure's year and, where it is wanted, the one before, as far as they are told."""
    years = (year, year - 1) if before else (year,)
    found = [newest_told(session, code, each) for each in years]
    return [] if found[0] is None else [told for told in found if told is not None]


def _places(told: Told) -> list[str]:
    """Return the places to choose from: the district, sub-districts, towns, and what is no place of it."""
    codes = [code for code in told.places.chains if code not in (ALL, NOWHERE, ELSEWHERE)]
    return [
        ALL,
        *sorted(codes, key=lambda code: (code not in told.places.children, code)),
        NOWHERE,
        ELSEWHERE,
    ]


def _bodies(told: Told, wording: Wording) -> list[tuple[str, str]]:
    """Return the bodies to choose from, as code and name; none where the figure does not know them."""
    if told.figure.view_of(Dimension.BODY) is None:
        return []
    known = (wording.bodies.get(number) for number in told.codes_of(Dimension.BODY))
    return sorted(((body.code, body.name) for body in known if body), key=lambda each: each[1])


_RISING = frozenset(code for code, _ in RISING)
_SERVICE_HINT = {
    "margin": round(MARGIN * 100),
    "confidence": round(CONFIDENCE * 100),
    "fewest": FEWEST_COMPARED,
}
