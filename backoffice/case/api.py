"""The JSON API of cases (contract, "Backoffice API")."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import AwareDatetime, ValidationError
from sqlalchemy.orm import Session

from backoffice.case.errors import AssigneeUnknown, CursorInvalid, IntakeInvalid
from backoffice.case.models import Case, CaseStatus
from backoffice.case.needs import Need
from backoffice.case.parts import EVERY_PART, parts_of_cases, visible_events, visible_notes, visible_parts
from backoffice.case.people import get_readable_person
from backoffice.case.permissions import (
    can_open,
    get_changeable_case,
    get_contributable_case,
    get_readable_case,
    readable_cases,
    shows,
)
from backoffice.case.phases import moves_from
from backoffice.case.progress import (
    accept_case,
    set_ground,
    set_interviewed,
    set_outcome,
    set_urgent,
    write_review,
)
from backoffice.case.queries import (
    CaseFilters,
    events_of,
    filtered_list,
    names_of_staff,
    notes_of,
    page_of_list,
)
from backoffice.case.requirements import missing_for
from backoffice.case.schemas import (
    INTAKES,
    CaseChange,
    CaseList,
    CaseOpening,
    CaseOut,
    EventList,
    MissingOut,
    NoteIn,
    NoteList,
    NoteOut,
    StepList,
    StepOut,
    case_out,
    event_out,
    note_out,
)
from backoffice.case.service import (
    NewCase,
    add_note,
    assign_case,
    change_municipality,
    change_needs,
    move_case,
    open_case,
    record_reading,
)
from backoffice.case.sorting import NEWEST, order_named
from backoffice.client.schemas import CaseType, LanguageCode, Phase
from backoffice.clock import Clock, ClockDep
from backoffice.database import DbSession, ReadSession
from backoffice.errors import NotFound
from backoffice.idempotency.headers import KeyHeader
from backoffice.idempotency.service import once
from backoffice.paging import InvalidCursor
from backoffice.person.models import Person
from backoffice.staff.models import Staff
from backoffice.staff.sign_in import SignedIn, SignedInCaseStaff

router = APIRouter(prefix="/api/v1/cases", tags=["cases"])

Limit = Annotated[int, Query(ge=1, le=200)]


@router.get("")
def list_cases(
    session: ReadSession,
    staff: SignedInCaseStaff,
    type: CaseType | None = None,
    phase: Phase | None = None,
    status: CaseStatus | None = None,
    assignee: Annotated[str | None, Query(max_length=36)] = None,
    organisation: Annotated[str | None, Query(max_length=80)] = None,
    municipality: Annotated[str | None, Query(max_length=80)] = None,
    language: LanguageCode | None = None,
    need: Need | None = None,
    urgent: bool | None = None,
    opened_from: AwareDatetime | None = None,
    opened_before: AwareDatetime | None = None,
    sort: str = NEWEST,
    q: Annotated[str | None, Query(max_length=200)] = None,
    limit: Limit = 50,
    cursor: Annotated[str | None, Query(max_length=200)] = None,
) -> CaseList:
    """List the cases that the caller may read. `assignee` is an id, `me` or `none`.

    `sort` is `opened`, `updated`, `number` or `municipality`; `-` before it begins with the greatest.
    """
    filters = CaseFilters(
        type=type,
        phase=phase,
        status=status,
        assignee=staff.id if assignee == "me" else assignee,
        organisation=organisation,
        municipality=municipality,
        language=language,
        need=need,
        urgent=urgent,
        opened_from=opened_from,
        opened_before=opened_before,
        q=q,
    )
    found = filtered_list(session, readable_cases(staff), filters, partial(shows, staff))
    order = order_named(sort)
    try:
        page = page_of_list(session, found, limit=limit, cursor=cursor, order=order)
    except InvalidCursor as wrong:
        raise CursorInvalid from wrong
    parts = parts_of_cases(session, staff, page.cases, now=staff.asks_at)
    return CaseList(items=[case_out(case, staff, parts[case.id]) for case in page.cases], next=page.next)


@router.post("", status_code=201)
def create_case(
    opening: CaseOpening, session: DbSession, staff: SignedIn, clock: ClockDep, key: KeyHeader = None
) -> CaseOut:
    """Open a case, for a new person or one who is known."""
    if not can_open(staff, opening.type):
        raise NotFound

    def act() -> CaseOut:
        return case_out(_open(session, opening, staff, clock), staff, EVERY_PART)

    return once(
        session,
        act,
        result_type=CaseOut,
        principal=f"staff:{staff.id}",
        operation="case.create",
        key=key,
        request=opening,
        now=clock(),
    )


@router.get("/{case_id}")
def read_case(case_id: str, session: DbSession, staff: SignedIn, clock: ClockDep) -> CaseOut:
    """Return one case; who reads it is noted in the audit trail."""
    case = get_readable_case(session, staff, case_id)
    record_reading(session, staff, case, now=clock())
    return case_out(case, staff, visible_parts(session, staff, case, now=clock()))


@router.patch("/{case_id}")
def change_case(
    case_id: str, change: CaseChange, session: DbSession, staff: SignedIn, clock: ClockDep
) -> CaseOut:
    """Assign, edit or move a case; the whole change or nothing."""
    case = get_changeable_case(session, staff, case_id)
    now = clock()
    if "assignee" in change.model_fields_set:
        assignee = _assignee(session, change.assignee)
        assign_case(session, case, assignee, by=staff.id, now=now)
    if "municipality" in change.model_fields_set:
        change_municipality(session, case, change.municipality, by=staff.id, now=now, version=change.version)
    if change.needs is not None:
        change_needs(session, case, change.needs, by=staff.id, now=now, version=change.version)
    _go_on(session, case, change, staff, now)
    if change.phase is not None and change.phase is not case.phase:
        why, closing = change.reason, change.closing_reason
        move_case(session, case, change.phase, by=staff.id, now=now, reason=why, closing_reason=closing)
    return case_out(case, staff, EVERY_PART)


@router.get("/{case_id}/steps")
def list_steps(case_id: str, session: ReadSession, staff: SignedIn) -> StepList:
    """Return the steps that are open to a case, each with what is still missing for it."""
    case = get_changeable_case(session, staff, case_id)
    steps = [
        StepOut(
            kind=move.kind,
            to=move.to,
            needs_reason=move.needs_reason,
            missing=[
                MissingOut(code=each.code, link=each.link(case.id))
                for each in missing_for(session, case, move)
            ],
        )
        for move in moves_from(case.phase, case.phase_before_closing)
    ]
    return StepList(items=steps)


@router.get("/{case_id}/notes")
def list_notes(case_id: str, session: ReadSession, staff: SignedIn, clock: ClockDep) -> NoteList:
    """Return the notes of a case that the caller may read, newest first."""
    case = get_readable_case(session, staff, case_id)
    parts = visible_parts(session, staff, case, now=clock())
    notes = notes_of(session, case.id, visible_notes(staff, case, parts))
    names = names_of_staff(session, {note.author_id for note in notes})
    return NoteList(items=[note_out(note, names) for note in notes])


@router.post("/{case_id}/notes", status_code=201)
def create_note(
    case_id: str, note: NoteIn, session: DbSession, staff: SignedIn, clock: ClockDep, key: KeyHeader = None
) -> NoteOut:
    """Add a note to a case; an internal one stays within the writer's body."""
    case = get_contributable_case(session, staff, case_id)

    def act() -> NoteOut:
        added = add_note(
            session,
            case,
            author_id=staff.id,
            kind=note.kind,
            text=note.text,
            contact=note.contact,
            language=note.language,
            now=clock(),
        )
        return note_out(added, {staff.id: staff.name})

    return once(
        session,
        act,
        result_type=NoteOut,
        principal=f"staff:{staff.id}",
        operation="case.note",
        key=key,
        request={"case": case_id, "note": note.model_dump(mode="json")},
        now=clock(),
    )


