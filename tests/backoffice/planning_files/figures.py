"""A few told figures, small enough to be decided at once, and releases of them."""

from __future__ import annotations

from datetime import UTC, date, datetime

from sqlalchemy.orm import Session

from backoffice.planning.models import PlanningRelease
from backoffice.planning.places import places_of
from backoffice.planning.raw import UNKNOWN, sorted_into_cells
from backoffice.planning.registry import figure_of
from backoffice.planning.release import document_of
from backoffice.planning.told import Told, tell
from tests.backoffice.factories import create_front_door

PLACES = places_of({"Crema": ["Crema", "Izano"]})
OCTOBER = datetime(2026, 10, 1, 1, tzinfo=UTC)

Rows = list[tuple[object, ...]]
NOT_SAID = (UNKNOWN, UNKNOWN, UNKNOWN)
"""Age band, household, permit."""


def asked(body: str, *, today: date = date(2026, 10, 1), year: int = 2026) -> Told:
    """Return cases of summer: many about homes in Crema, three in Izano."""
    rows: Rows = [
        (f"{year}-07", "Crema", "housing/found", "uk", "web", body, *NOT_SAID, 12),
        (f"{year}-07", "Crema", "housing/not_found", "ar", "web", body, *NOT_SAID, 9),
        (f"{year}-08", "Crema", "reception", "uk", "telegram", body, *NOT_SAID, 8),
        (f"{year}-08", "Izano", "reception", "ar", "web", body, *NOT_SAID, 3),
        (f"{year}-08", "Soncino", "reception", "ar", "web", body, *NOT_SAID, 7),
    ]
    figure = figure_of("asked")
    return tell(figure, sorted_into_cells(figure, rows), year=year, places=PLACES, today=today)


def waits() -> Told:
    """Return waits of summer: in Ukrainian somebody came, in Arabic seldom."""
    rows: Rows = [
        ("2026-07", "came", "uk", "web", minutes, count) for minutes, count in ((3, 40), (8, 20), (20, 20))
    ]
    rows += [("2026-07", "did_not_come", "ar", "web", 60, 30), ("2026-07", "came", "ar", "web", 9, 30)]
    figure = figure_of("waits")
    return tell(figure, sorted_into_cells(figure, rows), year=2026, places=PLACES, today=date(2026, 10, 1))


def keep(session: Session, told: Told, *, until: date = date(2026, 10, 1)) -> PlanningRelease:
    """Write a release down, as the backoffice does by itself."""
    release = PlanningRelease(
        figure=told.figure.code,
        year=told.year,
        until=until,
        document=document_of(told),
        cells={"cells": [], "measured": []},
        made_at=OCTOBER,
    )
    session.add(release)
    session.flush()
    return release


def released(session: Session) -> None:
    """Release both figures."""
    keep(session, asked(create_front_door(session).id))
    keep(session, waits())
    session.commit()
