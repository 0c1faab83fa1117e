"""The JSON API of mediators' profiles, weeks and absences, of the hours of bodies, and of the figures."""

from __future__ import annotations

from datetime import date

from fastapi import APIRouter
from sqlalchemy.orm import Session

from backoffice.clock import ClockDep
from backoffice.database import DbSession, ReadSession
from backoffice.errors import NotFound
from backoffice.idempotency.headers import KeyHeader
from backoffice.idempotency.service import once
from backoffice.italy import day_in_italy
from backoffice.mediation.candidates import month_of
from backoffice.mediation.errors import RosterInvalid
from backoffice.mediation.permissions import (
    body_with_mediators,
    get_asking_body,
    get_mediator,
    get_own_absence,
    may_ask,
    may_decide,
    require_deciding,
)
from backoffice.mediation.queries import (
    absences_of,
    figures_by_language,
    hours_by_body,
    mediators_of,
    profiles_of,
    quarters_of_mediators,
    roster_of,
)
from backoffice.mediation.roster import (
    ProfileFacts,
    add_absence,
    keep_profile,
    remove_absence,
    set_budget,
    set_roster,
)
from backoffice.mediation.roster_schemas import (
    AbsenceIn,
    AbsenceOut,
    FiguresOut,
    HoursIn,
    HoursList,
    HoursOut,
    MediatorList,
    MediatorOut,
    ProfileDocument,
    RosterIn,
    Year,
    absence_out,
    figures_out,
    hours_out,
    profile_out,
    roster_out,
)
from backoffice.mediation.schemas import PersonOut
from backoffice.staff.models import Staff
from backoffice.staff.sign_in import SignedIn

router = APIRouter(prefix="/api/v1", tags=["mediation"])

EARLIEST = date(2000, 1, 1)
LATEST = date(2100, 1, 1)


@router.get("/mediators")
def list_mediators(session: ReadSession, staff: SignedIn) -> MediatorList:
    """List the mediators of the caller's body."""
    require_deciding(staff)
    found = mediators_of(session, staff.organisation_id)
    return MediatorList(items=[PersonOut(id=each.id, name=each.name) for each in found])


@router.get("/mediators/{mediator_id}")
def read_mediator(mediator_id: str, session: ReadSession, staff: SignedIn, clock: ClockDep) -> MediatorOut:
    """Return what is known of a mediator: a mediator's own, or any of a coordinator's body."""
    return _mediator(session, get_mediator(session, staff, mediator_id), day_in_italy(clock()))


@router.put("/mediators/{mediator_id}/profile")
def put_profile(
    mediator_id: str, wanted: ProfileDocument, session: DbSession, staff: SignedIn, clock: ClockDep
) -> MediatorOut:
    """Write down what is known of a mediator."""
    mediator, now = get_mediator(session, staff, mediator_id), clock()
    facts = ProfileFacts(
        varieties=wanted.varieties,
        levels=wanted.levels,
        settings=tuple(wanted.settings),
        modes=tuple(wanted.modes),
        municipalities=tuple(wanted.municipalities),
        certificate=wanted.certificate,
        most_hours_month=wanted.most_hours_month,
        phone=wanted.phone,
    )
    keep_profile(session, mediator, facts, by=staff.id, now=now)
    return _mediator(session, mediator, day_in_italy(now))


@router.put("/mediators/{mediator_id}/roster")
def put_roster(
    mediator_id: str, wanted: RosterIn, session: DbSession, staff: SignedIn, clock: ClockDep
) -> MediatorOut:
    """Replace a mediator's week."""
    mediator, now = get_mediator(session, staff, mediator_id), clock()
    times = [(each.weekday, each.begins, each.ends) for each in wanted.times]
    set_roster(session, mediator, times, by=staff.id, now=now)
    return _mediator(session, mediator, day_in_italy(now))


