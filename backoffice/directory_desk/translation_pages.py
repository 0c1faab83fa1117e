"""The texts of a service in another language, side by side with the Italian."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from backoffice.clock import ClockDep
from backoffice.database import DbSession, ReadSession
from backoffice.directory.models import DirectoryService
from backoffice.directory.part_models import DirectoryTranslation
from backoffice.directory.parts import set_translation
from backoffice.directory.permissions import get_editable_service
from backoffice.directory.queries import get_service
from backoffice.directory.words import KINDS, TRANSLATED, Entry, is_stale, translations_of
from backoffice.posted import one
from backoffice.question.forms import PostedFields
from backoffice.staff.sign_in import SignedIn
from backoffice.templating import redirect, render
from translations.languages import LANGUAGES, SOURCE

router = APIRouter(prefix="/directory/services/{service_id}/translations", include_in_schema=False)

FIRST = "en"
"""The language that is shown when none was chosen."""


@dataclass(frozen=True)
class SideBySide:
    """One text in Italian and in the other language. `is_stale`: the Italian has changed since."""

    entry: Entry
    kind: str
    field: str
    source: str
    text: str
    is_stale: bool

    @property
    def key(self) -> str:
        """Its name in the form."""
        return f"{self.entry.id}.{self.field}"


@router.get("")
def translations_page(
    request: Request,
    service_id: str,
    session: ReadSession,
    staff: SignedIn,
    to: Annotated[str, Query(max_length=3)] = FIRST,
) -> Response:
    """Show every text of a service beside its translation, and how many each language lacks."""
    get_editable_service(session, staff, service_id)
    language = _language(to)
    service = get_service(session, service_id)
    translations = translations_of(session, _entries(service))
    counts = {
        code: sum(not row.text or row.is_stale for row in side_by_side(service, translations, code))
        for code in LANGUAGES
        if code != SOURCE
    }
    return render(
        request,
        "directory_desk/translations.html",
        staff=staff,
        service=service,
        language=language,
        rows=side_by_side(service, translations, language),
        counts=counts,
        edits=True,
    )


@router.post("")
def submit_translations(
    service_id: str, session: DbSession, staff: SignedIn, clock: ClockDep, fields: PostedFields
) -> Response:
    """Write what was changed; a stale text that was only confirmed counts as translated again."""
    get_editable_service(session, staff, service_id)
    language, now = _language(one(fields, "to")), clock()
    service = get_service(session, service_id)
    for row in side_by_side(service, translations_of(session, _entries(service)), language):
        typed = one(fields, f"t.{row.key}").replace("\r\n", "\n")
        is_confirmed = row.is_stale and f"ok.{row.key}" in fields
        if f"t.{row.key}" in fields and (typed != row.text or is_confirmed):
            set_translation(session, row.entry, row.field, language, typed, by=staff.id, now=now)
    to = f"/directory/services/{service_id}/translations?to={language}"
    return redirect(to, notice="directory_saved")


def side_by_side(
    service: DirectoryService, translations: Sequence[DirectoryTranslation], language: str
) -> list[SideBySide]:
    """Return every Italian text of a whole service with its translation, in the order of the page."""
    known = {(each.entry_id, each.field): each for each in translations if each.language == language}
    rows = []
    for entry in _entries(service):
        kind = KINDS[type(entry)]
        for name in TRANSLATED[kind]:
            source, found = getattr(entry, name), known.get((entry.id, name))
            if source:
                text, stale = (found.text, is_stale(found, entry)) if found else ("", False)
                rows.append(SideBySide(entry, kind.value, name, source, text, stale))
    return rows


def _entries(service: DirectoryService) -> Iterator[Entry]:
    yield service
    yield from service.schedules
    yield from service.required_documents
    yield from service.cost_options
    yield from service.phones
    yield from service.contacts
    for at in service.at_locations:
        yield at
        yield from at.schedules
        yield from at.phones
        yield at.location
        yield from at.location.schedules
        yield from at.location.phones
        yield from at.location.accessibility
    yield service.organisation


def _language(code: str) -> str:
    return code if code in LANGUAGES and code != SOURCE else FIRST
