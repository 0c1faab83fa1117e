"""The pages of mediators: their list for a coordinator, and week, absences and profile of each."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import Response

from backoffice.acting import ActingDep
from backoffice.clock import ClockDep
from backoffice.database import DbSession, ReadSession
from backoffice.errors import NotFound
from backoffice.italy import day_in_italy
from backoffice.mediation.candidates import month_of
from backoffice.mediation.forms import read_days, read_profile, read_week
from backoffice.mediation.mediator_view import act_on_mediator, show_mediator
from backoffice.mediation.permissions import (
    get_mediator,
    get_own_absence,
    require_deciding,
    require_mediating,
)
from backoffice.mediation.queries import (
    absences_of,
    mediators_of,
    profiles_of,
    quarters_of_mediators,
)
from backoffice.mediation.roster import add_absence, keep_profile, remove_absence, set_roster
from backoffice.mediation.service import hours_words
from backoffice.posted import version_read
from backoffice.staff.sign_in import SignedIn
from backoffice.templating import redirect, render

router = APIRouter(prefix="/mediation", include_in_schema=False)


@router.get("/me")
def own_page(staff: SignedIn) -> Response:
    """Lead a mediator to their own week."""
    require_mediating(staff)
    return redirect(f"/mediation/mediators/{staff.id}")


@router.get("/mediators")
def mediators_page(
    request: Request, session: ReadSession, staff: SignedIn, clock: ClockDep, language: str = ""
) -> Response:
    """Show the mediators by name, with what they speak and the hours of this month; `language` narrows."""
    require_deciding(staff)
    today = day_in_italy(clock())
    first, after = month_of(today)
    everybody = mediators_of(session, staff.organisation_id)
    spoken = sorted({code for each in everybody for code in each.languages if code != "it"})
    people = [each for each in everybody if not language or language in each.languages]
    ids = [each.id for each in people]
    return render(
        request,
        "mediation/mediators.html",
        staff=staff,
        people=people,
        profiles=profiles_of(session, ids),
        given=quarters_of_mediators(session, ids, first=first, after=after),
        absent={
            each: rows[0]
            for each in ids
            if (rows := absences_of(session, each, today=today)) and rows[0].from_on <= today
        },
        spoken=spoken,
        chosen=language,
        hours_words=hours_words,
    )


@router.get("/mediators/{mediator_id}")
def mediator_page(
    request: Request, mediator_id: str, session: ReadSession, staff: SignedIn, clock: ClockDep
) -> Response:
    """Show a mediator's hours, week, absences and profile."""
    return show_mediator(request, session, staff, mediator_id, clock())


@router.post("/mediators/{mediator_id}/week")
def submit_week(mediator_id: str, acting: ActingDep) -> Response:
    """Write down a mediator's week."""
    mediator = get_mediator(acting.session, acting.staff, mediator_id)

    def act() -> None:
        set_roster(acting.session, mediator, read_week(acting.fields), by=acting.staff.id, now=acting.now)

    return act_on_mediator(acting, mediator, act, place="week")


@router.post("/mediators/{mediator_id}/absences")
def submit_absence(mediator_id: str, acting: ActingDep) -> Response:
    """Write down days on which a mediator cannot be asked."""
    mediator = get_mediator(acting.session, acting.staff, mediator_id)

    def act() -> None:
        first, last = read_days(acting.fields)
        add_absence(
            acting.session, mediator, from_on=first, until_on=last, by=acting.staff.id, now=acting.now
        )

    return act_on_mediator(acting, mediator, act, place="absences")


@router.post("/mediators/{mediator_id}/absences/{mediator_absence_id}/remove")
def submit_absence_removal(
    mediator_id: str, mediator_absence_id: str, session: DbSession, staff: SignedIn, clock: ClockDep
) -> Response:
    """Take an absence away again."""
    if not (
        mediator_absence_id.isascii() and mediator_absence_id.isdecimal() and len(mediator_absence_id) < 12
    ):
        raise NotFound
    found = get_own_absence(session, staff, mediator_id, int(mediator_absence_id))
    remove_absence(session, found, by=staff.id, now=clock())
    return redirect(f"/mediation/mediators/{mediator_id}#absences", notice="mediation_kept")


@router.post("/mediators/{mediator_id}/profile")
def submit_profile(mediator_id: str, acting: ActingDep) -> Response:
    """Write down what is known of a mediator."""
    mediator = get_mediator(acting.session, acting.staff, mediator_id)

    def act() -> None:
        facts = read_profile(acting.fields, mediator.languages)
        version = version_read(acting.fields)
        keep_profile(
            acting.session,
            mediator,
            facts,
            by=acting.staff.id,
            now=acting.now,
            version=-1 if version is None else version,
        )

    return act_on_mediator(acting, mediator, act, place="profile")
