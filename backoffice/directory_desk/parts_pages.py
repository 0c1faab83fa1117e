"""Forms for the lists of an entry: phones, languages, documents, costs, access, and hours with exceptions."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlalchemy.orm import Session

from backoffice.acting import Acting, ActingDep
from backoffice.attempt import Refused, attempt
from backoffice.database import ReadSession
from backoffice.directory.errors import EntryRefused
from backoffice.directory.part_models import DirectoryLanguage, DirectoryPhone, DirectorySchedule
from backoffice.directory.parts import set_languages, set_schedules
from backoffice.directory_desk.entries import Entry, get_entry
from backoffice.directory_desk.forms import PARTS, Field, Part, known_facts, raw_facts, read_rows, typed_rows
from backoffice.directory_desk.hours import (
    EXCEPTION,
    EXCEPTION_FIELDS,
    HOURS_FIELDS,
    KEPT,
    REGULAR,
    as_it_is,
    in_order,
    kind_of,
    known_exception,
    known_hours,
    read_hours,
)
from backoffice.directory_desk.view import refusal
from backoffice.errors import NotFound
from backoffice.posted import one, version_read
from backoffice.staff.models import Staff
from backoffice.staff.sign_in import SignedIn
from backoffice.templating import redirect, render
from translations.languages import LANGUAGES

router = APIRouter(prefix="/directory/{directory_kind}/{directory_id}", include_in_schema=False)

EMPTY_ROWS = 2
"""How many rows a form offers beyond those that there are."""

WITH_HOURS = frozenset({"services", "places", "at"})
WITH_LANGUAGES = frozenset({"services", "places"})


Rows = Sequence[Mapping[str, Any]]


@router.get("/languages")
def languages_page(
    request: Request, directory_kind: str, directory_id: str, session: ReadSession, staff: SignedIn
) -> Response:
    """Show which languages are spoken as boxes to tick."""
    entry = _entry_of(session, staff, directory_kind, directory_id, WITH_LANGUAGES)
    known = [row.code for row in entry.parts(session, DirectoryLanguage)]
    return _show_languages(request, staff, entry, known)


@router.post("/languages")
def submit_languages(directory_kind: str, directory_id: str, acting: ActingDep) -> Response:
    """Change which languages are spoken; others than ours are typed as their codes."""
    entry = _entry_of(acting.session, acting.staff, directory_kind, directory_id, WITH_LANGUAGES)
    typed = [
        *acting.fields.get("languages", ()),
        *one(acting.fields, "others").lower().replace(",", " ").split(),
    ]

    def act() -> None:
        if not all(code.isascii() and code.isalpha() and 2 <= len(code) <= 3 for code in typed):
            raise EntryRefused(["others"])
        _put(acting, entry, set_languages, typed)

    refused = attempt(acting.session, act)
    if refused is not None:
        return _show_languages(acting.request, acting.staff, entry, typed, refused=refused)
    return redirect(f"{entry.page}#languages", notice="directory_saved")


@router.get("/parts/{part}")
def part_page(
    request: Request,
    directory_kind: str,
    directory_id: str,
    part: str,
    session: ReadSession,
    staff: SignedIn,
) -> Response:
    """Show a list of an entry as a form, with empty rows below."""
    entry = get_entry(session, staff, directory_kind, directory_id)
    of = _part(entry, part)
    rows = [known_facts(row, of.fields) for row in _rows(session, entry, of)]
    return _show_part(request, staff, entry, of, rows)


@router.post("/parts/{part}")
def submit_part(directory_kind: str, directory_id: str, part: str, acting: ActingDep) -> Response:
    """Change a list of an entry; what is wrong comes back beside its field."""
    entry = get_entry(acting.session, acting.staff, directory_kind, directory_id)
    of = _part(entry, part)
    typed = typed_rows(acting.fields, of.fields)

    def act() -> None:
        rows = read_rows(of.facts, typed)
        _put(acting, entry, of.put, rows)

    refused = attempt(acting.session, act)
    if refused is not None:
        return _show_part(acting.request, acting.staff, entry, of, typed, refused=refused)
    return redirect(f"{entry.page}#{of.name}", notice="directory_saved")


@router.get("/hours")
def hours_page(
    request: Request, directory_kind: str, directory_id: str, session: ReadSession, staff: SignedIn
) -> Response:
    """Show the hours of an entry as a form: those that come again, exceptions, and rules of an import."""
    entry = _entry_of(session, staff, directory_kind, directory_id, WITH_HOURS)
    schedules = in_order(entry.parts(session, DirectorySchedule))
    regular = [known_hours(each) for each in schedules if kind_of(each) == REGULAR]
    exceptions = [known_exception(each) for each in schedules if kind_of(each) == EXCEPTION]
    return _show_hours(request, staff, entry, regular, exceptions, _kept(schedules))


@router.post("/hours")
def submit_hours(directory_kind: str, directory_id: str, acting: ActingDep) -> Response:
    """Change the hours of an entry; what is wrong comes back beside its field."""
    entry = _entry_of(acting.session, acting.staff, directory_kind, directory_id, WITH_HOURS)
    regular = typed_rows(acting.fields, HOURS_FIELDS, prefix=REGULAR)
    exceptions = typed_rows(acting.fields, EXCEPTION_FIELDS, prefix=EXCEPTION)
    kept = _kept(entry.parts(acting.session, DirectorySchedule))

    def act() -> None:
        rows = read_hours(regular, exceptions)
        rows += [as_it_is(each) for each in kept if f"{KEPT}{each.id}.gone" not in acting.fields]
        _put(acting, entry, set_schedules, rows)

    refused = attempt(acting.session, act)
    if refused is not None:
        return _show_hours(acting.request, acting.staff, entry, regular, exceptions, kept, refused=refused)
    return redirect(f"{entry.page}#hours", notice="directory_saved")


def _part(entry: Entry, name: str) -> Part:
    part = PARTS.get(name)
    if part is None or entry.kind not in part.kinds:
        raise NotFound
    return part


def _entry_of(session: Session, staff: Staff, kind: str, entry_id: str, kinds: frozenset[str]) -> Entry:
    if kind not in kinds:
        raise NotFound
    return get_entry(session, staff, kind, entry_id)


def _rows(session: Session, entry: Entry, part: Part) -> list[Any]:
    rows = entry.parts(session, part.model)
    for row in rows:
        if isinstance(row, DirectoryPhone):
            session.refresh(row, ["languages"])
    return rows


def _kept(schedules: Sequence[DirectorySchedule]) -> list[DirectorySchedule]:
    return [schedule for schedule in schedules if kind_of(schedule) == KEPT]


def _put(acting: Acting, entry: Entry, put: Callable[..., None], rows: Sequence[Any]) -> None:
    """Put a list in the place of the one that the form was made from."""
    entry.require_version(version_read(acting.fields))
    put(acting.session, entry.row, rows, by=acting.staff.id, now=acting.now)


def _show_languages(
    request: Request, staff: Staff, entry: Entry, known: Sequence[str], *, refused: Refused | None = None
) -> Response:
    others = " ".join(sorted(code for code in known if code not in LANGUAGES))
    return _show(request, staff, "languages", entry, refused, known=known, others=others)


def _show_part(
    request: Request, staff: Staff, entry: Entry, part: Part, rows: Rows, *, refused: Refused | None = None
) -> Response:
    lists = [("", part.fields, [*rows, *_empty(part.fields)], len(rows))]
    return _show(request, staff, "part", entry, refused, part=part, lists=lists)


def _show_hours(
    request: Request,
    staff: Staff,
    entry: Entry,
    regular: Rows,
    exceptions: Rows,
    kept: Sequence[DirectorySchedule],
    *,
    refused: Refused | None = None,
) -> Response:
    lists = [
        (REGULAR, HOURS_FIELDS, [*regular, *_empty(HOURS_FIELDS)], len(regular)),
        (EXCEPTION, EXCEPTION_FIELDS, [*exceptions, *_empty(EXCEPTION_FIELDS)], len(exceptions)),
    ]
    return _show(request, staff, "hours", entry, refused, lists=lists, kept=kept)


def _show(
    request: Request, staff: Staff, form: str, entry: Entry, refused: Refused | None, **values: Any
) -> Response:
    return render(
        request,
        f"directory_desk/{form}.html",
        staff=staff,
        entry=entry,
        languages=list(LANGUAGES),
        edits=True,
        **refusal(refused),
        **values,
    )


def _empty(form: Sequence[Field]) -> list[dict[str, Any]]:
    return [raw_facts({}, form) for _ in range(EMPTY_ROWS)]
