from __future__ import annotations

import re

import httpx
from fastapi import FastAPI

from backoffice.reference.operations import type_of


async def test_the_reference_shows_every_call_and_loads_nothing_from_strangers(
    app: FastAPI, http: httpx.AsyncClient
) -> None:
    page = await http.get("/docs")
    assert page.status_code == 200
    for path in app.openapi()["paths"]:
        assert f" {path}</code>" in page.text
    assert re.findall(r'(?:src|href)="(?:https?:)?//[^"]*', page.text) == []


async def test_the_document_itself_is_there(http: httpx.AsyncClient) -> None:
    assert (await http.get("/openapi.json")).json()["info"]["title"] == "Sportello"


def test_types_are_told_in_few_words() -> None:
    assert type_of({"type": "array", "items": {"$ref": "#/components/schemas/CaseOut"}}) == "array of CaseOut"
    assert type_of({"anyOf": [{"type": "string"}, {"type": "null"}]}) == "string | null"
    assert type_of({"type": "string", "format": "date"}) == "date"
