"""Statements about what is told in files."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backoffice.planning.models import PlanningRelease
from backoffice.planning.registry import FIGURES


@dataclass(frozen=True)
class Edition:
    """The newest release of a figure's year, without its numbers.

    Attributes:
        release_id: changes with each release.
        figure: its code.
        year: of Italy's calendar.
        until: the day, in Italy, on which it was made.
        made_at: the moment.
        first_on: the day of the year's first release.
    """

    release_id: str
    figure: str
    year: int
    until: date
    made_at: datetime
    first_on: date


def editions(session: Session, figure_code: str | None = None) -> list[Edition]:
    """Return the newest release of each figure and year, newest years first, figures in their order."""
    newest = (
        select(
            PlanningRelease.figure,
            PlanningRelease.year,
            func.max(PlanningRelease.until).label("until"),
            func.min(PlanningRelease.until).label("first"),
        )
        .group_by(PlanningRelease.figure, PlanningRelease.year)
        .subquery()
    )
    statement = select(
        PlanningRelease.id,
        PlanningRelease.figure,
        PlanningRelease.year,
        PlanningRelease.until,
        PlanningRelease.made_at,
        newest.c.first,
    ).join(
        newest,
        (newest.c.figure == PlanningRelease.figure)
        & (newest.c.year == PlanningRelease.year)
        & (newest.c.until == PlanningRelease.until),
    )
    if figure_code is not None:
        statement = statement.where(PlanningRelease.figure == figure_code)
    order = [figure.code for figure in FIGURES]
    found = [Edition(*row) for row in session.execute(statement)]
    known = [edition for edition in found if edition.figure in order]
    return sorted(known, key=lambda each: (-each.year, order.index(each.figure)))
