"""HSDS into the directory: each row is read and checked first; nothing is written while anything is wrong."""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID

from backoffice.directory.errors import EntryRefused
from backoffice.directory.facts import read_facts
from backoffice.directory.hsds_export import MODELS
from backoffice.directory.hsds_rows import Incoming, Problem, Row
from backoffice.directory.hsds_tables import NOT_KNOWN, TABLES, Column, Kind, Table
from backoffice.directory.hsds_terms import FACT, TOPIC, TRANSLATION
from backoffice.directory.part_models import DirectoryTranslation, EntryKind
from backoffice.directory.words import TRANSLATED, hash_of
from backoffice.italy import ROME
from translations.languages import SOURCE

_LANGUAGE = re.compile(r"[a-z]{2,3}")


@dataclass
class Checked:
    """Rows of ours, ready to be written in this order, or what is wrong."""

    entries: list[Any] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    left_out: Mapping[str, int] = field(default_factory=dict)

    @property
    def services(self) -> int:
        """How many services there are."""
        return sum(isinstance(each, MODELS["service"]) for each in self.entries)


def check(incoming: Incoming, *, now: datetime) -> Checked:
    """Read and check what a file says; problems are in the order of its tables and rows."""
    return _Check(incoming, now).run()


class _Check:
    def __init__(self, incoming: Incoming, now: datetime) -> None:
        self._incoming = incoming
        self._now = now
        self._problems = list(incoming.problems)
        self._left_out = incoming.left_out.copy()
        self._ids = {name: {row.id for row in rows} for name, rows in incoming.rows.items()}
        self._facts: dict[str, dict[str, str]] = defaultdict(dict)
        self._topics: dict[str, list[str]] = defaultdict(list)
        self._texts: list[tuple[Row, Mapping[str, str]]] = []
        self._addresses: dict[str, Mapping[str, Any]] = {}

    def run(self) -> Checked:
        """Return the entries, or the problems."""
        self._read_attributes()
        self._read_addresses()
        entries: dict[str, Any] = {}
        for name, model in MODELS.items():
            for row in self._incoming.rows[name]:
                made = self._entry(TABLES[name], row)
                if made is not None:
                    entries[row.id] = model(**made)
        self._refuse_twice_given()
        texts = list(self._translations(entries))
        return Checked([] if self._problems else [*entries.values(), *texts], self._problems, self._left_out)

    def _say(self, row: Row, name: str, what: str) -> None:
        self._problems.append(Problem(row.where, name, what))

    def _read_attributes(self) -> None:
        """Sort what attributes say: topics, facts and translations of ours; others have no place here."""
        terms = {row.id: row for row in self._incoming.rows["taxonomy_term"]}
        for row in self._incoming.rows["attribute"]:
            term = terms.get(str(row.values.get("taxonomy_term_id")))
            taxonomy = term.values.get("taxonomy_id") if term else None
            code, link = str(term.values.get("code", "")) if term else "", str(row.values.get("link_id"))
            value = row.values.get("value")
            if taxonomy == TOPIC.id:
                self._topics[link].append(code)
            elif taxonomy == FACT.id and isinstance(value, str):
                self._facts[link][code] = value
            elif taxonomy == TRANSLATION.id and isinstance(value, str):
                self._texts.append((row, {"language": code, "text": value}))
            else:
                self._left_out["attribute"] += 1

    def _read_addresses(self) -> None:
        for row in self._incoming.rows["address"]:
            values = self._values(TABLES["address"], row)
            location = str(row.values.get("location_id"))
            if values is None:
                continue
            if location not in self._ids["location"]:
                self._say(row, "location_id", "there is no such location in the file")
            elif location in self._addresses:
                self._left_out["address"] += 1
            else:
                given = {key: None if value == NOT_KNOWN else value for key, value in values.items()}
                given.pop("id")
                self._addresses[location] = given

    def _entry(self, table: Table, row: Row) -> dict[str, Any] | None:
        """Return the columns of one row of ours; None where something is wrong."""
        values = self._values(table, row)
        if values is None or not self._hangs_right(table, row):
            return None
        facts = self._facts[row.id]
        match table.name:
            case "service":
                values.setdefault("changed_at", self._now)
                values["topics"] = self._topics[row.id]
                values["source"] = facts.get("source", "")
                values["valid_to"] = facts.get("valid_to")
            case "location":
                values |= self._addresses.get(row.id, {})
                values["step_free"] = {"yes": True, "no": False}.get(facts.get("step_free", ""))
            case "schedule":
                zone = facts.get("time_zone", ROME.key)
                if zone != ROME.key:
                    self._say(row, "attributes", f"hours of {zone}: only those of {ROME.key} can be taken")
                values |= {
                    name: facts[code]
                    for name, code in (("kind", "schedule_kind"), ("on_holidays", "on_holidays"))
                    if code in facts
                }
        return self._with_facts(table, row, values)

    def _with_facts(self, table: Table, row: Row, values: dict[str, Any]) -> dict[str, Any] | None:
        """Hold values against the rules of the pages, so that nothing comes in which they would refuse."""
        if table.facts is None:
            return self._language(row, values) if table.name == "language" else values
        told = {name: value for name, value in values.items() if name in table.facts.model_fields}
        try:
            read = read_facts(table.facts, told)
        except EntryRefused as refused:
            names = {column.ours: column.name for column in table.columns if column.ours}
            for each in refused.fields:
                first = each.partition(".")[0]
                shown = values.get(first)
                what = "missing" if shown is None else f"cannot be {shown!r}"
                self._say(row, names.get(first, first), what)
            return None
        nested = {"languages", "phones"}
        return values | read.model_dump(exclude=nested)

    def _language(self, row: Row, values: dict[str, Any]) -> dict[str, Any] | None:
        if _LANGUAGE.fullmatch(values["code"]):
            return values
        self._say(row, "code", f"cannot be {values['code']!r}")
        return None

    def _values(self, table: Table, row: Row) -> dict[str, Any] | None:
        """Return what a row says by our names, read; None where a field is missing or cannot be read."""
        made: dict[str, Any] = {}
        before = len(self._problems)
        for column in table.columns:
            told = row.values.get(column.name)
            if told is None:
                if column.required:
                    self._say(row, column.name, "missing")
                continue
            try:
                read = _read(column, told)
            except (ValueError, InvalidOperation):
                self._say(row, column.name, f"cannot be {told!r}: {_WANTED[column.kind]}")
                continue
            if column.ours is not None:
                made[column.ours] = read
        return made if len(self._problems) == before else None

    def _hangs_right(self, table: Table, row: Row) -> bool:
        """Tell whether a row belongs to exactly one thing, which is in the file."""
        named = {name: other for name, other in table.owners.items() if name in row.values}
        if table.name == "service_at_location":
            named = {"service_id": "service", "location_id": "location"}
        elif table.owners and len(named) != 1:
            self._say(row, " or ".join(table.owners), f"exactly one is wanted, {len(named)} are given")
            return False
        missing = {name: other for name, other in named.items() if row.values[name] not in self._ids[other]}
        for name, other in missing.items():
            self._say(row, name, f"there is no such {other} in the file")
        return not missing

    def _refuse_twice_given(self) -> None:
        pairs: dict[tuple[Any, Any], Row] = {}
        for row in self._incoming.rows["service_at_location"]:
            pair = row.values.get("service_id"), row.values.get("location_id")
            if pair in pairs:
                self._say(row, "location_id", f"the same service and location as {pairs[pair].where}")
            pairs[pair] = row

    def _translations(self, entries: Mapping[str, Any]) -> Iterable[DirectoryTranslation]:
        for row, told in self._texts:
            entity, name = str(row.values.get("link_entity")), str(row.values.get("label"))
            entry = entries.get(str(row.values.get("link_id")))
            kind = EntryKind(entity) if entity in set(EntryKind) else None
            if kind is None or name not in TRANSLATED[kind]:
                self._say(row, "label", f"{entity}.{name} is not translated")
            elif entry is None or not getattr(entry, name, None):
                self._say(row, "link_id", f"there is no text {name} that this translates")
            elif not _LANGUAGE.fullmatch(told["language"]) or told["language"] == SOURCE:
                self._say(row, "taxonomy_term_id", "no language of a translation")
            else:
                source = hash_of(getattr(entry, name))
                yield DirectoryTranslation(
                    entry_kind=kind, entry_id=entry.id, field=name, source_sha256=source, **told
                )