@router.post("/mediators/{mediator_id}/absences", status_code=201)
def create_absence(
    mediator_id: str,
    wanted: AbsenceIn,
    session: DbSession,
    staff: SignedIn,
    clock: ClockDep,
    key: KeyHeader = None,
) -> AbsenceOut:
    """Note the days on which a mediator cannot be asked."""
    mediator, now = get_mediator(session, staff, mediator_id), clock()

    def act() -> AbsenceOut:
        days = {"from_on": wanted.from_on, "until_on": wanted.until_on}
        return absence_out(add_absence(session, mediator, **days, by=staff.id, now=now))

    return once(
        session,
        act,
        result_type=AbsenceOut,
        principal=f"staff:{staff.id}",
        operation="mediation.absence",
        key=key,
        request={"mediator": mediator_id, "absence": wanted.model_dump(mode="json")},
        now=now,
    )


@router.delete("/mediators/{mediator_id}/absences/{mediator_absence_id}", status_code=204)
def delete_absence(
    mediator_id: str, mediator_absence_id: int, session: DbSession, staff: SignedIn, clock: ClockDep
) -> None:
    """Take an absence back."""
    absence = get_own_absence(session, staff, mediator_id, mediator_absence_id)
    remove_absence(session, absence, by=staff.id, now=clock())


@router.get("/mediation-hours")
def list_hours(session: ReadSession, staff: SignedIn, clock: ClockDep, year: Year | None = None) -> HoursList:
    """List the hours of bodies in a year: all of them for a coordinator, the caller's own for who asks."""
    if not may_ask(staff) and not may_decide(staff):
        raise NotFound
    asked = year or day_in_italy(clock()).year
    rows = hours_by_body(session, body_with_mediators(session).id, asked)
    is_all = may_decide(staff)
    mine = [each for each in rows if is_all or each.organisation_id == staff.organisation_id]
    return HoursList(items=[hours_out(each) for each in mine])


@router.put("/mediation-hours")
def put_hours(wanted: HoursIn, session: DbSession, staff: SignedIn, clock: ClockDep) -> HoursOut:
    """Say how many quarters of an hour a body may ask for in a year."""
    body = get_asking_body(session, staff, wanted.organisation)
    set_budget(
        session,
        organisation_id=staff.organisation_id,
        asking_id=body.id,
        year=wanted.year,
        quarters=wanted.quarters,
        by=staff.id,
        now=clock(),
        version=wanted.version,
    )
    rows = hours_by_body(session, staff.organisation_id, wanted.year)
    return next(hours_out(each) for each in rows if each.organisation_id == body.id)


@router.get("/mediation-figures")
def read_figures(
    session: ReadSession,
    staff: SignedIn,
    clock: ClockDep,
    first: date | None = None,
    after: date | None = None,
) -> FiguresOut:
    """Return, by language, what became of the requests that were to begin from a day on, before another.

    Without days it is this year.
    """
    require_deciding(staff)
    today = day_in_italy(clock())
    begins, ends = first or date(today.year, 1, 1), after or date(today.year + 1, 1, 1)
    if not EARLIEST <= begins < ends <= LATEST:
        raise RosterInvalid
    rows = figures_by_language(session, staff.organisation_id, first=begins, after=ends)
    return FiguresOut(items=[figures_out(each) for each in rows])


def _mediator(session: Session, mediator: Staff, today: date) -> MediatorOut:
    first, after = month_of(today)
    given = quarters_of_mediators(session, [mediator.id], first=first, after=after)
    return MediatorOut(
        id=mediator.id,
        name=mediator.name,
        languages=mediator.languages,
        gender=mediator.gender,
        profile=profile_out(profiles_of(session, [mediator.id]).get(mediator.id)),
        times=roster_out(roster_of(session, mediator.id)),
        absences=[absence_out(each) for each in absences_of(session, mediator.id, today=today)],
        quarters_month=given.get(mediator.id, 0),
    )
