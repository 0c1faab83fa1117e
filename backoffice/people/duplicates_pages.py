"""The pages of duplicates: pairs side by side, what people decide about them, and merges undone."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import Response
from pydantic import Field, create_model
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backoffice.audit import service as audit
from backoffice.case.models import Case
from backoffice.case.people import can_merge_people, get_person_to_merge
from backoffice.case.queries import names_of_staff
from backoffice.clock import ClockDep
from backoffice.database import DbSession
from backoffice.errors import NotFound
from backoffice.people.duplicates import alike, merges_of, pairs_of
from backoffice.people.labels import Difference, differences
from backoffice.people.merging import merge, mergeable_fields, say_not_the_same, undo
from backoffice.person.blind_index import index_key
from backoffice.person.models import Person, PersonMerge
from backoffice.person.service import values_of
from backoffice.staff.sign_in import SignedIn, SignedInCaseStaff
from backoffice.templating import interface_language, redirect, render

router = APIRouter(prefix="/persons", include_in_schema=False)

PAGE = 20
MERGES_SHOWN = 30


_CHOICES: dict[str, Any] = {
    name: (str, Field(default="first", max_length=10)) for name in sorted(mergeable_fields())
}
MergeForm: Any = create_model("MergeForm", **_CHOICES)
"""By field, whose value stays: that of the `first` record or of the `second`."""


@router.get("/duplicates")
def duplicates_page(
    request: Request,
    session: DbSession,
    staff: SignedInCaseStaff,
    clock: ClockDep,
    page: Annotated[int, Query(ge=0, le=500)] = 0,
) -> Response:
    """List pairs that may be one person, and the merges of before; names of both are shown."""
    if not can_merge_people(staff):
        raise NotFound
    pairs = pairs_of(session, staff, limit=PAGE + 1, skip=page * PAGE)
    merges = merges_of(session, staff, limit=MERGES_SHOWN)
    ids = {each for pair in pairs for each in (pair.first, pair.second)}
    ids |= {each for row in merges for each in (row.person_id, row.merged_id)}
    for person_id in sorted(ids):
        _note(session, person_id, staff.id, clock)
    people = session.scalars(select(Person).where(Person.id.in_(ids)))
    return render(
        request,
        "people/duplicates.html",
        staff=staff,
        pairs=pairs[:PAGE],
        following=page + 1 if len(pairs) > PAGE else None,
        page=page,
        people={person.id: person for person in people},
        merges=merges,
        staff_names=names_of_staff(session, {row.merged_by for row in merges}),
    )


@router.get("/{person_id}/duplicates/{other_id}")
def compare_page(
    request: Request, person_id: str, other_id: str, session: DbSession, staff: SignedIn, clock: ClockDep
) -> Response:
    """Show two records side by side."""
    first = get_person_to_merge(session, staff, person_id)
    second = get_person_to_merge(session, staff, other_id)
    for person in (first, second):
        _note(session, person.id, staff.id, clock)
    return render(
        request,
        "people/compare.html",
        staff=staff,
        first=first,
        second=second,
        alike=alike(session, first.id, second.id),
        rows=_rows(session, first, second, interface_language(request)),
        cases={each.id: _count_of_cases(session, each.id) for each in (first, second)},
    )


@router.post("/{person_id}/duplicates/{other_id}/not-same")
def submit_not_same(
    person_id: str, other_id: str, session: DbSession, staff: SignedIn, clock: ClockDep
) -> Response:
    """Remember that two people are two."""
    first = get_person_to_merge(session, staff, person_id)
    second = get_person_to_merge(session, staff, other_id)
    say_not_the_same(session, first, second, by=staff.id, now=clock())
    return redirect("/persons/duplicates", notice="not_same")


@router.post("/{person_id}/duplicates/{other_id}/merge")
def submit_merge(
    request: Request,
    person_id: str,
    other_id: str,
    form: Annotated[MergeForm, Form()],
    session: DbSession,
    staff: SignedIn,
    clock: ClockDep,
) -> Response:
    """Make one person of two; the person of the address stays."""
    stays = get_person_to_merge(session, staff, person_id)
    goes = get_person_to_merge(session, staff, other_id)
    take = frozenset(name for name, whose in form.model_dump().items() if whose == "second")
    key = index_key(session)
    merge(session, stays, goes, take, key=key, by=staff.id, now=clock())
    return redirect(f"/persons/{stays.id}", notice="people_merged")


@router.post("/{person_id}/merges/{merge_id}/undo")
def submit_undo(
    request: Request, person_id: str, merge_id: str, session: DbSession, staff: SignedIn, clock: ClockDep
) -> Response:
    """Take two people apart again."""
    person = get_person_to_merge(session, staff, person_id)
    statement = select(PersonMerge).where(PersonMerge.id == merge_id, PersonMerge.person_id == person.id)
    row = session.scalars(statement).one_or_none()
    if row is None:
        raise NotFound
    undo(session, row, key=index_key(session), by=staff.id, now=clock())
    return redirect("/persons/duplicates", notice="people_apart")


def _rows(session: Session, first: Person, second: Person, language: str) -> list[Difference]:
    """Return every field of which at least one record knows something: `now` of the first."""
    mine, theirs = values_of(session, first)[0], values_of(session, second)[0]
    both = {name: {"now": mine[name], "wanted": theirs[name]} for name in mine}
    return [each for each in differences(both, language) if each.now or each.wanted]


def _count_of_cases(session: Session, person_id: str) -> int:
    return session.scalar(select(func.count()).where(Case.person_id == person_id)) or 0


def _note(session: Session, person_id: str, staff_id: str, clock: ClockDep) -> None:
    audit.record(
        session,
        by=staff_id,
        action="person.duplicates_read",
        subject_kind="person",
        subject_id=person_id,
        now=clock(),
    )
