"""The texts of the directory in a language: the translation while it fits its Italian, else the Italian."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session

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
    DirectoryPhone,
    DirectorySchedule,
    DirectoryTranslation,
    EntryKind,
)
from translations.languages import SOURCE

Entry = (
    DirectoryOrganisation
    | DirectoryService
    | DirectoryLocation
    | ServiceAtLocation
    | DirectorySchedule
    | DirectoryCostOption
    | DirectoryDocument
    | DirectoryAccessibility
    | DirectoryPhone
    | DirectoryContact
)

KINDS: Mapping[type[Entry], EntryKind] = {
    DirectoryOrganisation: EntryKind.ORGANISATION,
    DirectoryService: EntryKind.SERVICE,
    DirectoryLocation: EntryKind.LOCATION,
    ServiceAtLocation: EntryKind.SERVICE_AT_LOCATION,
    DirectorySchedule: EntryKind.SCHEDULE,
    DirectoryCostOption: EntryKind.COST_OPTION,
    DirectoryDocument: EntryKind.REQUIRED_DOCUMENT,
    DirectoryAccessibility: EntryKind.ACCESSIBILITY,
    DirectoryPhone: EntryKind.PHONE,
    DirectoryContact: EntryKind.CONTACT,
}

TRANSLATED: Mapping[EntryKind, Sequence[str]] = {
    EntryKind.ORGANISATION: ("name", "alternate_name", "description"),
    EntryKind.SERVICE: (
        "name",
        "alternate_name",
        "description",
        "fees_description",
        "eligibility_description",
        "application_process",
        "interpretation_services",
        "alert",
    ),
    EntryKind.LOCATION: ("name", "description", "transportation"),
    EntryKind.SERVICE_AT_LOCATION: ("description",),
    EntryKind.SCHEDULE: ("description",),
    EntryKind.COST_OPTION: ("option", "amount_description"),
    EntryKind.REQUIRED_DOCUMENT: ("document",),
    EntryKind.ACCESSIBILITY: ("description", "details"),
    EntryKind.PHONE: ("description",),
    EntryKind.CONTACT: ("department",),
}
"""Which texts of an entry are translated."""


@dataclass(frozen=True)
class Words:
    """What entries say in one language; made by `words_in`."""

    language: str
    found: Mapping[tuple[str, str], tuple[str, str]] = field(default_factory=dict)
    """By entry and field the text, and the hash of the Italian that it translates."""

    def say(self, entry: Entry, name: str) -> str | None:
        """Return a text of an entry, in Italian where there is no translation that still fits."""
        source: str | None = getattr(entry, name)
        text, of = self.found.get((entry.id, name), ("", ""))
        return text if source and text and of == hash_of(source) else source


def words_in(session: Session, language: str) -> Words:
    """Return the texts of the whole directory in a language."""
    if language == SOURCE:
        return Words(SOURCE)
    rows = session.scalars(select(DirectoryTranslation).where(DirectoryTranslation.language == language))
    return Words(language, {(row.entry_id, row.field): (row.text, row.source_sha256) for row in rows})


def translations_of(session: Session, entries: Iterable[Entry]) -> Sequence[DirectoryTranslation]:
    """Return the translations of entries, by entry, field and language."""
    ids = {entry.id for entry in entries}
    rows = session.scalars(select(DirectoryTranslation).where(DirectoryTranslation.entry_id.in_(ids)))
    return sorted(rows, key=lambda row: (row.entry_id, row.field, row.language))


def is_stale(translation: DirectoryTranslation, entry: Entry) -> bool:
    """Tell whether the Italian has changed since it was translated."""
    return translation.source_sha256 != hash_of(getattr(entry, translation.field) or "")


def hash_of(source: str) -> str:
    """Return what tells whether an Italian text is still the one that was translated."""
    return hashlib.sha256(source.encode()).hexdigest()