_WANTED: Mapping[Kind, str] = {
    Kind.TEXT: "a text is wanted",
    Kind.ID: "a UUID is wanted",
    Kind.WHOLE: "a whole number is wanted",
    Kind.NUMBER: "a number is wanted",
    Kind.DAY: "a day is wanted, as 2026-12-31",
    Kind.HOUR: "an hour of the local time is wanted, as 09:00",
    Kind.MOMENT: "a moment is wanted, as 2026-12-31T09:00:00.000Z",
    Kind.URI: "a web address is wanted",
    Kind.EMAIL: "an e-mail address is wanted",
}


def _read(column: Column, told: Any) -> Any:
    """Read a value, from JSON or from CSV.

    Raises:
        ValueError: it is not what the field holds.
        InvalidOperation: it is no number.
    """
    if column.kind in (Kind.WHOLE, Kind.NUMBER):
        return _number(told, whole=column.kind is Kind.WHOLE)
    if not isinstance(told, str):
        raise ValueError(column.name)
    match column.kind:
        case Kind.ID:
            if str(UUID(told)) != told:
                raise ValueError(column.name)
        case Kind.DAY:
            return date.fromisoformat(told)
        case Kind.HOUR:
            hour = time.fromisoformat(told)
            if hour.tzinfo is not None or len(told) < len("09:00"):
                raise ValueError(column.name)
            return hour
        case Kind.MOMENT:
            moment = datetime.fromisoformat(told)
            if moment.tzinfo is None:
                raise ValueError(column.name)
            return moment.astimezone(UTC)
    return told


def _number(told: Any, *, whole: bool) -> int | Decimal:
    if isinstance(told, bool) or not isinstance(told, int | float | str):
        raise ValueError("no number")
    number = Decimal(str(told))
    if not math.isfinite(number) or (whole and number != number.to_integral_value()):
        raise ValueError("no number")
    return int(number) if whole else number
