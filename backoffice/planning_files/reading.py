"""What somebody asks for in an address -> what is told of it. What is not told does not exist."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from backoffice.disclosure.axes import ALL
from backoffice.errors import NotFound
from backoffice.planning.figure import Dimension
from backoffice.planning.queries import public_bodies, told_in
from backoffice.planning.told import NotTold, Told
from backoffice.planning_files.alarm_words import behind_section, rises_section
from backoffice.planning_files.document import document_of
from backoffice.planning_files.numbers import Choice
from backoffice.planning_files.queries import Edition, editions
from backoffice.planning_files.schemas import FigureDocument
from backoffice.planning_files.sections import (
    At,
    Paper,
    Section,
    default_period,
    short_section,
    whole_section,
)
from backoffice.planning_files.wording import Wording


@dataclass(frozen=True)
class Asked:
    """What an address says; what is empty is not said."""

    year: int | None = None
    period: str = ""
    place: str = ""
    body: str = ""


def read_document(session: Session, code: str, asked: Asked, language: str) -> FigureDocument:
    """Return a figure's document, of what was asked for.

    Raises:
        NotFound: there is no such figure, or nothing is told of it.
    """
    edition, told = _open(session, code, asked.year)
    wording = Wording(language, public_bodies(session))
    choice = Choice(asked.period or None, asked.place or None, _body(asked, wording) or None)
    document = document_of(told, wording, released_on=edition.until, choice=choice)
    if not document.numbers:
        raise NotFound
    return document


def read_paper(
    session: Session, code: str, asked: Asked, language: str, *, now: datetime
) -> tuple[Paper, Wording]:
    """Return a figure's sheet, of a period and place.

    Raises:
        NotFound: there is no such figure, or nothing is told of it.
    """
    edition, told = _open(session, code, asked.year)
    wording = Wording(language, public_bodies(session))
    period, place = asked.period or default_period(told) or ALL, asked.place or ALL
    body = _body(asked, wording)
    try:
        at = At(told, period, place, {Dimension.BODY: body} if body else {})
        section = whole_section(at, wording)
    except NotTold as wrong:
        raise NotFound from wrong
    subtitle = " · ".join(
        [
            wording.period(period, told.year),
            wording.place(place),
            *([wording.name(Dimension.BODY, body)] if body else []),
        ]
    )
    when = _when(told.year, period)
    return Paper(wording.planning("title"), subtitle, when, [section], edition.until, now), wording


def read_report(session: Session, asked: Asked, language: str, *, now: datetime) -> tuple[Paper, Wording]:
    """Return the report of a period: every figure, sudden rises, and who is served worse.

    Raises:
        NotFound: nothing is told of the period, or there is no such place.
    """
    found = editions(session)
    year = asked.year or max((edition.year for edition in found), default=None)
    chosen = [edition for edition in found if edition.year == year]
    if year is None or not chosen:
        raise NotFound
    tolds = {edition.figure: told_in(session, edition.release_id) for edition in chosen}
    before = {each.figure: told_in(session, each.release_id) for each in found if each.year == year - 1}
    wording = Wording(language, public_bodies(session))
    period = asked.period or default_period(next(iter(tolds.values()))) or ALL
    place = asked.place or ALL
    sections = _report_sections(tolds, period, place, wording)
    both = {code: [told, *([before[code]] if code in before else [])] for code, told in tolds.items()}
    sections += [
        rises_section(both, year=year, period=period, place=place, wording=wording),
        behind_section(tolds, period=period, wording=wording),
    ]
    subtitle = f"{wording.period(period, year)} · {wording.place(place)}"
    released_on = max(edition.until for edition in chosen)
    return Paper(wording.say("report"), subtitle, _when(year, period), sections, released_on, now), wording


def _report_sections(tolds: Mapping[str, Told], period: str, place: str, wording: Wording) -> list[Section]:
    """Return the figures that are told of a period and place; those without towns of the district.

    Raises:
        NotFound: none is.
    """
    sections = []
    for told in tolds.values():
        where = place if told.figure.has_place else ALL
        try:
            section = short_section(At(told, period, where), wording)
        except NotTold:
            continue
        if where != place:
            section = Section(
                section.title,
                section.definition,
                [wording.say("whole_district"), *section.sentences],
                section.tables,
            )
        sections.append(section)
    is_known = place == ALL or any(told.figure.has_place and place in told.tables.base[1].chains
                                   for told in tolds.values())  # fmt: skip
    if not sections or not is_known:
        raise NotFound
    return sections


def _body(asked: Asked, wording: Wording) -> str:
    """Return the id of a body, which an address names by its public code, or by the id."""
    ids = {body.code: number for number, body in wording.bodies.items()}
    return ids.get(asked.body, asked.body)


def _when(year: int, period: str) -> str:
    return str(year) if period == ALL else period


def _open(session: Session, code: str, year: int | None) -> tuple[Edition, Told]:
    found = [edition for edition in editions(session, code) if year in (None, edition.year)]
    if not found:
        raise NotFound
    return found[0], told_in(session, found[0].release_id)
