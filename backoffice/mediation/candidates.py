"""The mediators for a request as the tables have them: what `choosing` needs to know of each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from backoffice.case.models import Case
from backoffice.conversation.models import Conflict
from backoffice.handoff.models import Assignment
from backoffice.italy import day_in_italy
from backoffice.mediation.choosing import Choice, Mediator, Wanted, choose
from backoffice.mediation.models import (
    MediationConflict,
    MediationMode,
    MediationOffer,
    MediationOfferState,
    MediationRequest,
    MediationSetting,
    MediationState,
    MediatorAbsence,
    RosterTime,
)
from backoffice.mediation.queries import WORKED, mediators_of, profiles_of, quarters_of_mediators
from backoffice.staff.models import Staff
from backoffice.wall import beyond_the_wall

LONGEST = timedelta(hours=8)
"""No request is longer: what began earlier than this before another one is over."""


def choices_for(session: Session, request: MediationRequest) -> list[Choice]:
    """Return every mediator of the request's body who speaks its language, with what hinders each."""
    staff = mediators_of(session, request.organisation_id, language=request.language)
    return choose(wanted_of(session, request), _mediators(session, request, staff))


def next_choices(session: Session, request: MediationRequest, *, number: int) -> list[Choice]:
    """Return the first who fit and were not asked yet, or for whom somebody else was faster."""
    answered = MediationOffer.state != MediationOfferState.TAKEN
    asked = set(
        session.scalars(
            select(MediationOffer.staff_id).where(MediationOffer.request_id == request.id, answered)
        )
    )
    free = [each for each in choices_for(session, request) if each.fits and each.mediator.id not in asked]
    return free[:number]


def wanted_of(session: Session, request: MediationRequest) -> Wanted:
    """Return what a request asks for, and who knows its person or must not."""
    with beyond_the_wall(session):  # a conflict counts, in whichever body's case of the person it was stated
        knows, conflicts = _who_knows(session, request), _in_conflict(session, request)
    return Wanted(
        language=request.language,
        setting=request.setting,
        mode=request.mode,
        starts_at=request.starts_at,
        minutes=request.minutes,
        municipality=request.municipality,
        variety=request.variety,
        gender=request.gender_wished,
        knows=frozenset(knows),
        conflicts=frozenset(conflicts),
    )


def _cases_of_person(request: MediationRequest) -> Select[str]:
    person = select(Case.person_id).where(Case.id == request.case_id).scalar_subquery()
    return select(Case.id).where(Case.person_id == person)


def _conversations_of_person(request: MediationRequest) -> Select[str | None]:
    cases = Case.id.in_(_cases_of_person(request))
    return select(Case.conversation_id).where(cases, Case.conversation_id.is_not(None))


def _who_knows(session: Session, request: MediationRequest) -> set[str]:
    """Return who was with the person as a mediator, or in the chat."""
    if request.case_id is None:
        return set()
    there = select(MediationRequest.mediator_id).where(
        MediationRequest.case_id.in_(_cases_of_person(request)),
        MediationRequest.state.in_(WORKED),
        MediationRequest.id != request.id,
        MediationRequest.mediator_id.is_not(None),
    )
    chatted = select(Assignment.staff_id).where(
        Assignment.conversation_id.in_(_conversations_of_person(request))
    )
    return {each for each in (*session.scalars(there), *session.scalars(chatted)) if each is not None}


def _in_conflict(session: Session, request: MediationRequest) -> set[str]:
    if request.case_id is None:
        return set()
    stated = select(MediationConflict.staff_id).where(
        MediationConflict.case_id.in_(_cases_of_person(request))
    )
    in_chat = select(Conflict.staff_id).where(Conflict.conversation_id.in_(_conversations_of_person(request)))
    return {*session.scalars(stated), *session.scalars(in_chat)}


def _mediators(session: Session, request: MediationRequest, staff: Iterable[Staff]) -> list[Mediator]:
    people = {each.id: each for each in staff}
    profiles = profiles_of(session, people)
    rosters, absences = _rosters(session, people), _absences(session, people, request)
    busy = _busy(session, people, request)
    first, after = month_of(day_in_italy(request.starts_at))
    given = quarters_of_mediators(session, people, first=first, after=after, but=request.id)
    found = []
    for each in people.values():
        profile = profiles.get(each.id)
        found.append(
            Mediator(
                id=each.id,
                languages=frozenset(each.languages),
                gender=each.gender,
                varieties=frozenset(profile.varieties.get(request.language, []) if profile else ()),
                settings=frozenset(MediationSetting(code) for code in (profile.settings if profile else ())),
                modes=frozenset(MediationMode(code) for code in (profile.modes if profile else ())),
                municipalities=frozenset(profile.municipalities if profile else ()),
                roster=tuple(rosters[each.id]),
                absences=tuple(absences[each.id]),
                busy=tuple(busy[each.id]),
                quarters_month=given.get(each.id, 0),
                most_hours_month=profile.most_hours_month if profile else None,
            )
        )
    return found


def month_of(day: date) -> tuple[date, date]:
    """Return the first day of a day's month, and that of the next month."""
    first = day.replace(day=1)
    return first, (first + timedelta(days=32)).replace(day=1)


def _rosters(session: Session, staff_ids: Iterable[str]) -> defaultdict[str, list[tuple[int, time, time]]]:
    found: defaultdict[str, list[tuple[int, time, time]]] = defaultdict(list)
    for each in session.scalars(select(RosterTime).where(RosterTime.staff_id.in_(set(staff_ids)))):
        found[each.staff_id].append((each.weekday, each.begins, each.ends))
    return found


def _absences(
    session: Session, staff_ids: Iterable[str], request: MediationRequest
) -> defaultdict[str, list[tuple[date, date]]]:
    day = day_in_italy(request.starts_at)
    found: defaultdict[str, list[tuple[date, date]]] = defaultdict(list)
    chosen = select(MediatorAbsence).where(
        MediatorAbsence.staff_id.in_(set(staff_ids)),
        MediatorAbsence.from_on <= day,
        MediatorAbsence.until_on >= day,
    )
    for each in session.scalars(chosen):
        found[each.staff_id].append((each.from_on, each.until_on))
    return found


def _busy(
    session: Session, staff_ids: Iterable[str], request: MediationRequest
) -> defaultdict[str, list[tuple[datetime, datetime]]]:
    found: defaultdict[str, list[tuple[datetime, datetime]]] = defaultdict(list)
    chosen = select(MediationRequest).where(
        MediationRequest.mediator_id.in_(set(staff_ids)),
        MediationRequest.state == MediationState.ASSIGNED,
        MediationRequest.starts_at > request.starts_at - LONGEST,
        MediationRequest.starts_at < request.starts_at + timedelta(minutes=request.minutes),
        MediationRequest.id != request.id,
    )
    for each in session.scalars(chosen):
        if each.mediator_id is not None:
            ends_at = each.starts_at + timedelta(minutes=each.minutes)
            found[each.mediator_id].append((each.starts_at, ends_at))
    return found
