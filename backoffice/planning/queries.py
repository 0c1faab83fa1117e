"""Statements about releases."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from backoffice.planning.models import PlanningRelease
from backoffice.planning.release import told_of
from backoffice.planning.told import Told


def newest_release(session: Session, figure_code: str, year: int) -> PlanningRelease | None:
    """Return the newest release of a figure's year; None where nothing was told yet."""
    return session.scalars(
        select(PlanningRelease)
        .where(PlanningRelease.figure == figure_code, PlanningRelease.year == year)
        .order_by(PlanningRelease.until.desc())
        .limit(1)
    ).first()


def newest_told(session: Session, figure_code: str, year: int) -> Told | None:
    """Return what is told of a figure's year: what a page reads. None where nothing was told yet.

    Raises:
        ReleaseUnreadable: an older Sportello wrote it.
        FigureUnknown: there is no such figure.
    """
    release = newest_release(session, figure_code, year)
    return told_of(release.document) if release else None
