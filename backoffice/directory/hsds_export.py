"""The directory as HSDS: flat tables, and services with all that belongs to them (HSDS: fully nested).

In Italian it is whole: translations that still fit go along as attributes, and an import makes the same
directory of it. In another language its texts take the place of the Italian ones, for people to read.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, time
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from backoffice.directory.hsds_tables import MANY, NOT_KNOWN, ONE, TABLES
from backoffice.directory.hsds_terms import FACT, TOPIC, TRANSLATION, Flat, attribute, language_name, made_id
from backoffice.directory.hsds_terms import term as make_term
from backoffice.directory.models import (
    DirectoryLocation,
    DirectoryOrganisation,
    DirectoryService,
    ServiceAtLocation,
)
from backoffice.directory.part_models import (
    DirectoryAccessibility,
    DirectoryContact,
    DirectoryCostOption,
    DirectoryDocument,
    DirectoryLanguage,
    DirectoryPhone,
    DirectorySchedule,
    DirectoryTranslation,
    HolidayRule,
    ScheduleKind,
)
from backoffice.directory.words import KINDS, TRANSLATED, Words, is_stale, words_in
from backoffice.italy import ROME
from translations.languages import SOURCE

Tables = Mapping[str, Sequence[Flat]]
"""By name the rows of every table of HSDS, each table by id."""

MODELS: Mapping[str, type[Any]] = {
    "organization": DirectoryOrganisation,
    "service": DirectoryService,
    "location": DirectoryLocation,
    "service_at_location": ServiceAtLocation,
    "contact": DirectoryContact,
    "phone": DirectoryPhone,
    "schedule": DirectorySchedule,
    "language": DirectoryLanguage,
    "cost_option": DirectoryCostOption,
    "required_document": DirectoryDocument,
    "accessibility": DirectoryAccessibility,
}


def flat_tables(session: Session, *, language: str = SOURCE) -> Tables:
    """Return the whole directory as the tables of HSDS."""
    made = _Export(words_in(session, language))
    entries: dict[str, Any] = {}
    for name, model in MODELS.items():
        for entry in session.scalars(select(model)):
            entries[entry.id] = entry
            made.add(name, entry)
    if language == SOURCE:
        for row in session.scalars(select(DirectoryTranslation)):
            entry = entries.get(row.entry_id)
            if entry is not None and not is_stale(row, entry):
                made.add_translation(row)
    return made.tables()


def nested_services(tables: Tables) -> list[dict[str, Any]]:
    """Return every service with all that belongs to it, by id."""
    nesting = Nesting(tables)
    return [nesting.whole("service", row) for row in tables["service"]]


class Nesting:
    """Puts rows into each other as HSDS's JSON has them."""

    def __init__(self, tables: Tables) -> None:
        self._by_id = {name: {row["id"]: row for row in rows} for name, rows in tables.items()}
        self._of: dict[tuple[str, str, object], list[Flat]] = defaultdict(list)
        for name, rows in tables.items():
            for row in rows:
                for field in row.keys() & (TABLES[name].owners.keys() | {"link_id", "service_id"}):
                    self._of[name, field, row[field]].append(row)

    def whole(
        self, name: str, row: Flat, *, but: frozenset[str] = frozenset({"locations"})
    ) -> dict[str, Any]:
        """Return a row with all that belongs to it, but for lists that would repeat what is elsewhere."""
        made: dict[str, Any] = self.with_ones(name, row)
        for field, (other, back) in MANY.get(name, {}).items():
            rows = self._of[other, back or "link_id", row["id"]]
            if field not in but and rows:
                made[field] = [self.whole(other, each, but=but) for each in rows]
        return made

    def with_ones(self, name: str, row: Flat) -> dict[str, Any]:
        """Return a row with the single objects that it names, each whole in turn."""
        made: dict[str, Any] = dict(row)
        for field, (other, key) in ONE.get(name, {}).items():
            if key in row:
                made[field] = self.whole(other, self._by_id[other][row[key]])
        return made


