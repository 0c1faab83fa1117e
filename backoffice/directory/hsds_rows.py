"""Rows of HSDS as a file has them, each with where it stands, and what is wrong with them.

A file is JSON (services with all that belongs to them) or a zip of CSV tables; both end as `Incoming`.
"""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from backoffice.directory.hsds_tables import MANY, ONE, TABLES

MOST_BYTES = 100 * 1024 * 1024
"""How much a package may unpack to."""


@dataclass(frozen=True)
class Problem:
    """What is wrong, and where: `services[3].phones[0]` or `phones.csv, line 5`, and the field."""

    where: str
    field: str
    what: str

    def __str__(self) -> str:
        return f"{self.where}: {self.field}: {self.what}" if self.field else f"{self.where}: {self.what}"


@dataclass(frozen=True)
class Row:
    """One object, without what is empty. Values are as the file has them: in CSV all are text."""

    where: str
    values: Mapping[str, Any]

    @property
    def id(self) -> str:
        """Its identifier, or nothing."""
        return str(self.values.get("id", ""))


@dataclass
class Incoming:
    """What a file says, by table; `left_out` counts what is said there and has no place here."""

    rows: dict[str, list[Row]] = field(default_factory=lambda: {name: [] for name in TABLES})
    problems: list[Problem] = field(default_factory=list)
    left_out: Counter[str] = field(default_factory=Counter)


def read_file(content: bytes) -> Incoming:
    """Read a file of either format; what cannot be read at all is its one problem."""
    if content[:4] == b"PK\x03\x04":
        return _read_package(content)
    return _read_json(content)


def _read_json(content: bytes) -> Incoming:
    incoming = Incoming()
    try:
        document = json.loads(content)
    except (ValueError, RecursionError) as error:
        incoming.problems.append(Problem("file", "", f"neither JSON nor a zip of CSV tables ({error})"))
        return incoming
    if isinstance(document, dict):
        document = document.get("contents", [document])
    if not isinstance(document, list):
        incoming.problems.append(Problem("file", "", "not a list of services"))
        return incoming
    reading = _Reading(incoming)
    for number, service in enumerate(document):
        reading.take("service", service, f"services[{number}]", {})
    return incoming


class _Reading:
    """Takes nested objects apart. One that is told twice has to say the same both times."""

    def __init__(self, incoming: Incoming) -> None:
        self._incoming = incoming
        self._seen: dict[tuple[str, str], Row] = {}

    def take(self, name: str, told: Any, where: str, given: Mapping[str, Any]) -> str | None:
        """Take one object with all that is in it; `given` are fields that its place says. Return its id."""
        if not isinstance(told, dict):
            self._incoming.problems.append(Problem(where, "", f"not an object but {type(told).__name__}"))
            return None
        values = {key: value for key, value in given.items() if value is not None}
        ones, many = ONE.get(name, {}), MANY.get(name, {})
        for key, value in told.items():
            if value is None or value in ("", [], {}) or key in ones or key in many:
                continue
            if TABLES[name].column(key) is None:
                self._incoming.left_out[f"{name}.{key}"] += 1
            else:
                values[key] = value
        own_id = str(values.get("id", ""))
        for key, (other, foreign) in ones.items():
            if told.get(key):
                found = self.take(other, told[key], f"{where}.{key}", self._below(name, values, key))
                values.setdefault(foreign, found)
        self._put(name, Row(where, values))
        for key, (other, back) in many.items():
            below = self._below(name, values, key)
            below |= {back: own_id} if back else {"link_id": own_id, "link_entity": name}
            listed = told.get(key) or []
            if not isinstance(listed, list):
                self._incoming.problems.append(Problem(where, key, "not a list"))
                continue
            for number, each in enumerate(listed):
                self.take(other, each, f"{where}.{key}[{number}]", below)
        return own_id

    def _below(self, name: str, values: Mapping[str, Any], key: str) -> dict[str, Any]:
        """Return what a place says of the objects in it: whose body a service's place belongs to."""
        if name == "service" and key == "service_at_locations":
            return {"\0body": values.get("organization_id")}
        if name == "service_at_location" and key == "location":
            return {"organization_id": values.get("\0body")}
        return {}

    def _put(self, name: str, row: Row) -> None:
        values = {key: value for key, value in row.values.items() if key != "\0body"}
        row = Row(row.where, values)
        before = self._seen.get((name, row.id))
        if row.id and before is not None:
            for key in sorted(before.values.keys() | values.keys()):
                if before.values.get(key) != values.get(key):
                    what = f"says something else than {before.where}"
                    self._incoming.problems.append(Problem(row.where, key, what))
            return
        self._seen[name, row.id] = row
        self._incoming.rows[name].append(row)


def _read_package(content: bytes) -> Incoming:
    incoming = Incoming()
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            listed = [each for each in package.infolist() if not each.is_dir()]
            if sum(each.file_size for each in listed) > MOST_BYTES:
                incoming.problems.append(Problem("file", "", "unpacks to more than 100 MB"))
                return incoming
            files = {each.filename.rpartition("/")[2]: each for each in listed}
            for table in TABLES.values():
                if table.file in files:
                    _read_table(incoming, table.name, package.read(files[table.file]))
            known = {table.file for table in TABLES.values()} | {"datapackage.json"}
            incoming.left_out.update(name for name in files if name not in known)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError) as error:
        incoming.problems.append(Problem("file", "", f"the zip cannot be opened ({error})"))
    return incoming


def _read_table(incoming: Incoming, name: str, content: bytes) -> None:
    table = TABLES[name]
    try:
        reader = csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), strict=True)
        lines = [(reader.line_num, line) for line in reader if line]
    except (UnicodeDecodeError, csv.Error) as error:
        incoming.problems.append(Problem(table.file, "", f"not a CSV table in UTF-8 ({error})"))
        return
    if not lines:
        return
    heading = lines[0][1]
    ids: dict[str, str] = {}
    for line_number, line in lines[1:]:
        where = f"{table.file}, line {line_number}"
        if len(line) != len(heading):
            what = f"{len(line)} cells under a heading of {len(heading)}"
            incoming.problems.append(Problem(where, "", what))
            continue
        told = {key: value for key, value in zip(heading, line, strict=True) if value != ""}
        unknown = [key for key in told if table.column(key) is None]
        incoming.left_out.update(f"{name}.{key}" for key in unknown)
        row = Row(where, {key: value for key, value in told.items() if key not in unknown})
        if row.id and row.id in ids:
            incoming.problems.append(Problem(where, "id", f"is that of {ids[row.id]}, too"))
            continue
        ids[row.id] = where
        incoming.rows[name].append(row)
