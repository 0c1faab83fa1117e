"""What somebody reads in the files of a figure: numbers by node, from the texts alone."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import date

from openpyxl import load_workbook

from backoffice.disclosure.axes import ALL
from backoffice.disclosure.tables import BASE, Node, Tables
from backoffice.planning.figure import Dimension, Figure
from backoffice.planning.registry import figure_of
from backoffice.planning.told import Told, split_by
from backoffice.planning_files.document import document_of
from backoffice.planning_files.files import file_of
from backoffice.planning_files.wording import Wording

WORDING = Wording("it", {})
VIEWS = {"language": (Dimension.LANGUAGE,), "door": (Dimension.DOOR,)}

Line = Mapping[str, object]


def figure_with(views: Iterable[str]) -> Figure:
    """Return a figure that is split by language, door, or both, apart from each other."""
    return replace(figure_of("needs"), views={name: VIEWS[name] for name in views})


def told_as(tables: Tables, hidden: frozenset[Node]) -> Told:
    """Return tables as a figure that is told."""
    views = {name: view.axes for name, view in tables.views.items()}
    counts = {node: count for node, count in tables.counts.items() if node not in hidden}
    return Told(
        figure_with(views), 2026, split_by(tables.base, views, tables.untold), counts, hidden, spreads={}
    )


def file_text(told: Told, kind: str) -> bytes:
    """Return a figure as a file, as everybody gets it."""
    return file_of(document_of(told, WORDING, released_on=date(2026, 4, 1)), kind, WORDING)


def read_file(content: bytes, kind: str, tables: Tables) -> dict[Node, int]:
    """Return the numbers that are shown in a file; a line that is missing is nought, as the file says."""
    lines = list(READ[kind](content))
    periods = {str(line["period"]) for line in lines}
    seen = {_node(line, tables): line for line in lines}
    found = {node: int(str(line["count"])) for node, line in seen.items() if line["status"] == "shown"}
    absent = (node for node in tables.nodes() if node not in seen and node.codes[0] in periods)
    return found | dict.fromkeys(absent, 0)


def _node(line: Line, tables: Tables) -> Node:
    view = str(line["table"])
    own = () if view == "total" else VIEWS[view]
    codes = (str(line["period"]), str(line["place"]), *(str(line[each] or ALL) for each in own))
    return tables.node(BASE if view == "total" else view, codes)


def _of_csv(content: bytes) -> Iterable[Line]:
    return csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""))


def _of_json(content: bytes) -> Iterable[Line]:
    for number in json.loads(content)["numbers"]:
        codes = {name: word["code"] for name, word in number["codes"].items()}
        yield {"language": None, "door": None, **number, "place": number["place"]["code"], **codes}


def _of_xlsx(content: bytes) -> Iterable[Line]:
    sheet = load_workbook(io.BytesIO(content), read_only=True).worksheets[0]
    heads, *rows = sheet.iter_rows(values_only=True)
    return [dict(zip(map(str, heads), row, strict=True)) for row in rows]


READ: Mapping[str, Callable[[bytes], Iterable[Line]]] = {
    "csv": _of_csv,
    "json": _of_json,
    "xlsx": _of_xlsx,
}
