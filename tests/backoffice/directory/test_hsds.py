"""Out as HSDS and in again: the same bytes, each fault with its row, and the schemas of the specification."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import uuid
import zipfile
from collections.abc import Callable
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backoffice.audit.models import AuditEntry
from backoffice.directory import hsds_api
from backoffice.directory.hsds import as_json, import_file
from backoffice.directory.hsds_export import flat_tables, nested_services
from backoffice.directory.hsds_import import check
from backoffice.directory.hsds_load import load
from backoffice.directory.hsds_package import make_package
from backoffice.directory.hsds_rows import read_file
from backoffice.directory.hsds_tables import TABLES, Kind
from backoffice.directory.hsds_validate import SchemasMissing, read_schemas, validate
from backoffice.directory.known import known_id, load_known
from backoffice.directory.models import DirectoryOrganisation, DirectoryService
from backoffice.directory.part_models import DirectoryTranslation, EntryKind
from backoffice.directory.words import hash_of
from backoffice.turns import Turns
from tests.backoffice.directory.random_directory import fill
from tests.backoffice.factories import NOW, create_organisation

SCHEMAS = os.environ.get("SPORTELLO_TEST_HSDS_SCHEMAS")


def exported(session: Session, form: str) -> bytes:
    tables = flat_tables(session)
    return as_json(tables) if form == "json" else make_package(tables)


def faults(content: bytes) -> list[str]:
    return [str(problem) for problem in check(read_file(content), now=NOW).problems]


def services_of(session: Session) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(exported(session, "json"))
    return found


def package(**files: str) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as made:
        for name, content in files.items():
            made.writestr(f"{name}.csv", content)
    return held.getvalue()


@pytest.mark.parametrize("form", ["json", "zip"])
@pytest.mark.parametrize("seed", [None, 1, 2])
def test_what_was_exported_makes_the_same_directory_again(
    session: Session, form: str, seed: int | None
) -> None:
    if seed is None:
        load_known(session, now=NOW)
    else:
        fill(session, seed)
    before = exported(session, form)
    checked = check(read_file(before), now=NOW)
    assert ([str(problem) for problem in checked.problems], dict(checked.left_out)) == ([], {})
    load(session, checked, by="x", now=NOW)
    session.expire_all()
    assert exported(session, form) == before
    assert checked.services == len(json.loads(exported(session, "json")))


@pytest.mark.parametrize("seed", [4])
def test_both_formats_say_the_same_of_all_services(session: Session, seed: int) -> None:
    fill(session, seed)
    before = exported(session, "json")
    load(session, check(read_file(exported(session, "zip")), now=NOW), by="x", now=NOW)
    session.expire_all()
    assert exported(session, "json") == before


@pytest.mark.parametrize("seed", [6])
def test_every_row_has_the_required_fields_in_the_forms_that_hsds_wants(session: Session, seed: int) -> None:
    load_known(session, now=NOW)
    fill(session, seed)
    right: dict[Kind, Callable[[Any], bool]] = {
        Kind.TEXT: lambda value: isinstance(value, str) and value != "",
        Kind.ID: lambda value: str(uuid.UUID(value)) == value,
        Kind.WHOLE: lambda value: isinstance(value, int),
        Kind.NUMBER: lambda value: isinstance(value, int | float),
        Kind.DAY: lambda value: date.fromisoformat(value).isoformat() == value,
        Kind.HOUR: lambda value: time.fromisoformat(value).strftime("%H:%M") == value,
        Kind.MOMENT: lambda value: datetime.fromisoformat(value).tzinfo is not None and value.endswith("Z"),
        Kind.URI: lambda value: value.startswith("https://"),
        Kind.EMAIL: lambda value: value.count("@") == 1,
    }
    required = {
        "organization": {"id", "name", "description"},
        "service": {"id", "name", "status", "organization_id"},
        "location": {"id", "location_type"},
        "service_at_location": {"id", "service_id", "location_id"},
        "address": {
            "id",
            "address_1",
            "city",
            "state_province",
            "postal_code",
            "country",
            "address_type",
            "location_id",
        },
        "phone": {"id", "number"},
        "taxonomy": {"id", "name", "description"},
        "taxonomy_term": {"id", "name", "description"},
        "cost_option": {"id", "service_id"},
        "attribute": {"id", "link_id", "taxonomy_term_id", "link_entity"},
    }
    tables = flat_tables(session)
    assert all(tables[name] for name in TABLES)
    for name, rows in tables.items():
        for row in rows:
            assert required.get(name, {"id"}) <= row.keys(), (name, row)
            for field, value in row.items():
                column = TABLES[name].column(field)
                assert column is not None
                assert right[column.kind](value), (name, field, value)


def test_each_fault_of_a_json_file_says_where_it_is(session: Session) -> None:
    load_known(session, now=NOW)
    told = services_of(session)
    with_phone = next(number for number, each in enumerate(told) if "phones" in each)
    told[with_phone]["phones"][0]["number"] = "call me"
    other = (with_phone + 1) % len(told)
    told[other]["status"] = "maybe"
    del told[(with_phone + 2) % len(told)]["name"]
    told[(with_phone + 3) % len(told)]["minimum_age"] = "many"
    told[(with_phone + 4) % len(told)]["id"] = "7"
    found = "\n".join(faults(json.dumps(told).encode()))
    assert f"services[{with_phone}].phones[0]: number: cannot be 'call me'" in found
    assert f"services[{other}]: status: cannot be 'maybe'" in found
    assert f"services[{(with_phone + 2) % len(told)}]: name: missing" in found
    assert f"services[{(with_phone + 3) % len(told)}]: minimum_age: cannot be 'many': a whole number" in found
    assert f"services[{(with_phone + 4) % len(told)}]: id: cannot be '7': a UUID is wanted" in found


def test_each_fault_of_a_package_says_its_line() -> None:
    body, service = str(uuid.uuid4()), str(uuid.uuid4())
    found = faults(
        package(
            organizations=f"id,name,description\n{body},Ente,Ente\n{body},Altro,Altro\nx\n",
            services=f"id,organization_id,name,status\n{service},{uuid.uuid4()},Servizio,active\n",
            schedules=f"id,service_id,opens_at,closes_at\n{uuid.uuid4()},{service},9 am,12:00\n",
            phones=f"id,service_id,organization_id,number\n{uuid.uuid4()},{service},{body},112\n",
        )
    )
    assert found == [
        "organizations.csv, line 3: id: is that of organizations.csv, line 2, too",
        "organizations.csv, line 4: 1 cells under a heading of 3",
        "services.csv, line 2: organization_id: there is no such organization in the file",
        "phones.csv, line 2: organization_id or service_id or location_id or service_at_location_id"
        " or contact_id: exactly one is wanted, 2 are given",
        "schedules.csv, line 2: opens_at: cannot be '9 am': an hour of the local time is wanted, as 09:00",
    ]


@pytest.mark.parametrize(
    "content", [b"", b"[", b"7", b"PK\x03\x04 no zip", b'{"contents": 3}', b"\xff\xfe", b"[3]"]
)
def test_what_is_no_such_file_is_one_fault(content: bytes) -> None:
    assert len(faults(content)) == 1


def test_what_has_no_place_here_is_counted_and_left_out(session: Session) -> None:
    load_known(session, now=NOW)
    told = services_of(session)
    told[0]["funding"] = [{"id": str(uuid.uuid4()), "source": "x"}]
    told[0]["organization"]["tax_id"] = "1"
    checked = check(read_file(json.dumps(told).encode()), now=NOW)
    assert checked.problems == []
    assert checked.left_out == {"service.funding": 1, "organization.tax_id": 1}


def test_one_object_that_is_told_in_two_ways_is_a_fault(session: Session) -> None:
    load_known(session, now=NOW)
    told = services_of(session)
    caritas = [each for each in told if each["organization"]["name"] == "Caritas Crema"]
    caritas[1]["organization"]["name"] = "Another"
    found = faults(json.dumps(told).encode())
    assert len(found) == 1
    assert "organization: name: says something else than services[" in found[0]


def test_nothing_is_written_unless_it_is_asked_and_the_directory_is_empty(
    session: Session, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    fill(session, 8)
    path = tmp_path / "a.json"
    path.write_bytes(exported(session, "json"))
    load(session, check(read_file(b"[]"), now=NOW), by="x", now=NOW)
    assert import_file(session, path, write=False, replace=False) == 0
    assert session.scalar(select(func.count()).select_from(DirectoryService)) == 0
    assert import_file(session, path, write=True, replace=False) == 0
    assert exported(session, "json") == path.read_bytes()
    assert import_file(session, path, write=True, replace=False) == 1
    assert "--replace" in capsys.readouterr().out
    actions = session.scalars(select(AuditEntry.action)).all()
    assert actions.count("directory.imported") == 2


def test_a_body_whose_staff_work_here_stays_theirs_after_an_import(session: Session) -> None:
    load_known(session, now=NOW)
    ours = create_organisation(session)
    body_id = known_id("body", "caritas-crema")
    session.get_one(DirectoryOrganisation, body_id).staff_organisation_id = ours.id
    session.flush()
    load(session, check(read_file(exported(session, "zip")), now=NOW), by="x", now=NOW)
    session.expire_all()
    assert session.get_one(DirectoryOrganisation, body_id).staff_organisation_id == ours.id


def test_another_language_takes_the_place_of_italian_only_while_it_fits(session: Session) -> None:
    load_known(session, now=NOW)
    service = session.get_one(DirectoryService, known_id("service", "comune-crema", "comune-anagrafe"))
    for field, source in (("name", service.name), ("description", "what it said before")):
        session.add(
            DirectoryTranslation(
                entry_kind=EntryKind.SERVICE,
                entry_id=service.id,
                field=field,
                language="fr",
                text="Mairie",
                source_sha256=hash_of(source),
            )
        )
    session.flush()
    found = {each["id"]: each for each in nested_services(flat_tables(session, language="fr"))}[service.id]
    assert (found["name"], found["description"]) == ("Mairie", service.description)
    topics = [each["taxonomy_term"]["name"] for each in found["attributes"] if each["link_type"] == "topic"]
    assert topics
    assert topics != ["residency_registration"]
    assert not any(each["link_type"] == "translation" for each in found["attributes"])


def test_the_package_describes_its_tables_and_their_columns(session: Session) -> None:
    load_known(session, now=NOW)
    with zipfile.ZipFile(io.BytesIO(exported(session, "zip"))) as made:
        described = json.loads(made.read("datapackage.json"))
        assert {each["path"] for each in described["resources"]} == set(made.namelist()) - {
            "datapackage.json"
        }
        for each in described["resources"]:
            heading = next(csv.reader(io.StringIO(made.read(each["path"]).decode())))
            assert heading == [field["name"] for field in each["schema"]["fields"]]


def test_the_validator_holds_nested_objects_against_schemas_that_refer_to_each_other(tmp_path: Path) -> None:
    base = "https://schemas.example/"
    service = {
        "$id": f"{base}service.json",
        "type": "object",
        "required": ["id"],
        "properties": {
            "id": {"type": "string", "format": "uuid"},
            "url": {"type": "string", "format": "uri"},
            "last_modified": {"type": "string", "format": "date-time"},
            "phones": {"type": "array", "items": {"$ref": "phone.json"}},
        },
    }
    phone = {"$id": f"{base}phone.json", "type": "object", "required": ["number"]}
    (tmp_path / "service.json").write_text(json.dumps(service))
    (tmp_path / "phone.json").write_text(json.dumps(phone))
    right = {"id": str(uuid.uuid4()), "phones": [{"number": "112"}]}
    wrong = {"id": "7", "phones": [{}], "url": "no address", "last_modified": "today"}
    verdict = validate(read_schemas(tmp_path), {"service": [right, wrong]})[0]
    assert verdict.objects == 2
    places = sorted(re.split(r": ", problem)[0] for problem in verdict.problems)
    assert places == ["service[1].id", "service[1].last_modified", "service[1].phones[0]", "service[1].url"]
    (tmp_path / "phone.json").unlink()
    with pytest.raises(SchemasMissing):
        validate(read_schemas(tmp_path), {"service": [right]})
    (tmp_path / "service.json").unlink()
    with pytest.raises(SchemasMissing):
        read_schemas(tmp_path)


@pytest.mark.skipif(
    not SCHEMAS,
    reason="SPORTELLO_TEST_HSDS_SCHEMAS names no folder with the published schemas (docs/directory.md)",
)
def test_the_export_passes_the_published_schemas(session: Session) -> None:
    load_known(session, now=NOW)
    fill(session, 9, bodies=30)
    tables = flat_tables(session)
    verdicts = validate(read_schemas(Path(str(SCHEMAS))), {**tables, "service": nested_services(tables)})
    assert [problem for verdict in verdicts for problem in verdict.problems] == []
    assert {verdict.schema for verdict in verdicts} >= {"service"}


async def test_who_asks_while_the_line_is_full_is_told_when_to_come_back(
    http: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    turns = Turns(at_once=1, in_line=1, full=hsds_api.HsdsBusy)
    monkeypatch.setattr(hsds_api, "_TURNS", turns)
    with turns.one():
        answer = await http.get("/hsds/services")
        assert (answer.status_code, answer.headers["Retry-After"]) == (429, "2")
    assert (await http.get("/hsds/services?per_page=1")).json()["contents"] == []