@router.get("/{case_id}/events")
def list_events(case_id: str, session: ReadSession, staff: SignedIn, clock: ClockDep) -> EventList:
    """Return the history of a case as far as the caller sees it, oldest first."""
    case = get_readable_case(session, staff, case_id)
    parts = visible_parts(session, staff, case, now=clock())
    events = visible_events(staff, case, events_of(session, case.id), parts)
    names = names_of_staff(session, {event.actor for event in events})
    return EventList(items=[event_out(event, names) for event in events])


def _go_on(session: Session, case: Case, change: CaseChange, staff: Staff, now: datetime) -> None:
    """Write down what the phases need, before the case is moved."""
    if change.urgent is not None:
        set_urgent(session, case, change.urgent, by=staff.id, now=now, version=change.version)
    if change.outcome is not None:
        set_outcome(session, case, change.outcome, by=staff.id, now=now)
    if change.ground is not None:
        set_ground(session, case, change.ground, change.ground_words, by=staff.id, now=now)
    if change.accept:
        accept_case(session, case, by=staff.id, now=now)
    if change.interviewed_on is not None:
        set_interviewed(session, case, change.interviewed_on, by=staff.id, now=now)
    if change.review is not None:
        write_review(session, case, change.review, by=staff.id, now=now)


def _open(session: Session, opening: CaseOpening, staff: Staff, clock: Clock) -> Case:
    try:
        intake = INTAKES[opening.type].model_validate(opening.intake)
    except ValidationError as wrong:
        raise IntakeInvalid from wrong
    now = clock()
    new = NewCase(
        type=opening.type,
        person=_person(session, opening, staff, clock),
        organisation_id=staff.organisation_id,
        language=opening.language,
        source=opening.source,
        intake=intake.model_dump(mode="json"),
        needs=tuple(opening.needs),
        municipality=opening.municipality,
        urgent=opening.urgent,
    )
    return get_readable_case(session, staff, open_case(session, new, by=staff.id, now=now).id)


def _person(session: Session, opening: CaseOpening, staff: Staff, clock: Clock) -> Person:
    if (opening.person is None) == (opening.person_id is None):
        raise IntakeInvalid
    if opening.person_id is not None:
        return get_readable_person(session, staff, opening.person_id)
    assert opening.person is not None
    new = opening.person
    person = Person(
        organisation_id=staff.organisation_id,
        name=new.name,
        phone=new.phone,
        languages=list(new.languages) or [opening.language],
        created_at=clock(),
    )
    session.add(person)
    session.flush()
    return person


def _assignee(session: Session, staff_id: str | None) -> Staff | None:
    if staff_id is None:
        return None
    found = session.get(Staff, staff_id)
    if found is None:
        raise AssigneeUnknown
    return found
