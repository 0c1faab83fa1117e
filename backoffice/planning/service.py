"""Making releases: when a month is over, its numbers are decided once and for all. Functions flush only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from backoffice.disclosure.axes import Axis
from backoffice.disclosure.tables import Node
from backoffice.italy import day_in_italy
from backoffice.planning.figure import Figure
from backoffice.planning.models import PlanningRelease
from backoffice.planning.periods import months_of, not_over
from backoffice.planning.places import read_places
from backoffice.planning.queries import newest_release, told_until
from backoffice.planning.raw import Raw, cells_document, raw_of, read_raw, with_months_of
from backoffice.planning.registry import FIGURES
from backoffice.planning.release import document_of, told_of
from backoffice.planning.told import Told, tell


@dataclass(frozen=True)
class Prepared:
    """All that a release is decided from: read in a moment, so that nothing is locked while it is decided."""

    figure: Figure
    year: int
    raw: Raw
    places: Axis
    today: date
    shown_before: frozenset[Node]

    def decide(self) -> Told:
        """Decide what may be told, which takes seconds.

        Raises:
            NothingLeftToHide: the release before was not made here.
        """
        return tell(
            self.figure,
            self.raw,
            year=self.year,
            places=self.places,
            today=self.today,
            shown_before=self.shown_before,
        )


def prepare_release(session: Session, figure: Figure, year: int, *, now: datetime) -> Prepared | None:
    """Read what a release is decided from; None where no more of the year is over than was told before.

    Months that were told before keep the cells that they had then, and the district its sub-districts: the
    difference of two releases tells nothing.
    """
    today = day_in_italy(now)
    before = newest_release(session, figure.code, year)
    told_months = _told_months(year, before.until if before else None)
    if len(_over(year, today)) <= len(told_months):
        return None
    raw, places = read_raw(session, figure, year, but_for=told_months), read_places(session)
    if before is None:
        return Prepared(figure, year, raw, places, today, frozenset())
    told = told_of(before.document)
    return Prepared(
        figure,
        year,
        raw=with_months_of(raw, raw_of(before.cells), told_months),
        places=told.tables.base[1] if figure.has_place else places,
        today=today,
        shown_before=told.shown,
    )


def keep_release(session: Session, prepared: Prepared, told: Told, *, now: datetime) -> PlanningRelease:
    """Write a release down.

    Raises:
        IntegrityError: another process was first.
    """
    release = PlanningRelease(
        figure=prepared.figure.code,
        year=prepared.year,
        until=prepared.today,
        document=document_of(told),
        cells=cells_document(prepared.raw),
        made_at=now,
    )
    session.add(release)
    session.flush()
    return release


def due_releases(session: Session, *, now: datetime) -> list[tuple[Figure, int]]:
    """Return the figures and years of which more is over than was told: of this year and the one before."""
    today, until = day_in_italy(now), told_until(session)
    return [
        (figure, year)
        for figure in FIGURES
        for year in (today.year - 1, today.year)
        if len(_over(year, today)) > len(_told_months(year, until.get((figure.code, year))))
    ]


def _told_months(year: int, until: date | None) -> list[str]:
    return [] if until is None else _over(year, until)


def _over(year: int, today: date) -> list[str]:
    """Return the months of a year that are over on a day."""
    late = not_over(year, today)
    return [month for month in months_of(year) if month not in late]
