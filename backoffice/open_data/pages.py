"""Open data, for everybody without signing in, where the installation publishes it."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import JSONResponse, Response
from sqlalchemy.orm import Session

from backoffice.database import ReadSession
from backoffice.disclosure.protect import LEAST
from backoffice.errors import NotFound
from backoffice.open_data.caching import (
    KeptFiles,
    cached_headers,
    entity_tag,
    file_answer,
    is_unchanged,
    not_modified,
)
from backoffice.open_data.catalogue import KINDS, Publisher, catalogue_of
from backoffice.open_data.queries import publisher_name
from backoffice.planning.queries import public_bodies, told_in
from backoffice.planning.registry import figure_of
from backoffice.planning_files.document import document_of
from backoffice.planning_files.files import MEDIA_TYPES, file_of
from backoffice.planning_files.queries import Edition, editions
from backoffice.planning_files.schemas import FORMAT, LICENCE
from backoffice.planning_files.wording import Wording
from backoffice.settings import Settings
from backoffice.templating import INTERFACE_LANGUAGES, interface_language, render

LINKED_DATA = "application/ld+json"
KEPT = KeptFiles()

Language = Annotated[Literal["it", "en"], Query()]


def is_published(request: Request) -> None:
    """Let requests through where the installation publishes open data.

    Raises:
        NotFound: it does not.
    """
    settings: Settings = request.app.state.settings
    if not settings.open_data:
        raise NotFound


router = APIRouter(prefix="/open-data", include_in_schema=False, dependencies=[Depends(is_published)])


@router.get("")
def open_data_page(request: Request, session: ReadSession) -> Response:
    """Show what is published: each figure with its definition and files, licence, and what is hidden."""
    wording = Wording(interface_language(request), {})
    found = editions(session)
    figures = [
        (figure_of(code), [edition for edition in found if edition.figure == code])
        for code in dict.fromkeys(edition.figure for edition in found)
    ]
    return render(
        request,
        "open_data/open_data.html",
        figures=figures,
        wording=wording,
        kinds=KINDS,
        publisher=_publisher(request, session),
        licence=LICENCE,
        least=LEAST,
    )


@router.get("/catalog.jsonld")
def open_data_catalogue(request: Request, session: ReadSession) -> Response:
    """Give the catalogue that data portals read.

    Raises:
        NotFound: nothing is told yet.
    """
    found = editions(session)
    if not found:
        raise NotFound
    publisher = _publisher(request, session)
    changed_at = max(edition.made_at for edition in found)
    address = request.app.state.settings.base_url
    tag = entity_tag(address, repr(publisher), *(edition.release_id for edition in found))
    if is_unchanged(request, tag, changed_at):
        return not_modified(tag, changed_at)
    wordings = [Wording(language, {}) for language in INTERFACE_LANGUAGES]
    return JSONResponse(
        catalogue_of(found, publisher, wordings, address=address),
        media_type=LINKED_DATA,
        headers=cached_headers(tag, changed_at),
    )


@router.get("/{code}/{year}.{kind}")
def open_data_file(
    request: Request, code: str, year: str, kind: str, session: ReadSession, language: Language = "it"
) -> Response:
    """Give a figure of a year as CSV or JSON.

    Raises:
        NotFound: nothing is told of it, or there is no such kind of file.
    """
    edition = _edition(session, code, year, kind)
    bodies = public_bodies(session)
    tag = entity_tag(FORMAT, edition.release_id, kind, language, repr(sorted(bodies.items())))
    if is_unchanged(request, tag, edition.made_at):
        return not_modified(tag, edition.made_at)
    wording = Wording(language, bodies)

    def make() -> bytes:
        document = document_of(told_in(session, edition.release_id), wording, released_on=edition.until)
        return file_of(document, kind, wording)

    name = f"sportello-{code}-{edition.year}.{kind}"
    headers = {
        "Content-Disposition": f'inline; filename="{name}"',
        "Content-Language": language,
        **cached_headers(tag, edition.made_at),
    }
    return file_answer(request, KEPT.get(tag, make), MEDIA_TYPES[kind], headers)


def _edition(session: Session, code: str, year: str, kind: str) -> Edition:
    found = [edition for edition in editions(session, code) if str(edition.year) == year]
    if not found or kind not in KINDS:
        raise NotFound
    return found[0]


def _publisher(request: Request, session: Session) -> Publisher:
    settings: Settings = request.app.state.settings
    name = publisher_name(session)
    if name is None:
        raise NotFound
    return Publisher(name, settings.ipa_code)
