"""`GET /docs`: the JSON API for people, from its own OpenAPI document.

FastAPI's page would load its scripts from a stranger's server, which no page of ours does.
"""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import Response

from backoffice.reference.operations import operations_by_tag, schemas
from backoffice.templating import render

router = APIRouter(include_in_schema=False)


@router.get("/docs")
def reference_page(request: Request) -> Response:
    """Show every call with its parameters, its body and its answers."""
    document = request.app.openapi()
    return render(
        request,
        "reference/reference.html",
        title=document["info"]["title"],
        version=document["info"]["version"],
        operations=operations_by_tag(document),
        schemas=schemas(document),
    )
