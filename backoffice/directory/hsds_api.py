"""The directory as HSDS publishes one, for everybody to read: no identification, nothing personal in it.

Paths, names of parameters and pages are those of the specification's API reference; `language` is ours.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, ConfigDict

from backoffice.database import ReadSession
from backoffice.directory.hsds_export import Nesting, Tables, flat_tables
from backoffice.directory.hsds_search import (
    FullListing,
    Language,
    Listing,
    PlacedListing,
    ServiceListing,
    TermListing,
)
from backoffice.directory.hsds_tables import PROFILE, VERSION
from backoffice.directory.hsds_terms import Flat
from backoffice.directory.models import ServiceStatus
from backoffice.errors import NotFound, TooManyRequests
from backoffice.turns import Turns
from translations.languages import LANGUAGES, SOURCE

router = APIRouter(prefix="/hsds", tags=["hsds"])

_HIDDEN = (ServiceStatus.INACTIVE.value, ServiceStatus.DEFUNCT.value)


class HsdsBusy(TooManyRequests):
    """Too many ask for the directory at this moment."""

    def __init__(self) -> None:
        super().__init__("error.directory_busy", retry_after_seconds=2)


_TURNS = Turns(at_once=2, in_line=8, full=HsdsBusy)
"""Each answer reads the whole directory, and everybody may ask: strangers must not starve the chat."""


class HsdsRoot(BaseModel):
    """What this API is (HSDS, `/`)."""

    model_config = ConfigDict(extra="forbid")

    version: str
    profile: str
    openapi_url: str


class HsdsPage(BaseModel):
    """A page of a list; `size` is how many are on it."""

    model_config = ConfigDict(extra="forbid")

    total_items: int
    total_pages: int
    page_number: int
    size: int
    first_page: bool
    last_page: bool
    empty: bool
    contents: list[dict[str, Any]]


@router.get("/")
def read_root(request: Request) -> HsdsRoot:
    """Say which version of HSDS this is, and where it is described."""
    address = request.app.state.settings.base_url
    return HsdsRoot(version=VERSION, profile=PROFILE, openapi_url=f"{address}/openapi.json")


@router.get("/services")
def list_services(session: ReadSession, search: Annotated[ServiceListing, Query()]) -> HsdsPage:
    """List services that are in use; `full` with all that belongs to each, `minimal` their ids alone."""
    tables = _tables(session, search.language)
    found = list(_fitting(tables, search).values())
    return _page(found, search, _shower(tables, "service", full=search.full, minimal=search.minimal))


@router.get("/services/{hsds_id}")
def read_service(hsds_id: str, session: ReadSession, language: Language = SOURCE) -> dict[str, Any]:
    """Return a service with all that belongs to it."""
    return _whole(_tables(session, language), "service", hsds_id)


@router.get("/organizations")
def list_organizations(session: ReadSession, search: Annotated[FullListing, Query()]) -> HsdsPage:
    """List bodies."""
    tables = _tables(session, search.language)
    found = [row for row in tables["organization"] if _says(row, search.search)]
    return _page(found, search, _shower(tables, "organization", full=search.full))


@router.get("/organizations/{hsds_id}")
def read_organization(hsds_id: str, session: ReadSession, language: Language = SOURCE) -> dict[str, Any]:
    """Return a body with its places."""
    return _whole(_tables(session, language), "organization", hsds_id, but=frozenset())


@router.get("/service_at_locations")
def list_service_at_locations(session: ReadSession, search: Annotated[PlacedListing, Query()]) -> HsdsPage:
    """List services in their places."""
    tables = _tables(session, search.language)
    fitting = _fitting(tables, search)
    found = [row for row in tables["service_at_location"] if row["service_id"] in fitting]
    return _page(found, search, _shower(tables, "service_at_location", full=search.full))


@router.get("/service_at_locations/{hsds_id}")
def read_service_at_location(
    hsds_id: str, session: ReadSession, language: Language = SOURCE
) -> dict[str, Any]:
    """Return a service in one of its places."""
    return _whole(_tables(session, language), "service_at_location", hsds_id)


@router.get("/taxonomies")
def list_taxonomies(session: ReadSession, search: Annotated[Listing, Query()]) -> HsdsPage:
    """List the taxonomies that the directory uses."""
    found = [row for row in _tables(session, search.language)["taxonomy"] if _says(row, search.search)]
    return _page(found, search, dict)


@router.get("/taxonomies/{hsds_id}")
def read_taxonomy(hsds_id: str, session: ReadSession, language: Language = SOURCE) -> dict[str, Any]:
    """Return one taxonomy."""
    return _whole(_tables(session, language), "taxonomy", hsds_id)


@router.get("/taxonomy_terms")
def list_taxonomy_terms(session: ReadSession, search: Annotated[TermListing, Query()]) -> HsdsPage:
    """List the terms that the directory uses: the topics, named in the language."""
    tables = _tables(session, search.language)
    found = [
        row
        for row in tables["taxonomy_term"]
        if search.taxonomy_id in (None, row["taxonomy_id"]) and _says(row, search.search)
    ]
    return _page(found, search, _shower(tables, "taxonomy_term", full=True))


@router.get("/taxonomy_terms/{hsds_id}")
def read_taxonomy_term(hsds_id: str, session: ReadSession, language: Language = SOURCE) -> dict[str, Any]:
    """Return one term."""
    return _whole(_tables(session, language), "taxonomy_term", hsds_id)


def _tables(session: ReadSession, language: str) -> Tables:
    """Return what is published: services in use, and nothing of others.

    Raises:
        HsdsBusy: eight others are before this one already.
    """
    with _TURNS.one():
        tables = dict(flat_tables(session, language=language if language in LANGUAGES else SOURCE))
    hidden = {row["id"] for row in tables["service"] if row["status"] in _HIDDEN}
    tables["service"] = [row for row in tables["service"] if row["id"] not in hidden]
    tables["service_at_location"] = [
        row for row in tables["service_at_location"] if row["service_id"] not in hidden
    ]
    return tables


def _fitting(tables: Tables, search: PlacedListing) -> Mapping[object, Flat]:
    """Return the services that are asked for, by id."""
    terms = _linked(tables, search.taxonomy_term_id, search.taxonomy_id)
    return {
        row["id"]: row
        for row in tables["service"]
        if (terms is None or row["id"] in terms)
        and search.organization_id in (None, row["organization_id"])
        and _is_newer(row, search.modified_after)
        and _says(row, search.search)
    }


def _linked(tables: Tables, term: str | None, taxonomy: str | None) -> set[object] | None:
    """Return the ids of what bears a term, or one of a taxonomy; None where neither is asked for."""
    if term is None and taxonomy is None:
        return None
    terms = {
        row["id"]
        for row in tables["taxonomy_term"]
        if term in (None, row["id"]) and taxonomy in (None, row["taxonomy_id"])
    }
    return {row["link_id"] for row in tables["attribute"] if row["taxonomy_term_id"] in terms}


def _says(row: Flat, words: str | None) -> bool:
    if not words:
        return True
    text = " ".join(str(row.get(name, "")) for name in ("name", "alternate_name", "description")).casefold()
    return all(word in text for word in words.casefold().split())


def _is_newer(row: Flat, moment: datetime | None) -> bool:
    if moment is None:
        return True
    return datetime.fromisoformat(str(row["last_modified"])) >= moment.astimezone(UTC)


def _shower(
    tables: Tables, name: str, *, full: bool, minimal: bool = False
) -> Callable[[Flat], dict[str, Any]]:
    if minimal:
        return lambda row: {key: row[key] for key in ("id", "last_modified")}
    nesting = Nesting(tables)
    if full:
        return lambda row: nesting.whole(name, row)
    return lambda row: nesting.with_ones(name, row)


def _page(found: Sequence[Flat], search: Listing, show: Callable[[Flat], Mapping[str, Any]]) -> HsdsPage:
    number, size = search.page, search.per_page
    shown = found[(number - 1) * size : number * size]
    pages = math.ceil(len(found) / size)
    return HsdsPage(
        total_items=len(found),
        total_pages=pages,
        page_number=number,
        size=len(shown),
        first_page=number == 1,
        last_page=number >= pages,
        empty=not shown,
        contents=[dict(show(row)) for row in shown],
    )


def _whole(
    tables: Tables, name: str, row_id: str, *, but: frozenset[str] = frozenset({"locations"})
) -> dict[str, Any]:
    """Return one object with all that belongs to it.

    Raises:
        NotFound: there is none, or it is not published.
    """
    row = next((each for each in tables[name] if each["id"] == row_id), None)
    if row is None:
        raise NotFound
    return Nesting(tables).whole(name, row, but=but)
