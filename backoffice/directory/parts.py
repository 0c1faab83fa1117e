"""What belongs to an entry of the directory: phones, hours, languages, costs, papers, offices, translations.

Each function puts what is given in the place of what was there. What stays keeps its id and its translations.
Functions flush, never commit; rights have been asked before.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from backoffice.audit import service as audit
from backoffice.directory.errors import EntryRefused
from backoffice.directory.facts import (
    AccessibilityFacts,
    CostFacts,
    DocumentFacts,
    Facts,
    PhoneFacts,
    ScheduleFacts,
)
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
)
from backoffice.directory.words import KINDS, TRANSLATED, Entry, hash_of
from translations.languages import SOURCE

Row = TypeVar("Row")

_OWNED_BY = {
    DirectoryOrganisation: "organisation_id",
    DirectoryService: "service_id",
    DirectoryLocation: "location_id",
    ServiceAtLocation: "service_at_location_id",
    DirectoryContact: "contact_id",
    DirectoryPhone: "phone_id",
}


def set_phones(
    session: Session,
    owner: DirectoryOrganisation
    | DirectoryService
    | DirectoryLocation
    | ServiceAtLocation
    | DirectoryContact,
    phones: Sequence[PhoneFacts],
    *,
    by: str,
    now: datetime,
) -> None:
    """Put numbers, with the languages spoken there, in the place of those of an entry."""
    _replace(session, DirectoryPhone, owner, phones, lambda row: row.number, without=("languages",))
    for row in _rows(session, DirectoryPhone, owner):
        spoken = next(each.languages for each in phones if each.number == row.number)
        _put_languages(session, row, spoken)
    _changed(session, owner, by=by, now=now)


def set_schedules(
    session: Session,
    owner: DirectoryService | DirectoryLocation | ServiceAtLocation,
    schedules: Sequence[ScheduleFacts],
    *,
    by: str,
    now: datetime,
) -> None:
    """Put hours, special hours and closed days in the place of those of an entry."""
    _replace(session, DirectorySchedule, owner, schedules, _hours)
    _changed(session, owner, by=by, now=now)


def set_languages(
    session: Session,
    owner: DirectoryService | DirectoryLocation,
    codes: Sequence[str],
    *,
    by: str,
    now: datetime,
) -> None:
    """Put languages that are spoken (ISO 639) in the place of those of a service or a place."""
    _put_languages(session, owner, codes)
    _changed(session, owner, by=by, now=now)


def set_costs(
    session: Session, service: DirectoryService, costs: Sequence[CostFacts], *, by: str, now: datetime
) -> None:
    """Put costs in the place of those of a service."""
    _replace(session, DirectoryCostOption, service, costs, lambda row: (row.option, row.valid_from))
    _changed(session, service, by=by, now=now)


def set_documents(
    session: Session, service: DirectoryService, documents: Sequence[DocumentFacts], *, by: str, now: datetime
) -> None:
    """Put papers in the place of those of a service."""
    _replace(session, DirectoryDocument, service, documents, lambda row: row.document)
    _changed(session, service, by=by, now=now)


def set_accessibility(
    session: Session,
    location: DirectoryLocation,
    accessibility: Sequence[AccessibilityFacts],
    *,
    by: str,
    now: datetime,
) -> None:
    """Put what is known of the way in, in the place of what was known of it."""
    _replace(session, DirectoryAccessibility, location, accessibility, lambda row: row.description)
    _changed(session, location, by=by, now=now)


def set_translation(
    session: Session, entry: Entry, name: str, language: str, text: str, *, by: str, now: datetime
) -> None:
    """Write a text of an entry in another language; an empty one takes it away.

    Raises:
        EntryRefused: this text is not translated, there is no Italian of it, or the language is Italian.
    """
    kind = KINDS[type(entry)]
    source: str | None = getattr(entry, name) if name in TRANSLATED[kind] else None
    if not source or language == SOURCE:
        raise EntryRefused([name])
    row = session.scalars(
        select(DirectoryTranslation)
        .where(DirectoryTranslation.entry_kind == kind, DirectoryTranslation.entry_id == entry.id)
        .where(DirectoryTranslation.field == name, DirectoryTranslation.language == language)
    ).one_or_none()
    if row is None and text.strip():
        row = DirectoryTranslation(entry_kind=kind, entry_id=entry.id, field=name, language=language)
        session.add(row)
    if row is not None and text.strip():
        row.text, row.source_sha256 = text.strip(), hash_of(source)
    elif row is not None:
        session.delete(row)
    note(session, "translated", entry, by=by, now=now)


def _rows(session: Session, kind: type[Row], owner: Any) -> Sequence[Row]:
    column = getattr(kind, _OWNED_BY[type(owner)])
    return session.scalars(select(kind).where(column == owner.id)).all()


def _replace(
    session: Session,
    kind: type[Any],
    owner: Any,
    wanted: Sequence[Facts],
    key: Callable[[Any], Any],
    *,
    without: tuple[str, ...] = (),
) -> None:
    """Keep the rows that are wanted still, so that their translations stay; two of one key are one."""
    column = _OWNED_BY[type(owner)]
    session.flush()
    before = {key(row): row for row in _rows(session, kind, owner)}
    kept = {}
    for facts in wanted:
        kept[key(facts)] = facts
    for known, row in before.items():
        if known not in kept:
            forget(session, row)
            session.delete(row)
    for known, facts in kept.items():
        row = before.get(known)
        if row is None:
            row = kind(**{column: owner.id})
            session.add(row)
        for name, value in facts.model_dump(exclude=set(without)).items():
            setattr(row, name, value)
    session.flush()
    session.expire(owner)


def _hours(schedule: Any) -> tuple[Any, ...]:
    names = (name for name in ScheduleFacts.model_fields if name != "description")
    return tuple(getattr(schedule, name) for name in names)


def _put_languages(session: Session, owner: Any, codes: Sequence[str]) -> None:
    column = _OWNED_BY[type(owner)]
    before = {row.code: row for row in _rows(session, DirectoryLanguage, owner)}
    for code, row in before.items():
        if code not in codes:
            session.delete(row)
    for code in dict.fromkeys(codes):
        if code not in before:
            session.add(DirectoryLanguage(**{column: owner.id}, code=code))
    session.flush()
    session.expire(owner)


def forget(session: Session, entry: Any) -> None:
    """Take away the translations of what goes: they hang on its id alone."""
    rows = select(DirectoryTranslation).where(DirectoryTranslation.entry_id == entry.id)
    for row in session.scalars(rows):
        session.delete(row)


def _changed(session: Session, owner: Any, *, by: str, now: datetime) -> None:
    """Note the change with the entry that staff know: that of the service for its place, its office."""
    entry = owner
    if isinstance(owner, ServiceAtLocation) or (isinstance(owner, DirectoryContact) and owner.service_id):
        entry = session.get_one(DirectoryService, owner.service_id)
    elif isinstance(owner, DirectoryContact):
        entry = session.get_one(DirectoryOrganisation, owner.organisation_id)
    if isinstance(entry, DirectoryService):
        entry.changed_at = now
    entry.version += 1
    session.flush()
    note(session, f"{_NAMES[type(entry)]}_changed", entry, by=by, now=now)


_NAMES: dict[type[Any], str] = {
    DirectoryOrganisation: "organisation",
    DirectoryService: "service",
    DirectoryLocation: "location",
}


def note(session: Session, action: str, entry: Any, *, by: str, now: datetime) -> None:
    """Write an act into the audit trail."""
    audit.record(
        session,
        by=by,
        action=f"directory.{action}",
        subject_kind=entry.__tablename__,
        subject_id=entry.id,
        now=now,
    )
