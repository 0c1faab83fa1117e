"""The forms of the directory: which fields each has, and what a page posts read from them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from backoffice.directory.errors import EntryRefused
from backoffice.directory.facts import (
    AccessibilityFacts,
    CostFacts,
    DocumentFacts,
    Facts,
    PhoneFacts,
    read_facts,
)
from backoffice.directory.part_models import (
    DirectoryAccessibility,
    DirectoryCostOption,
    DirectoryDocument,
    DirectoryPhone,
)
from backoffice.directory.parts import set_accessibility, set_costs, set_documents, set_phones
from backoffice.posted import Fields, one

Shape = Literal["line", "words", "day", "clock", "number", "choice", "languages", "town", "topics", "days"]

_SEVERAL = ("topics", "days", "languages")
"""Fields of which as many are ticked as one likes."""


@dataclass(frozen=True)
class Field:
    """One field: how it is typed, how long it may be, and the codes to choose from."""

    name: str
    shape: Shape = "line"
    size: int = 200
    needed: bool = False
    options: tuple[str, ...] = ()


ORGANISATION_FIELDS = (
    Field("name", needed=True),
    Field("alternate_name"),
    Field("description", "words"),
    Field("website", size=300),
    Field("email", size=254),
)
SERVICE_FIELDS = (
    Field("name", needed=True),
    Field("alternate_name"),
    Field("status", "choice", options=("active", "temporarily closed", "inactive", "defunct")),
    Field("topics", "topics"),
    Field("description", "words"),
    Field("alert", "words"),
    Field("eligibility_description", "words"),
    Field("minimum_age", "number", size=3),
    Field("maximum_age", "number", size=3),
    Field("application_process", "words"),
    Field("fees_description", "words"),
    Field("interpretation_services", "words"),
    Field("url", size=300),
    Field("email", size=254),
)
PLACE_FIELDS = (
    Field("location_type", "choice", options=("physical", "postal", "virtual")),
    Field("name"),
    Field("address"),
    Field("town", "town", size=80),
    Field("province", size=80),
    Field("postal_code", size=10),
    Field("step_free", "choice", options=("", "true", "false")),
    Field("description", "words"),
    Field("transportation", "words"),
    Field("latitude", "number", size=8),
    Field("longitude", "number", size=8),
    Field("url", size=300),
)


@dataclass(frozen=True)
class Part:
    """A list that an entry has: what a row is, how it is typed, and what puts the rows in its place."""

    name: str
    model: type[Any]
    facts: type[Facts]
    fields: tuple[Field, ...]
    kinds: frozenset[str]
    """Of which entries: `bodies`, `services`, `places`, `at`."""
    put: Callable[..., None]


PARTS: Mapping[str, Part] = {
    part.name: part
    for part in (
        Part(
            "phones",
            DirectoryPhone,
            PhoneFacts,
            (
                Field("number", size=40, needed=True),
                Field("kind", "choice", options=("voice", "cell", "text", "fax")),
                Field("description", size=300),
                Field("languages", "languages"),
            ),
            frozenset({"bodies", "services", "places", "at"}),
            set_phones,
        ),
        Part(
            "documents",
            DirectoryDocument,
            DocumentFacts,
            (Field("document", "words", needed=True), Field("uri", size=300)),
            frozenset({"services"}),
            set_documents,
        ),
        Part(
            "costs",
            DirectoryCostOption,
            CostFacts,
            (
                Field("option"),
                Field("amount", "number", size=12),
                Field("amount_description", size=300),
                Field("valid_from", "day"),
                Field("valid_to", "day"),
            ),
            frozenset({"services"}),
            set_costs,
        ),
        Part(
            "accessibility",
            DirectoryAccessibility,
            AccessibilityFacts,
            (Field("description", "words", needed=True), Field("details", "words"), Field("url", size=300)),
            frozenset({"places"}),
            set_accessibility,
        ),
    )
}


def raw_facts(fields: Fields, form: Sequence[Field], *, prefix: str = "") -> dict[str, Any]:
    """Return the fields of a form, or of one of its rows, as they were typed."""
    return {field.name: _typed(fields, field, f"{prefix}{field.name}") for field in form}


def known_facts(row: Any, form: Sequence[Field]) -> dict[str, Any]:
    """Return what is known, as the form writes it."""
    return {field.name: written(getattr(row, field.name)) for field in form}


def written(value: Any) -> Any:
    """Return a value as a field of a form writes it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list | tuple):
        return [getattr(each, "code", each) for each in value]
    if hasattr(value, "strftime") and not hasattr(value, "year"):
        return value.strftime("%H:%M")
    return str(getattr(value, "value", value))


def typed_rows(fields: Fields, form: Sequence[Field], *, prefix: str = "") -> list[dict[str, Any]]:
    """Return the rows of a form in their order, without empty ones and those that are to go.

    Fields are `<prefix><row>.<field>`, rows counted from 0; `<row>.gone` takes one away.
    """
    found = []
    for number in range(_rows_posted(fields, prefix)):
        values = raw_facts(fields, form, prefix=f"{prefix}{number}.")
        if f"{prefix}{number}.gone" not in fields and _says_something(values, form):
            found.append(values)
    return found


def read_rows(kind: type[Facts], rows: Sequence[Mapping[str, Any]], *, prefix: str = "") -> list[Any]:
    """Read the rows of a list.

    Raises:
        EntryRefused: fields are wrong, each as `<prefix><row>.<field>`.
    """
    read, wrong = [], []
    for number, raw in enumerate(rows):
        try:
            read.append(read_facts(kind, raw))
        except EntryRefused as refused:
            wrong += [f"{prefix}{number}.{field.partition('.')[0]}" for field in refused.fields]
    if wrong:
        raise EntryRefused(wrong)
    return read


def _typed(fields: Fields, field: Field, name: str) -> Any:
    if field.shape in _SEVERAL:
        return list(fields.get(name, ()))
    typed = one(fields, name).replace("\r\n", "\n")
    return typed.replace(",", ".") if field.shape == "number" else typed


def _rows_posted(fields: Fields, prefix: str) -> int:
    numbers = [
        name.removeprefix(prefix).partition(".")[0]
        for name in fields
        if name.startswith(prefix) and "." in name
    ]
    return max((int(each) + 1 for each in numbers if each.isdecimal() and len(each) < 4), default=0)


def _says_something(values: Mapping[str, Any], form: Sequence[Field]) -> bool:
    """Tell whether anything was typed or ticked: what has a value from the start says nothing."""
    return any(values[field.name] for field in form if field.shape != "choice")
