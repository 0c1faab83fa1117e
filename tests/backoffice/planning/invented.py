"""Invented figures of a district, told without a single case: for pages, where cases would only be slow."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date
from functools import cache

from sqlalchemy.orm import Session

from backoffice.planning.figure import Figure
from backoffice.planning.models import PlanningRelease
from backoffice.planning.periods import months_of
from backoffice.planning.places import places_of
from backoffice.planning.raw import UNKNOWN, sorted_into_cells
from backoffice.planning.registry import figure_of
from backoffice.planning.release import document_of
from backoffice.planning.told import Told, tell
from tests.backoffice.factories import NOW

TODAY = date(2026, 12, 1)
UNITS = {"Crema": ["Crema", "Offanengo", "Izano"], "Soncino": ["Soncino", "Romanengo"]}
"""Two sub-districts; all other towns have none."""
TOWNS = {"Crema": 40, "Offanengo": 14, "Castelleone": 9, "Soncino": 8, "Pandino": 7, "Izano": 1}
LANGUAGES = {"ar": 4, "pa": 3, "uk": 3}

BODY = "00000000-0000-7000-8000-0000000000b0"
"""The id of the organisation that all invented cases are of."""

Row = tuple[object, ...]
NOT_SAID = (UNKNOWN, UNKNOWN, UNKNOWN)
"""Age band, household, permit of who asked."""


def asked_rows(year: int, body: str) -> Iterator[Row]:
    """Yield cases, all of one body, most in Crema; a month has one in Izano."""
    for month, chance in _months(year):
        for town in ("Crema", "Offanengo"):
            for what in ("housing/found", "housing/not_found", "reception"):
                for language, part in LANGUAGES.items():
                    number = TOWNS[town] * part // 4 + chance.randrange(2)
                    yield month, town, what, language, "web", body, *NOT_SAID, number
        yield month, "Izano", "reception", "ar", "web", body, *NOT_SAID, 1


def needs_rows(year: int) -> Iterator[Row]:
    """Yield needs; those of rent in Crema rise in November 2026."""
    for month, _ in _months(year):
        for town, weight in TOWNS.items():
            for need in ("rent", "school", "documents"):
                rise = 3 if (month, town, need) == ("2026-11", "Crema", "rent") else 1
                yield month, town, need, "ar", "web", weight * rise


def understanding_rows(year: int) -> Iterator[Row]:
    """Yield messages; in Punjabi two of five are not understood, and one was ever written in Chinese."""
    for month, _ in _months(year):
        for channel in ("web", "telegram"):
            for language, wrong in (("ar", 4), ("uk", 3), ("pa", 40)):
                yield month, "no", language, channel, wrong
                yield month, "yes", language, channel, 100 - wrong
        if month.endswith("-01"):
            yield month, "yes", "zh", "web", 1


def waits_rows(year: int) -> Iterator[Row]:
    """Yield waits with their minutes."""
    for month, chance in _months(year):
        for language in ("ar", "uk"):
            for minutes in range(12):
                yield month, "came", language, "web", minutes * 3, 1 + chance.randrange(2)
            yield month, "did_not_come", language, "web", 45, 5


def told_of_rows(figure: Figure, year: int, rows: Iterator[Row], *, today: date = TODAY) -> Told:
    """Tell what some rows of a figure's statement say."""
    raw = sorted_into_cells(figure, rows)
    return tell(figure, raw, year=year, places=places_of(UNITS), today=today)


def create_release(session: Session, told: Told, *, until: date = TODAY) -> PlanningRelease:
    """Write a release down as the job does."""
    release = PlanningRelease(
        figure=told.figure.code,
        year=told.year,
        until=until,
        document=document_of(told),
        cells={},
        made_at=NOW,
    )
    session.add(release)
    session.flush()
    return release


def create_releases(session: Session) -> None:
    """Write four figures of 2025 and 2026 down, until November. The cases are all of the body `BODY`."""
    for code in ("asked", "needs", "understanding", "waits"):
        for year in (2025, 2026):
            create_release(session, told_in(code, year))


@cache
def told_in(code: str, year: int) -> Told:
    """Return an invented figure of a year; each is told once."""
    rows = {
        "asked": asked_rows(year, BODY),
        "needs": needs_rows(year),
        "understanding": understanding_rows(year),
        "waits": waits_rows(year),
    }
    return told_of_rows(figure_of(code), year, rows[code])


def _months(year: int) -> Iterator[tuple[str, random.Random]]:
    """Yield the months that are over on `TODAY`, each with dice of its own."""
    for month in months_of(year):
        if month < "2026-12":
            yield month, random.Random(month)
