"""The figures as JSON, for programs that sign in as staff."""

from __future__ import annotations

from typing import Literal

from fastapi import APIRouter

from backoffice.database import ReadSession
from backoffice.planning.registry import FIGURES
from backoffice.planning_files.asking import FigureReader, What
from backoffice.planning_files.document import figure_out
from backoffice.planning_files.queries import editions
from backoffice.planning_files.reading import read_document
from backoffice.planning_files.schemas import EditionOut, FigureDocument, FigureEntry, FigureList
from backoffice.planning_files.wording import Wording

router = APIRouter(prefix="/api/v1/planning", tags=["planning"], dependencies=[FigureReader])

Language = Literal["it", "en"]


@router.get("/figures")
def list_figures(session: ReadSession, language: Language = "it") -> FigureList:
    """List the figures, with the years that are told of each."""
    found = editions(session)
    wording = Wording(language, {})
    items = [
        FigureEntry(
            figure=figure_out(figure, wording),
            years=[
                EditionOut(year=edition.year, released_on=edition.until)
                for edition in found
                if edition.figure == figure.code
            ],
        )
        for figure in FIGURES
    ]
    return FigureList(items=items)


@router.get("/figures/{code}")
def read_figure(session: ReadSession, code: str, asked: What, language: Language = "it") -> FigureDocument:
    """Return what is told of a figure's year, the newest unless one is named; 404 where nothing is."""
    return read_document(session, code, asked, language)
