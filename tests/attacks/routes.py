"""Every route of the backoffice, as the application itself lists them: a new one is attacked too."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute
from pydantic import BaseModel

from backoffice.app import ROUTERS

_PLACE = re.compile(r"\{(\w+)\}")

OPEN_TO_ALL = frozenset(
    {
        ("GET", "/health"),
        ("GET", "/docs"),
        ("GET", "/sign-in"),
        ("POST", "/sign-in"),
        ("POST", "/interface-language"),
        ("POST", "/api/v1/auth/token"),
        ("POST", "/sign-in/code"),
        ("GET", "/sign-in/provider"),
        ("GET", "/sign-in/provider/back"),
        ("GET", "/password"),
        ("POST", "/password"),
        ("GET", "/password/{token}"),
        ("POST", "/password/{token}"),
        ("GET", "/owner/{token}"),
        ("POST", "/owner/{token}/dates"),
        ("POST", "/owner/{token}/yes"),
        ("POST", "/owner/{token}/no"),
        ("GET", "/viewings/calendar/{token}.ics"),
        ("GET", "/appointments/calendar/{token}.ics"),
        ("GET", "/family/{token}"),
        ("GET", "/checklist/{token}"),
        ("POST", "/family/{token}/answer"),
        ("GET", "/family/{token}/{care_match_id}/interview.ics"),
        ("GET", "/open-data"),
        ("GET", "/open-data/catalog.jsonld"),
        ("GET", "/open-data/{code}/{year}.{kind}"),
        ("GET", "/hsds/"),
        ("GET", "/hsds/services"),
        ("GET", "/hsds/services/{hsds_id}"),
        ("GET", "/hsds/organizations"),
        ("GET", "/hsds/organizations/{hsds_id}"),
        ("GET", "/hsds/service_at_locations"),
        ("GET", "/hsds/service_at_locations/{hsds_id}"),
        ("GET", "/hsds/taxonomies"),
        ("GET", "/hsds/taxonomies/{hsds_id}"),
        ("GET", "/hsds/taxonomy_terms"),
        ("GET", "/hsds/taxonomy_terms/{hsds_id}"),
    }
)
"""What needs no identification; everything else does."""


@dataclass(frozen=True)
class Call:
    """One method of one path."""

    method: str
    path: str
    query: tuple[str, ...]
    body: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.method} {self.path}"

    @property
    def places(self) -> tuple[str, ...]:
        """The names in the path that stand for something."""
        return tuple(_PLACE.findall(self.path))

    @property
    def is_for_service(self) -> bool:
        return self.path.startswith("/api/v1/service/")

    @property
    def is_form(self) -> bool:
        return not self.path.startswith("/api/") and self.method == "POST"

    def filled(self, values: Mapping[str, str], *, otherwise: str = "none") -> str:
        """Return the path with its places filled."""
        return _PLACE.sub(lambda match: values.get(match.group(1), otherwise), self.path)


def calls() -> list[Call]:
    """Return every call that the backoffice answers."""
    return sorted(_all(), key=str)


def _all() -> Iterator[Call]:
    for router in ROUTERS:
        for route in router.routes:
            if not isinstance(route, APIRoute):
                continue
            query = tuple(dict.fromkeys(_query_names(route.dependant)))
            body = tuple(field.name for field in route.dependant.body_params)
            for method in sorted(route.methods or ()):
                yield Call(method, route.path, query, body)


def _query_names(dependant: Dependant) -> Iterator[str]:
    """Yield what an address may have after its question mark, also for what a call depends on."""
    for field in dependant.query_params:
        kind = field.field_info.annotation
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            yield from (each.alias or name for name, each in kind.model_fields.items())
        else:
            yield field.alias
    for other in dependant.dependencies:
        yield from _query_names(other)