class _Export:
    """Gathers rows."""

    def __init__(self, words: Words) -> None:
        self._words = words
        self._rows: dict[str, dict[object, Flat]] = {name: {} for name in TABLES}

    def add(self, name: str, entry: Any) -> None:
        """Add an entry with its attributes, and the address of a place."""
        table, row = TABLES[name], {}
        translated = TRANSLATED[KINDS[type(entry)]] if type(entry) in KINDS else ()
        for column in table.columns:
            if column.ours is not None:
                value = getattr(entry, column.ours)
                if column.ours in translated:
                    value = self._words.say(entry, column.ours)
                row[column.name] = plain(value)
        if isinstance(entry, DirectoryLanguage):
            row["name"] = language_name(entry.code, self._words.language)
        if isinstance(entry, DirectoryOrganisation):
            row["description"] = row["description"] or row["name"]
        self._put(name, row)
        for added in _attributes(name, entry):
            self._put_attribute(added)
        if isinstance(entry, DirectoryLocation) and (entry.address or entry.town or entry.postal_code):
            self._put("address", _address(entry))

    def add_translation(self, row: DirectoryTranslation) -> None:
        """Add a text in another language."""
        made = attribute(
            TRANSLATION, row.language, row.entry_kind.value, row.entry_id, row.text, label=row.field
        )
        self._put_attribute((TRANSLATION, row.language, made))

    def tables(self) -> Tables:
        """Return what was gathered."""
        return {
            name: sorted(rows.values(), key=lambda row: str(row["id"])) for name, rows in self._rows.items()
        }

    def _put_attribute(self, added: tuple[Any, str, Flat]) -> None:
        taxonomy, code, row = added
        self._put("attribute", row)
        self._put("taxonomy_term", make_term(taxonomy, code, self._words.language))
        self._put("taxonomy", taxonomy.row())

    def _put(self, name: str, row: Flat) -> None:
        order = [column.name for column in TABLES[name].columns]
        kept = {field: row[field] for field in order if row.get(field) not in (None, "")}
        self._rows[name][kept["id"]] = kept


def plain(value: Any) -> object:
    """Return a value as HSDS writes it: hours as HH:MM, moments with milliseconds and in UTC."""
    match value:
        case StrEnum():
            return value.value
        case Decimal():
            return int(value) if value == value.to_integral_value() else float(value)
        case datetime():
            return value.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        case date():
            return value.isoformat()
        case time():
            return value.isoformat(timespec="minutes")
    found: object = value
    return found


def _attributes(name: str, entry: Any) -> Iterable[tuple[Any, str, Flat]]:
    facts: dict[str, str | None] = {}
    if isinstance(entry, DirectoryService):
        for code in entry.topics:
            yield TOPIC, code, attribute(TOPIC, code, name, entry.id)
        facts["source"] = entry.source or None
        facts["valid_to"] = entry.valid_to.isoformat() if entry.valid_to else None
    elif isinstance(entry, DirectoryLocation) and entry.step_free is not None:
        facts["step_free"] = "yes" if entry.step_free else "no"
    elif isinstance(entry, DirectorySchedule):
        if entry.kind is not ScheduleKind.REGULAR:
            facts["schedule_kind"] = entry.kind.value
        if entry.on_holidays is not HolidayRule.CLOSED:
            facts["on_holidays"] = entry.on_holidays.value
        if entry.opens_at is not None:
            facts["time_zone"] = ROME.key
    for code, value in facts.items():
        if value is not None:
            yield FACT, code, attribute(FACT, code, name, entry.id, value)


def _address(place: DirectoryLocation) -> Flat:
    return {
        "id": made_id("address", place.id),
        "location_id": place.id,
        "address_1": place.address or NOT_KNOWN,
        "city": place.town or NOT_KNOWN,
        "state_province": place.province or NOT_KNOWN,
        "postal_code": place.postal_code or NOT_KNOWN,
        "country": place.country,
        "address_type": place.location_type.value,
    }
