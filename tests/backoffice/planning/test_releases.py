"""Releases: made when a month is over, and never told otherwise afterwards."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backoffice.case.models import Case
from backoffice.client.schemas import CaseType
from backoffice.database import Database
from backoffice.planning.figure import Dimension, Figure
from backoffice.planning.jobs import tell_what_is_over
from backoffice.planning.models import PlanningRelease
from backoffice.planning.queries import newest_told
from backoffice.planning.registry import FIGURES, figure_of
from backoffice.planning.service import due_releases, keep_release, prepare_release
from tests.backoffice.case.cases import create_case
from tests.backoffice.databases import FrozenClock

MAY = datetime(2026, 5, 20, 10, tzinfo=UTC)
JUNE = datetime(2026, 6, 20, 10, tzinfo=UTC)
FIRST_OF_JUNE = datetime(2026, 5, 31, 22, 5, tzinfo=UTC)
FIRST_OF_JULY = datetime(2026, 7, 1, 8, tzinfo=UTC)
ASKED = figure_of("asked")


def make_release(session: Session, figure: Figure, year: int, *, now: datetime) -> bool:
    prepared = prepare_release(session, figure, year, now=now)
    if prepared is not None:
        keep_release(session, prepared, prepared.decide(), now=now)
    return prepared is not None


def create_cases(session: Session, number: int, *, now: datetime, town: str = "Crema") -> list[Case]:
    return [create_case(session, type=CaseType.RECEPTION, municipality=town, now=now) for _ in range(number)]


def test_a_month_is_told_once_it_is_over_and_once_only(session: Session) -> None:
    create_cases(session, 7, now=MAY)
    assert make_release(session, ASKED, 2026, now=FIRST_OF_JUNE)
    told = newest_told(session, "asked", 2026)
    assert told is not None
    assert told.count(period="2026-05", place="Crema") == 7
    assert [part.code for part in told.by_period()][-1] == "2026-05"
    assert not make_release(session, ASKED, 2026, now=FIRST_OF_JUNE)
    assert session.scalar(select(func.count()).select_from(PlanningRelease)) == 1


def test_what_was_told_stays_as_it_was_though_cases_are_corrected(session: Session) -> None:
    cases = create_cases(session, 7, now=MAY)
    make_release(session, ASKED, 2026, now=FIRST_OF_JUNE)
    cases[0].municipality, cases[1].language = "Izano", "ar"
    create_cases(session, 6, now=JUNE)
    create_cases(session, 5, now=MAY)  # brought in late
    make_release(session, ASKED, 2026, now=FIRST_OF_JULY)
    told = newest_told(session, "asked", 2026)
    assert told is not None
    assert [told.count(period=f"2026-0{month}", place="Crema") for month in (5, 6)] == [7, 6]
    assert told.count(period="2026-q2", place="Crema") == 13
    assert told.count({Dimension.LANGUAGE: "uk"}, period="2026-05") == 7


async def test_every_figure_is_told_when_a_month_is_over_by_itself(
    session: Session, database: Database, clock: FrozenClock
) -> None:
    create_cases(session, 9, now=MAY)
    session.commit()
    clock.moment = FIRST_OF_JULY
    assert due_releases(session, now=clock()) == [
        (figure, year) for figure in FIGURES for year in (2025, 2026)
    ]
    session.rollback()
    assert await tell_what_is_over(database, clock) == 2 * len(FIGURES)
    assert await tell_what_is_over(database, clock) == 0
    clock.moment = datetime(2026, 7, 31, 22, 5, tzinfo=UTC)
    assert due_releases(session, now=clock()) == [(figure, 2026) for figure in FIGURES]
    told = newest_told(session, "asked", 2026)
    assert told is not None
    assert told.count(period="2026-q2") == 9
