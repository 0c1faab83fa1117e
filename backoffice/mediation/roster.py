"""What is kept of mediators and of bodies: profile, week, absences, conflicts, hours of a year.

Functions flush, never commit; rights have been asked before; each change is in the audit trail.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from itertools import pairwise

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from backoffice.audit import service as audit
from backoffice.mediation.errors import ChangedMeanwhile, HoursChangedMeanwhile, RosterInvalid
from backoffice.mediation.models import (
    LanguageLevel,
    MediationBudget,
    MediationConflict,
    MediationMode,
    MediationSetting,
    MediatorAbsence,
    MediatorProfile,
    RosterTime,
)
from backoffice.staff.models import Staff

MOST_TIMES = 50
LONGEST_ABSENCE_DAYS = 400


@dataclass(frozen=True)
class ProfileFacts:
    """What a mediator or a coordinator writes down of a mediator; empty lists say: all of them."""

    varieties: Mapping[str, list[str]] = field(default_factory=dict)
    levels: Mapping[str, LanguageLevel] = field(default_factory=dict)
    settings: tuple[MediationSetting, ...] = ()
    modes: tuple[MediationMode, ...] = ()
    municipalities: tuple[str, ...] = ()
    certificate: str | None = None
    most_hours_month: int | None = None
    phone: str | None = None


def keep_profile(
    session: Session,
    mediator: Staff,
    facts: ProfileFacts,
    *,
    by: str,
    now: datetime,
    version: int | None = None,
) -> MediatorProfile:
    """Write down what is known of a mediator.

    `version`: what was seen, 0 where nothing was written down; None asks nothing.

    Raises:
        ChangedMeanwhile: somebody else has changed it since.
    """
    profile = session.get(MediatorProfile, mediator.id, with_for_update=True)
    if version is not None and version != (profile.version if profile else 0):
        raise ChangedMeanwhile
    if profile is None:
        profile = MediatorProfile(staff_id=mediator.id, organisation_id=mediator.organisation_id, version=0)
        session.add(profile)
    profile.varieties = {language: list(codes) for language, codes in facts.varieties.items() if codes}
    profile.levels = {language: level.value for language, level in facts.levels.items()}
    profile.settings = [each.value for each in facts.settings]
    profile.modes = [each.value for each in facts.modes]
    profile.municipalities = list(facts.municipalities)
    profile.certificate = facts.certificate
    profile.most_hours_month = facts.most_hours_month
    profile.phone = facts.phone
    profile.version += 1
    _note(session, mediator.id, "mediator.profile", by=by, now=now)
    return profile


def set_roster(
    session: Session, mediator: Staff, times: Iterable[tuple[int, time, time]], *, by: str, now: datetime
) -> list[RosterTime]:
    """Replace a mediator's week: weekday (0 is Monday), from, to, on the clock in Italy. None: any time.

    Raises:
        RosterInvalid: a stretch ends before it begins, or two of a day overlap.
    """
    wanted = sorted(times)
    _check_week(wanted)
    session.execute(delete(RosterTime).where(RosterTime.staff_id == mediator.id))
    week = [
        RosterTime(staff_id=mediator.id, weekday=weekday, begins=begins, ends=ends)
        for weekday, begins, ends in wanted
    ]
    session.add_all(week)
    _note(session, mediator.id, "mediator.roster", by=by, now=now)
    return week


def add_absence(
    session: Session, mediator: Staff, *, from_on: date, until_on: date, by: str, now: datetime
) -> MediatorAbsence:
    """Note the days on which a mediator cannot be asked; both belong to it.

    Raises:
        RosterInvalid: it ends before it begins, or lasts more than a year and a month.
    """
    if until_on < from_on or (until_on - from_on).days > LONGEST_ABSENCE_DAYS:
        raise RosterInvalid
    absence = MediatorAbsence(staff_id=mediator.id, from_on=from_on, until_on=until_on)
    session.add(absence)
    _note(session, mediator.id, "mediator.absence", by=by, now=now)
    return absence


def remove_absence(session: Session, absence: MediatorAbsence, *, by: str, now: datetime) -> None:
    """Take an absence back."""
    session.delete(absence)
    _note(session, absence.staff_id, "mediator.absence_removed", by=by, now=now)


def state_conflict(session: Session, case_id: str, mediator: Staff, *, by: str, now: datetime) -> None:
    """Note that a mediator must not have to do with a case's person; why is not written down."""
    if session.get(MediationConflict, (case_id, mediator.id)) is not None:
        return
    session.add(MediationConflict(case_id=case_id, staff_id=mediator.id, stated_by=by, at=now))
    _note(session, mediator.id, "mediator.conflict", by=by, now=now)


def set_budget(
    session: Session,
    *,
    organisation_id: str,
    asking_id: str,
    year: int,
    quarters: int,
    by: str,
    now: datetime,
    version: int | None = None,
) -> MediationBudget:
    """Say how many quarters of an hour a body may ask for in a year.

    `version`: what the coordinator saw; None asks nothing.

    Raises:
        HoursChangedMeanwhile: somebody else has changed them since.
    """
    chosen = select(MediationBudget).where(
        MediationBudget.organisation_id == organisation_id,
        MediationBudget.asking_id == asking_id,
        MediationBudget.year == year,
    )
    budget = session.scalars(chosen.with_for_update()).one_or_none()
    if budget is None:
        budget = MediationBudget(
            organisation_id=organisation_id, asking_id=asking_id, year=year, quarters=quarters, version=0
        )
        session.add(budget)
    elif version is not None and version != budget.version:
        raise HoursChangedMeanwhile
    budget.quarters, budget.changed_by = quarters, by
    budget.version += 1
    audit.record(
        session, by=by, action="mediation.budget", subject_kind="organisation", subject_id=asking_id, now=now
    )
    session.flush()
    return budget


def _check_week(times: list[tuple[int, time, time]]) -> None:
    if len(times) > MOST_TIMES:
        raise RosterInvalid
    for weekday, begins, ends in times:
        if not 0 <= weekday <= 6 or begins >= ends:
            raise RosterInvalid
    for (day, _begins, ends), (next_day, begins, _ends) in pairwise(times):
        if day == next_day and begins < ends:
            raise RosterInvalid


def _note(session: Session, staff_id: str, action: str, *, by: str, now: datetime) -> None:
    audit.record(session, by=by, action=action, subject_kind="staff", subject_id=staff_id, now=now)
    session.flush()
