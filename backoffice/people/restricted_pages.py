"""The page of what is restricted: opened for a reason, there for half an hour, closed by itself."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import Response
from pydantic import BaseModel, Field
from sqlalchemy.orm import Session

from backoffice.case.people import get_changeable_person
from backoffice.clock import ClockDep
from backoffice.database import DbSession
from backoffice.people.labels import Difference, differences
from backoffice.person.details import Restricted
from backoffice.person.errors import PersonChangedMeanwhile
from backoffice.person.models import OpeningReason, Person
from backoffice.person.service import (
    change_restricted,
    open_restricted,
    open_until,
    read_restricted,
    restricted_of_merged,
)
from backoffice.staff.models import Staff
from backoffice.staff.sign_in import SignedIn
from backoffice.templating import interface_language, redirect, render

router = APIRouter(prefix="/persons", include_in_schema=False)


class OpeningForm(BaseModel):
    """Why it shall be opened; what is missing is said on the page."""

    reason: str = Field(default="", max_length=40)
    words: str = Field(default="", max_length=2000)

    @property
    def code(self) -> OpeningReason | None:
        """The reason; None where none was chosen."""
        return next((each for each in OpeningReason if each.value == self.reason), None)


class RestrictedForm(BaseModel):
    """The four fields as they were typed."""

    version: int = Field(default=0, ge=0)
    vulnerability: str = Field(default="", max_length=4000)
    violence: str = Field(default="", max_length=4000)
    status_details: str = Field(default="", max_length=4000)
    health: str = Field(default="", max_length=4000)

    def wanted(self) -> Restricted:
        """Return them; empty is unknown."""
        typed = self.model_dump(exclude={"version"})
        return Restricted.model_validate({name: words.strip() or None for name, words in typed.items()})


@router.get("/{person_id}/restricted")
def restricted_page(
    request: Request, person_id: str, session: DbSession, staff: SignedIn, clock: ClockDep
) -> Response:
    """Show what is restricted to who has opened it, to others the way to open it."""
    person, now = get_changeable_person(session, staff, person_id), clock()
    if open_until(session, person.id, staff_id=staff.id, now=now) is None:
        return _show_closed(request, staff, person)
    restricted, version = read_restricted(session, person, staff_id=staff.id, now=now)
    words = {name: value or "" for name, value in restricted.model_dump().items()}
    return _show_open(request, session, staff, person, RestrictedForm(version=version, **words), now=now)


@router.post("/{person_id}/restricted/open")
def submit_opening(
    request: Request,
    person_id: str,
    form: Annotated[OpeningForm, Form()],
    session: DbSession,
    staff: SignedIn,
    clock: ClockDep,
) -> Response:
    """Open what is restricted for the reader alone."""
    person = get_changeable_person(session, staff, person_id)
    if form.code is None or not form.words.strip():
        return _show_closed(request, staff, person, form, status=422)
    open_restricted(
        session, person, reason=form.code, words=form.words.strip(), staff_id=staff.id, now=clock()
    )
    return redirect(f"/persons/{person.id}/restricted")


@router.post("/{person_id}/restricted")
def submit_restricted(
    request: Request,
    person_id: str,
    form: Annotated[RestrictedForm, Form()],
    session: DbSession,
    staff: SignedIn,
    clock: ClockDep,
) -> Response:
    """Change what is restricted; where the time is over, what was typed stays on the page to be copied."""
    person, now = get_changeable_person(session, staff, person_id), clock()
    if open_until(session, person.id, staff_id=staff.id, now=now) is None:
        return _show_closed(request, staff, person, typed=form, status=403)
    try:
        change_restricted(session, person, form.wanted(), seen=form.version, staff_id=staff.id, now=now)
    except PersonChangedMeanwhile as newer:
        form.version = newer.version
        both = differences(newer.both, interface_language(request))
        return _show_open(request, session, staff, person, form, now=now, both=both, status=409)
    return redirect(f"/persons/{person.id}/restricted", notice="person_saved")


def _show_closed(
    request: Request,
    staff: Staff,
    person: Person,
    form: OpeningForm | None = None,
    *,
    typed: RestrictedForm | None = None,
    status: int = 200,
) -> Response:
    return render(
        request,
        "people/restricted_closed.html",
        staff=staff,
        status=status,
        person=person,
        form=form,
        reasons=list(OpeningReason),
        typed=typed.wanted().model_dump(exclude_none=True) if typed else {},
    )


def _show_open(
    request: Request,
    session: Session,
    staff: Staff,
    person: Person,
    form: RestrictedForm,
    *,
    now: datetime,
    both: list[Difference] | None = None,
    status: int = 200,
) -> Response:
    until = open_until(session, person.id, staff_id=staff.id, now=now)
    assert until is not None  # asked in the same transaction
    page = render(
        request,
        "people/restricted.html",
        staff=staff,
        status=status,
        person=person,
        form=form,
        until=until,
        merged=restricted_of_merged(session, person, staff_id=staff.id, now=now),
        both=both or [],
    )
    # the page leaves the screen when the time is over, without a script
    page.headers["Refresh"] = f"{int((until - now).total_seconds()) + 1}; url=/persons/{person.id}/restricted"
    return page
