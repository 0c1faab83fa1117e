"""The form that changes what is known of a person."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Form, Request
from fastapi.responses import Response
from pydantic import ValidationError
from sqlalchemy.orm import Session

from backoffice.audit import service as audit
from backoffice.case.municipalities import municipality_names
from backoffice.case.people import get_changeable_person
from backoffice.clock import ClockDep
from backoffice.database import DbSession
from backoffice.people.choices import countries, scripts, spoken_languages
from backoffice.people.forms import PersonForm, changes_of, faulty_fields, filled_form
from backoffice.people.labels import Difference, differences
from backoffice.person.blind_index import index_key
from backoffice.person.errors import PersonChangedMeanwhile
from backoffice.person.models import Person
from backoffice.person.service import change_person, values_of
from backoffice.staff.models import Staff
from backoffice.staff.sign_in import SignedIn
from backoffice.templating import interface_language, redirect, render

router = APIRouter(prefix="/persons", include_in_schema=False)


@router.get("/{person_id}/edit")
def edit_page(
    request: Request, person_id: str, session: DbSession, staff: SignedIn, clock: ClockDep
) -> Response:
    """Show the form with what is known; who reads is noted in the audit trail."""
    person = get_changeable_person(session, staff, person_id)
    audit.record(
        session,
        by=staff.id,
        action="person.read",
        subject_kind="person",
        subject_id=person.id,
        now=clock(),
    )
    return _show(request, staff, person, filled_form(*values_of(session, person)))


@router.post("/{person_id}/edit")
def submit_edit(
    request: Request,
    person_id: str,
    form: Annotated[PersonForm, Form()],
    session: DbSession,
    staff: SignedIn,
    clock: ClockDep,
) -> Response:
    """Change what was changed on the form; what is wrong, or newer by now, is shown on it."""
    person = get_changeable_person(session, staff, person_id)
    try:
        changes = changes_of(form)
        if not changes:
            return redirect(f"/persons/{person.id}")
        change_person(
            session,
            person,
            changes,
            seen=form.version,
            key=index_key(session),
            by=staff.id,
            now=clock(),
        )
    except ValidationError as wrong:
        return _show(request, staff, person, form, faults=faulty_fields(wrong), status=422)
    except PersonChangedMeanwhile as newer:
        return _show_both(request, session, staff, person, changes, newer)
    return redirect(f"/persons/{person.id}", notice="person_saved")


def _show_both(
    request: Request,
    session: Session,
    staff: Staff,
    person: Person,
    changes: dict[str, Any],
    newer: PersonChangedMeanwhile,
) -> Response:
    """Show the form with the values of now and, over them, what the caller wanted."""
    now, version = values_of(session, person)
    form = filled_form({**now, **changes}, version)
    form.before = filled_form(now, version).before
    both = differences(newer.both, interface_language(request))
    return _show(request, staff, person, form, both=both, status=409)


def _show(
    request: Request,
    staff: Staff,
    person: Person,
    form: PersonForm,
    *,
    faults: list[str] | None = None,
    both: list[Difference] | None = None,
    status: int = 200,
) -> Response:
    ui = interface_language(request)
    return render(
        request,
        "people/edit.html",
        staff=staff,
        status=status,
        person=person,
        form=form,
        faults=faults or [],
        both=both or [],
        countries=countries(ui),
        spoken_languages=spoken_languages(ui, [*form.language_code, form.preferred_language]),
        all_scripts=scripts(ui),
        municipalities=municipality_names(),
    )
