"""Schemathesis asks every call of the JSON API for everybody: no 5xx, no breach of its schema, no open door.

The examples are made from `/openapi.json`, always the same, on the village's own ids; nothing that a call
does is kept. The calls of the service wait for work, so that they are asked without waiting.
"""

from __future__ import annotations

from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi.checks import content_type_conformance, response_schema_conformance

from backoffice.staff.roles import Role
from tests.attacks.house import SERVICE
from tests.attacks.routes import OPEN_TO_ALL
from tests.attacks.village import Village
from tests.attacks.village import village as village

EXAMPLES = 2
OPEN = {
    ("GET", "/api/v1/guide/{topic}"),
    ("GET", "/health"),
    ("POST", "/api/v1/auth/token"),
    *(call for call in OPEN_TO_ALL if call[1].startswith("/hsds/")),
}
"""Calls that may answer 2xx to somebody who has not said who they are."""

WAITING = ("/api/v1/service/events", "/api/v1/service/turns/claim", "/api/v1/service/deliveries/claim")
"""Long polls: asked with a right body they wait for work."""


def operations(village: Village) -> list[Any]:
    schema = schemathesis.openapi.from_asgi("/openapi.json", village.app)
    found = [each.ok() for each in schema.get_all_operations()]  # type: ignore[union-attr]
    return [each for each in found if each.path not in WAITING]


def people(village: Village) -> dict[str, dict[str, str]]:
    """Return the headers of each role, of another body with a share, of the service, and of nobody."""
    roles = {role.value: village.headers[role] for role in Role}
    return {**roles, "partner": village.headers["partner_accepted"], "service": SERVICE, "nobody": {}}


def ask(village: Village, operation: Any, faults: list[str]) -> None:
    @given(case=operation.as_strategy())
    @settings(
        max_examples=EXAMPLES,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    def asked(case: Any) -> None:
        known = {name: village.ids[name] for name in case.path_parameters or {} if name in village.ids}
        case.path_parameters = {**(case.path_parameters or {}), **known}
        for who, headers in people(village).items():
            fault = _fault(case, who, headers)
            if fault is not None:
                faults.append(f"{operation.method.upper()} {operation.path} as {who}: {fault}")

    asked()


def _fault(case: Any, who: str, headers: dict[str, str]) -> str | None:
    case.headers = {
        **{k: v for k, v in (case.headers or {}).items() if k.lower() != "authorization"},
        **headers,
    }
    response = case.call()
    if response.status_code >= 500:
        return f"{response.status_code} {response.text[:200]}"
    is_open = (case.method.upper(), case.operation.path) in OPEN
    if who == "nobody" and response.status_code < 300 and not is_open:
        return f"{response.status_code} without identification"
    try:
        case.validate_response(response, checks=[response_schema_conformance, content_type_conformance])
    except FailureGroup as breaches:
        return "; ".join(str(breach).splitlines()[0] for breach in breaches.exceptions)[:300]
    return None


@pytest.mark.timeout(900)
def test_every_call_of_the_api_keeps_to_its_schema_for_every_role(village: Village) -> None:
    faults: list[str] = []
    asked = operations(village)
    assert len(asked) > 60
    for operation in asked:
        ask(village, operation, faults)
    assert sorted(set(faults)) == []
