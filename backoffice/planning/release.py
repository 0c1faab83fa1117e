"""A told figure as a document: kept as it was told, since old cases are corrected and numbers told are not.

A page reads documents; only what makes a release reads cells. The next release of a year is told with the one
before in hand (`told.tell`, `shown_before`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from sys import intern
from typing import Any

from backoffice.disclosure.axes import Axis
from backoffice.disclosure.tables import Node
from backoffice.planning.registry import figure_of
from backoffice.planning.spreads import Spread
from backoffice.planning.told import Told, split_by

VERSION = 1

Document = Mapping[str, Any]


class ReleaseUnreadable(ValueError):
    """A document of another version."""


def document_of(told: Told) -> dict[str, Any]:
    """Return a told figure as JSON has it. It holds no number that is hidden."""
    tables = told.tables
    return {
        "version": VERSION,
        "figure": told.figure.code,
        "year": told.year,
        "base": [_axis_document(axis) for axis in tables.base],
        "views": {name: [_axis_document(axis) for axis in view.axes] for name, view in tables.views.items()},
        "untold": sorted(map(list, tables.untold)),
        "counts": [[node.view, *node.codes, count] for node, count in sorted(told.counts.items())],
        "hidden": [[node.view, *node.codes] for node in sorted(told.hidden)],
        "spreads": [
            [node.view, *node.codes, spread.low, spread.median, spread.high]
            for node, spread in sorted(told.spreads.items())
        ],
    }


def told_of(document: Document) -> Told:
    """Return what a document tells.

    Raises:
        ReleaseUnreadable: it has another version.
        FigureUnknown: its figure is not there any more.
    """
    if document["version"] != VERSION:
        raise ReleaseUnreadable(document["version"])
    views = {name: _axes(axes) for name, axes in document["views"].items()}
    return Told(
        figure=figure_of(document["figure"]),
        year=document["year"],
        tables=split_by(_axes(document["base"]), views, map(tuple, document["untold"])),
        counts={_node(codes): count for *codes, count in document["counts"]},
        hidden=frozenset(map(_node, document["hidden"])),
        spreads={_node(row[:-3]): Spread(*row[-3:]) for row in document["spreads"]},
    )


def _axis_document(axis: Axis) -> dict[str, Any]:
    return {"name": axis.name, "parents": dict(axis.parents)}


def _axes(documents: Iterable[Document]) -> tuple[Axis, ...]:
    return tuple(Axis(each["name"], each["parents"]) for each in documents)


def _node(codes: list[str]) -> Node:
    """Return a node. A document has the same few codes a hundred thousand times: each is kept once."""
    view, *rest = map(intern, codes)
    return Node(view, tuple(rest))
