"""The tabular data package of HSDS: one CSV file for each table, and `datapackage.json` that describes them.

The same directory makes the same bytes. Cells are as they are, for programs: a spreadsheet may take one that
begins with `=` for a formula.
"""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Mapping
from typing import Any

from backoffice.directory.hsds_export import Tables
from backoffice.directory.hsds_tables import PROFILE, TABLES, VERSION, Kind, Table

_TYPES: Mapping[Kind, Mapping[str, str]] = {
    Kind.TEXT: {"type": "string"},
    Kind.ID: {"type": "string", "format": "uuid"},
    Kind.WHOLE: {"type": "number"},
    Kind.NUMBER: {"type": "number"},
    Kind.DAY: {"type": "date"},
    Kind.HOUR: {"type": "time", "format": "%H:%M"},
    Kind.MOMENT: {"type": "datetime", "format": "%Y-%m-%dT%H:%M:%S.%fZ"},
    Kind.URI: {"type": "string", "format": "uri"},
    Kind.EMAIL: {"type": "string", "format": "email"},
}
_LONG_AGO = (1980, 1, 1, 0, 0, 0)


def make_package(tables: Tables) -> bytes:
    """Return the zip of all tables."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as package:
        _put(package, "datapackage.json", json.dumps(_describe(), indent=2, ensure_ascii=False) + "\n")
        for table in TABLES.values():
            _put(package, table.file, _as_csv(table, tables))
    return held.getvalue()


def _put(package: zipfile.ZipFile, name: str, content: str) -> None:
    entry = zipfile.ZipInfo(name, date_time=_LONG_AGO)
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.external_attr = 0o644 << 16
    package.writestr(entry, content.encode())


def _as_csv(table: Table, tables: Tables) -> str:
    held = io.StringIO(newline="")
    writer = csv.DictWriter(held, [column.name for column in table.columns], lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(tables[table.name])
    return held.getvalue()


def _describe() -> dict[str, Any]:
    return {
        "profile": "tabular-data-package",
        "name": "human-services-data",
        "title": "Human Services Data Specification",
        "version": VERSION,
        "homepage": PROFILE,
        "resources": [_resource(table) for table in TABLES.values()],
    }


def _resource(table: Table) -> dict[str, Any]:
    fields = []
    for column in table.columns:
        made: dict[str, Any] = {"name": column.name, **_TYPES[column.kind]}
        if column.required:
            made["constraints"] = {"required": True, **({"unique": True} if column.name == "id" else {})}
        fields.append(made)
    keys = [
        {"fields": name, "reference": {"resource": TABLES[other].file.partition(".")[0], "fields": "id"}}
        for name, other in table.owners.items()
    ]
    schema: dict[str, Any] = {"fields": fields, "primaryKey": "id"}
    return {
        "profile": "tabular-data-resource",
        "name": table.file.partition(".")[0],
        "path": table.file,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "schema": schema | ({"foreignKeys": keys} if keys else {}),
    }
