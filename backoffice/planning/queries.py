"""Statements about releases."""

from __future__ import annotations

from datetime import date
from functools import partial

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backoffice.planning.models import PlanningRelease
from backoffice.planning.release import told_of
from backoffice.planning.shelf import SHELF
from backoffice.planning.told import Told
from backoffice.planning.wording import Body
from backoffice.staff.models import Organisation


def newest_release(session: Session, figure_code: str, year: int) -> PlanningRelease | None:
    """Return the newest release of a figure's year; None where nothing was told yet."""
    release_id = _newest_id(session, figure_code, year)
    return session.get_one(PlanningRelease, release_id) if release_id else None


def told_until(session: Session) -> dict[tuple[str, int], date]:
    """Return by figure and year the day of the newest release, and nothing of what it tells."""
    rows = session.execute(
        select(PlanningRelease.figure, PlanningRelease.year, func.max(PlanningRelease.until)).group_by(
            PlanningRelease.figure, PlanningRelease.year
        )
    )
    return {(code, year): until for code, year, until in rows}


def newest_told(session: Session, figure_code: str, year: int) -> Told | None:
    """Return what is told of a figure's year: what a page reads. None where nothing was told yet.

    Raises:
        ReleaseUnreadable: an older Sportello wrote it.
        FigureUnknown: there is no such figure.
    """
    release_id = _newest_id(session, figure_code, year)
    return told_in(session, release_id) if release_id else None


def told_in(session: Session, release_id: str) -> Told:
    """Return what a release tells; it is read once in a process.

    Raises:
        ReleaseUnreadable: an older Sportello wrote it.
    """
    return SHELF.find(release_id, partial(_read, session, release_id))


def told_years(session: Session, figure_code: str | None = None) -> list[int]:
    """Return the years of which anything is told, of one figure or of all, the newest first."""
    statement = select(PlanningRelease.year).distinct().order_by(PlanningRelease.year.desc())
    if figure_code is not None:
        statement = statement.where(PlanningRelease.figure == figure_code)
    return list(session.scalars(statement))


def public_bodies(session: Session) -> dict[str, Body]:
    """Return what bodies are called, by the ids that releases name them by."""
    rows = session.execute(select(Organisation.id, Organisation.slug, Organisation.name))
    return {row.id: Body(row.slug, row.name) for row in rows}


def _newest_id(session: Session, figure_code: str, year: int) -> str | None:
    return session.scalar(
        select(PlanningRelease.id)
        .where(PlanningRelease.figure == figure_code, PlanningRelease.year == year)
        .order_by(PlanningRelease.until.desc())
        .limit(1)
    )


def _read(session: Session, release_id: str) -> Told:
    """Read a release, and not the raw counts beside it."""
    document = session.scalars(select(PlanningRelease.document).where(PlanningRelease.id == release_id)).one()
    return told_of(document)
