"""Open data: for everybody where it is published, and a catalogue with what the profile demands."""

from __future__ import annotations

import csv
import io
from functools import partial
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy.orm import Session

from backoffice.open_data.caching import KeptFiles
from tests.backoffice.factories import create_front_door
from tests.backoffice.planning_files.figures import released

FILE = "/open-data/asked/2026.csv"
MANDATORY = {
    "dcatapit:Catalog": {"dct:title", "dct:description", "dct:publisher", "dct:modified", "dcat:dataset"},
    "dcatapit:Dataset": {
        "dct:identifier",
        "dct:title",
        "dct:description",
        "dct:modified",
        "dcat:theme",
        "dct:rightsHolder",
        "dct:accrualPeriodicity",
        "dcat:distribution",
    },
    "dcatapit:Distribution": {"dct:format", "dcat:accessURL", "dct:license"},
    "dcatapit:Agent": {"dct:identifier", "foaf:name"},
}
"""What DCAT-AP_IT 1.0 calls mandatory of open data."""


@pytest.fixture
def published(app: FastAPI, session: Session) -> None:
    released(session)
    app.state.settings = app.state.settings.model_copy(update={"open_data": True, "ipa_code": "c_d142"})


async def test_nothing_is_published_unless_the_installation_says_so(
    http: httpx.AsyncClient, session: Session
) -> None:
    released(session)
    for path in ("/open-data", "/open-data/catalog.jsonld", FILE):
        assert (await http.get(path)).status_code == 404, path


@pytest.mark.usefixtures("published")
async def test_everybody_reads_what_is_published_with_its_definition_and_licence(
    http: httpx.AsyncClient,
) -> None:
    for language, words in (("it", "Casi aperti nel periodo"), ("en", "Cases opened in the period")):
        page = await http.get("/open-data", headers={"Accept-Language": language})
        assert page.status_code == 200
        assert words in page.text
        assert "https://creativecommons.org/licenses/by/4.0/" in page.text
        assert "/open-data/asked/2026.csv" in page.text
        assert "Area riservata" not in page.text
        assert "For staff only" not in page.text


@pytest.mark.usefixtures("published")
async def test_a_file_names_bodies_and_not_their_ids_and_small_numbers_are_hidden(
    http: httpx.AsyncClient, session: Session
) -> None:
    answer = await http.get(FILE, params={"language": "en"})
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"), newline="")))
    front_door = create_front_door(session)
    assert front_door.id not in answer.text
    assert {row["body_name"] for row in rows} == {"", front_door.name}
    assert all(row["count"] == "" or row["count"] == "0" or int(row["count"]) >= 5 for row in rows)
    assert "hidden" in {row["status"] for row in rows}
    as_json = (await http.get("/open-data/waits/2026.json")).json()
    assert as_json["licence"] == "https://creativecommons.org/licenses/by/4.0/"


@pytest.mark.usefixtures("published")
async def test_who_has_a_file_already_is_told_that_nothing_changed(http: httpx.AsyncClient) -> None:
    first = await http.get(FILE)
    assert first.headers["cache-control"] == "public, max-age=600"
    tag, moment = first.headers["etag"], first.headers["last-modified"]
    for name, value in (
        ("If-None-Match", tag),
        ("If-None-Match", f'"x", {tag.removeprefix("W/")}'),
        ("If-Modified-Since", moment),
    ):
        again = await http.get(FILE, headers={name: value})
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    for name, value in (
        ("If-None-Match", '"x"'),
        ("If-Modified-Since", "Thu, 01 Jan 2026 00:00:00 GMT"),
        ("If-Modified-Since", "yesterday"),
    ):
        assert (await http.get(FILE, headers={name: value})).status_code == 200
    in_english = await http.get(FILE, params={"language": "en"}, headers={"If-None-Match": tag})
    assert in_english.status_code == 200


@pytest.mark.usefixtures("published")
async def test_a_file_comes_compressed_to_who_reads_that_and_is_made_once(http: httpx.AsyncClient) -> None:
    plain = await http.get(FILE, headers={"Accept-Encoding": "identity"})
    packed = await http.get(FILE, headers={"Accept-Encoding": "gzip"})
    assert "content-encoding" not in plain.headers
    assert packed.headers["content-encoding"] == "gzip"
    assert packed.content == plain.content
    made: list[str] = []

    def make(tag: str) -> bytes:
        made.append(tag)
        return tag.encode()

    kept = KeptFiles(most=2)
    for tag in ("a", "b", "a", "c", "a", "b"):
        assert kept.get(tag, partial(make, tag))
    assert made == ["a", "b", "c", "b"]


def of_type(graph: list[dict[str, Any]], kind: str) -> list[dict[str, Any]]:
    return [node for node in graph if kind in node["@type"]]


@pytest.mark.usefixtures("published")
async def test_the_catalogue_has_what_the_italian_profile_demands(http: httpx.AsyncClient) -> None:
    answer = await http.get("/open-data/catalog.jsonld")
    assert answer.headers["content-type"] == "application/ld+json"
    graph = answer.json()["@graph"]
    for kind, demanded in MANDATORY.items():
        nodes = of_type(graph, kind)
        assert nodes, kind
        for node in nodes:
            assert demanded <= {name for name, value in node.items() if value}, node["@id"]
    ids = {node["@id"] for node in graph}
    datasets = of_type(graph, "dcatapit:Dataset")
    assert [dataset["dct:identifier"] for dataset in datasets] == ["c_d142:asked", "c_d142:waits"]
    for dataset in datasets:
        assert {link["@id"] for link in dataset["dcat:distribution"]} <= ids
        assert dataset["dct:rightsHolder"]["@id"] in ids
    for each in of_type(graph, "dcatapit:Distribution"):
        path = httpx.URL(each["dcat:accessURL"]["@id"]).path
        assert (await http.get(path)).status_code == 200


async def test_a_code_that_nobody_has_entered_is_left_out_and_said_to_be(
    http: httpx.AsyncClient, app: FastAPI, session: Session
) -> None:
    released(session)
    app.state.settings = app.state.settings.model_copy(update={"open_data": True})
    graph = (await http.get("/open-data/catalog.jsonld")).json()["@graph"]
    (agent,) = of_type(graph, "dcatapit:Agent")
    assert "dct:identifier" not in agent
    assert "IPA" in (await http.get("/open-data")).text


@pytest.mark.usefixtures("published")
@pytest.mark.parametrize(
    "path",
    [
        "/open-data/asked/2025.csv",
        "/open-data/asked/2026.xlsx",
        "/open-data/gossip/2026.csv",
        "/open-data/asked/x.json",
    ],
)
async def test_what_is_not_published_does_not_exist(http: httpx.AsyncClient, path: str) -> None:
    assert (await http.get(path)).status_code == 404


async def test_before_the_first_month_is_over_the_page_says_so(
    http: httpx.AsyncClient, app: FastAPI, session: Session
) -> None:
    create_front_door(session)
    session.commit()
    app.state.settings = app.state.settings.model_copy(update={"open_data": True})
    assert "Ancora nessun dato" in (await http.get("/open-data", headers={"Accept-Language": "it"})).text
    assert (await http.get("/open-data/catalog.jsonld")).status_code == 404
