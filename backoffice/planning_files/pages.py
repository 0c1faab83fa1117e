"""Figures for staff to take away: a file of one figure, and the report for the assembly of mayors."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import Response

from backoffice.clock import ClockDep
from backoffice.database import ReadSession
from backoffice.disclosure.axes import ALL
from backoffice.planning_files.asking import FigureReader, What
from backoffice.planning_files.files import MEDIA_TYPES, file_of
from backoffice.planning_files.reading import read_document, read_paper, read_report
from backoffice.planning_files.wording import Wording
from backoffice.templating import interface_language

router = APIRouter(prefix="/planning", include_in_schema=False)

PDF_TYPE = "application/pdf"


@router.get("/figures/{code}/file.{kind}", dependencies=[FigureReader])
def figure_file(
    request: Request, code: str, kind: str, session: ReadSession, clock: ClockDep, asked: What
) -> Response:
    """Give a figure as CSV, XLSX, JSON or PDF.

    Raises:
        NotFound: another kind, no such figure, or nothing is told of it.
    """
    language = interface_language(request)
    if kind == "pdf":
        from backoffice.planning_files.pdf import paper_pdf  # its libraries are slow to load

        paper, wording = read_paper(session, code, asked, language, now=clock())
        return _answer(paper_pdf(paper, wording), PDF_TYPE, f"sportello-{code}-{paper.when}.pdf")
    document = read_document(session, code, asked, language)
    content = file_of(document, kind, Wording(language, {}))
    when = document.year if asked.period in ("", ALL) else asked.period
    return _answer(content, MEDIA_TYPES[kind], f"sportello-{code}-{when}.{kind}")


@router.get("/report.pdf", dependencies=[FigureReader])
def report_file(request: Request, session: ReadSession, clock: ClockDep, asked: What) -> Response:
    """Give every figure of a period in one PDF, with sudden rises and who is served worse.

    Raises:
        NotFound: nothing is told of the period or place.
    """
    from backoffice.planning_files.pdf import paper_pdf  # its libraries are slow to load

    paper, wording = read_report(session, asked, interface_language(request), now=clock())
    return _answer(paper_pdf(paper, wording), PDF_TYPE, f"sportello-{paper.when}.pdf")


def _answer(content: bytes, media_type: str, name: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(content, media_type=media_type, headers=headers)
