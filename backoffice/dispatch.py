"""Finds the route of an address among those that begin as it does.

A router asks its routes one after another, and for an address that has none all of them twice: 10 ms of
seven hundred. Here they lie by how their paths begin, each group in the order in which it was.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from fastapi import APIRouter
from starlette.routing import BaseRoute, Mount, Route, Router
from starlette.types import Receive, Scope, Send

API = ("api", "v1")

Beginning = tuple[str, ...]


class Dispatch:
    """Serves what a router serves, each request by a router of the few routes that it may be for (ASGI)."""

    def __init__(self, whole: APIRouter) -> None:
        """Take over from a router.

        Raises:
            ValueError: a route's path begins with a place that stands for anything.
        """
        self._whole = whole
        self._serve = whole.middleware_stack
        self._none = self._router([])
        self._group()

    def _group(self) -> None:
        beginnings: dict[Beginning, list[BaseRoute]] = {}
        for route in self._whole.routes:
            beginnings.setdefault(beginning_of(_path_of(route)), []).append(route)
        self._routers = {begin: self._router(routes) for begin, routes in beginnings.items()}
        self._grouped = len(self._whole.routes)

    def _router(self, routes: Iterable[BaseRoute]) -> Router:
        few = APIRouter(redirect_slashes=self._whole.redirect_slashes, default=self._whole.default)
        few.routes.extend(routes)
        return few

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request; start and stop are the whole router's."""
        if scope["type"] != "http" or scope.get("root_path"):
            await self._serve(scope, receive, send)
            return
        scope["router"] = self._whole  # knows every address that a page may name
        await self._router_for(scope["path"])(scope, receive, send)

    def routes_for(self, path: str) -> Sequence[BaseRoute]:
        """Return the routes that are asked for an address, in their order."""
        return self._router_for(path).routes

    def _router_for(self, path: str) -> Router:
        if len(self._whole.routes) != self._grouped:  # one was added since
            self._group()
        return self._routers.get(beginning_of(path), self._none)


def beginning_of(path: str) -> Beginning:
    """Return the first part of a path, of the API the first after its version."""
    parts = tuple(path.split("/", 4)[1:4])
    return parts if parts[:2] == API else parts[:1]


def _path_of(route: BaseRoute) -> str:
    if not isinstance(route, Route | Mount) or any("{" in part for part in beginning_of(route.path)):
        raise ValueError(f"no address begins as this route does: {route}")
    return route.path
