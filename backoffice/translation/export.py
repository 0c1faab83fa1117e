"""The phrasebook as a table (CSV, UTF-8): `python -m backoffice.translation.export > pairs.csv`.

A cell that a spreadsheet would run as a formula begins with an apostrophe (docs/security.md, attack 46).
"""

from __future__ import annotations

import csv
import io
import sys
from collections.abc import Iterable, Iterator

from sqlalchemy import select

from backoffice.database import Database
from backoffice.settings import read_settings
from backoffice.translation.models import PhrasebookEntry
from backoffice.translation.queries import Pair, all_pairs

COLUMNS = (
    "source_language",
    "target_language",
    "source_text",
    "target_text",
    "machine_text",
    "author",
    "used",
    "corrected_at",
)

_FORMULA_BEGINS = ("=", "+", "-", "@", "＝", "＋", "－", "＠")


def main() -> None:
    """Write every pair to standard output, the newest correction of each."""
    settings = read_settings()
    database = Database(settings.url, secret=settings.secret)
    sys.stdout.reconfigure(encoding="utf-8", newline="")  # type: ignore[union-attr]  # a text stream has it
    try:
        with database.read() as session:
            for line in as_csv(all_pairs(session, select(PhrasebookEntry))):
                sys.stdout.write(line)
    finally:
        database.close()


def as_csv(pairs: Iterable[Pair]) -> Iterator[str]:
    """Return the lines of the table, the heading first."""
    yield _line(COLUMNS)
    for pair in pairs:
        entry = pair.entry
        yield _line(
            (
                entry.source_language,
                entry.target_language,
                entry.source_text,
                entry.target_text,
                entry.machine_text or "",
                pair.author,
                str(entry.used),
                entry.created_at.isoformat(),
            )
        )


def safe_cell(words: str) -> str:
    """Return the words as a cell that no spreadsheet takes for a formula."""
    is_formula = words.lstrip().startswith(_FORMULA_BEGINS) or words[:1] in ("\t", "\r", "\n")
    return f"'{words}" if is_formula else words


def _line(cells: Iterable[str]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerow([safe_cell(cell) for cell in cells])
    return out.getvalue()


if __name__ == "__main__":
    main()
