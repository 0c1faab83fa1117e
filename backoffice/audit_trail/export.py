"""The trail as a table (CSV, UTF-8). A cell that a spreadsheet would run begins with an apostrophe."""

from __future__ import annotations

import csv
import io
from collections.abc import Collection, Iterable, Iterator

from backoffice.audit.models import AuditEntry
from backoffice.audit.queries import TrailFilters, all_of
from backoffice.audit_trail.queries import names_of
from backoffice.database import Database
from backoffice.translation.export import safe_cell

COLUMNS = (
    "at",
    "chain",
    "seq",
    "staff",
    "actor",
    "roles",
    "action",
    "subject_kind",
    "subject_id",
    "reason",
    "hash",
)


def as_csv(database: Database, chains: Collection[str], filters: TrailFilters) -> Iterator[str]:
    """Give the lines of the table, the heading first, while they are read."""
    yield _line(COLUMNS)
    with database.read() as session:
        for entries in all_of(session, chains, filters):
            names = names_of(session, entries)
            for entry in entries:
                yield _line(_cells(entry, names))


def _cells(entry: AuditEntry, names: dict[str, str]) -> tuple[str, ...]:
    return (
        entry.at.isoformat(),
        entry.chain or "",
        str(entry.seq),
        names.get(entry.actor, ""),
        entry.actor,
        entry.roles or "",
        entry.action,
        entry.subject_kind,
        entry.subject_id,
        entry.reason or "",
        entry.hash or "",
    )


def _line(cells: Iterable[str]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerow([safe_cell(cell) for cell in cells])
    return out.getvalue()
