"""A case as a row of a spreadsheet, and a word that no spreadsheet runs (docs/security.md, attack 46)."""

from __future__ import annotations

from datetime import datetime

from backoffice.case.schemas import CaseOut
from backoffice.italy import ROME
from translations.catalog import has, text

COLUMNS = (
    "number",
    "type",
    "phase",
    "status",
    "urgent",
    "organisation",
    "assignee",
    "person",
    "phone",
    "language",
    "municipality",
    "needs",
    "opened",
    "updated",
    "closed",
    "closing_reason",
)
"""The columns in their order; their heads are `caselists.column.<name>`."""

_RUN = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "'")
_BLANKS = ("\t", "\r", "\n")


def heads(language: str) -> list[str]:
    """Return the heads of the columns."""
    return [text(f"backoffice.caselists.column.{name}", language) for name in COLUMNS]


def cells(case: CaseOut, language: str) -> list[str]:
    """Return a case as its reader may see it, as words of a language of the pages."""
    return [
        case.number,
        _word("case_type", case.type.value, language),
        _word("phase", case.phase.value, language),
        _word("case_status", case.status.value, language),
        text(f"backoffice.caselists.{'yes' if case.urgent else 'no'}", language),
        case.organisation.name,
        case.assignee.name if case.assignee else "",
        case.person.name or "",
        case.person.phone or "",
        case.language,
        case.municipality or "",
        ", ".join(_word("need", need.value, language) for need in case.needs),
        _moment(case.opened_at),
        _moment(case.updated_at),
        _moment(case.closed_at) if case.closed_at else "",
        _word("closing_reason", case.closing_reason.value, language) if case.closing_reason else "",
    ]


def harmless(words: str) -> str:
    """Return the words as a cell that no spreadsheet takes for a formula; `plain` gives them back."""
    return f"'{words}" if words.lstrip().startswith(_RUN) or words.startswith(_BLANKS) else words


def plain(cell: str) -> str:
    """Return the words of a cell that `harmless` has made, or of any other."""
    return cell[1:] if cell.startswith("'") and harmless(cell[1:]) == cell else cell


def _word(group: str, code: str, language: str) -> str:
    key = f"backoffice.{group}.{code}"
    return text(key, language) if has(key) else code


def _moment(value: datetime) -> str:
    return value.astimezone(ROME).strftime("%Y-%m-%d %H:%M")
