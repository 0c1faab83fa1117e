"""An address finds the same route among the few that begin as it does as among all."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import httpx
import pytest
from fastapi import APIRouter, FastAPI
from starlette.routing import BaseRoute, Match, Mount, Route

from backoffice.dispatch import Dispatch, beginning_of
from tests.attacks.routes import calls

METHODS = ("GET", "POST", "PATCH", "DELETE", "OPTIONS")


def addresses() -> Iterator[tuple[str, str]]:
    """Yield a method and an address of each route, in every method, and such as look like it."""
    for path in dict.fromkeys(call.filled({}) for call in calls()):
        yield from ((method, path) for method in METHODS)
        for like in (f"{path}/", f"{path}/more", f"/none{path}", path.rpartition("/")[0], f"/{path}"):
            yield "GET", like
    for path in ("/", "", "/static/staff.css", "/openapi.json", "/api", "/api/", "/api/v1", "/api/v2/cases"):
        yield "GET", path


def found(routes: Sequence[BaseRoute], path: str, method: str) -> tuple[Match, BaseRoute | None]:
    """Return which route serves an address, as a router looks for it."""
    partly: BaseRoute | None = None
    for route in routes:
        if isinstance(route, Route | Mount) and not route.path_regex.match(path):
            continue  # what a match begins with, in a tenth of its time
        match, _ = route.matches({"type": "http", "path": path, "method": method, "headers": []})
        if match is Match.FULL:
            return match, route
        partly = partly or (route if match is Match.PARTIAL else None)
    return (Match.PARTIAL, partly) if partly else (Match.NONE, None)


def test_every_address_finds_what_it_finds_among_all_routes(app: FastAPI) -> None:
    dispatch = app.router.middleware_stack
    assert isinstance(dispatch, Dispatch)
    served = 0
    for method, path in dict.fromkeys(addresses()):
        few = dispatch.routes_for(path)
        assert len(few) < len(app.routes) / 2, path
        expected = found(app.routes, path, method)
        assert found(few, path, method) == expected, (path, method)
        served += expected[0] is Match.FULL
    assert served >= len(calls())


def test_a_route_that_any_address_may_be_for_is_refused() -> None:
    whole = APIRouter()
    for path in ("/", "/cases", "/cases/{case_id}", "/api/v1/cases", "/api/v1/{anything}/x"):
        whole.add_api_route(path, lambda: None)
    with pytest.raises(ValueError, match="no address begins"):
        Dispatch(whole)


async def test_a_route_that_is_added_later_is_found(app: FastAPI, http: httpx.AsyncClient) -> None:
    assert (await http.get("/later")).status_code == 404
    app.add_api_route("/later", lambda: {"found": True})
    assert (await http.get("/later")).json() == {"found": True}


@pytest.mark.parametrize(
    ("path", "beginning"),
    [
        ("/", ("",)),
        ("/cases", ("cases",)),
        ("/cases/1/notes", ("cases",)),
        ("/api/v1/cases", ("api", "v1", "cases")),
        ("/api/v1/cases/1/notes", ("api", "v1", "cases")),
        ("/api/v1", ("api", "v1")),
    ],
)
def test_an_address_begins_with_its_first_part_or_the_first_after_the_version(
    path: str, beginning: tuple[str, ...]
) -> None:
    assert beginning_of(path) == beginning


async def test_what_has_no_route_is_answered_as_before(http: httpx.AsyncClient) -> None:
    assert (await http.get("/nothing/here")).status_code == 404
    missing = await http.get("/api/v1/nothing")
    assert (missing.status_code, missing.headers["content-type"]) == (404, "application/problem+json")
    assert (await http.put("/health")).status_code == 405
    moved = await http.get("/sign-in/")
    assert (moved.status_code, moved.headers["location"]) == (307, "http://backoffice/sign-in")
