"""Lists of requests and offers, a mediator's days and hours, and what a coordinator counts.

Statements come from `permissions`; months and years are those of Italy, times of work quarters of an hour.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from statistics import median

from sqlalchemy import ColumnElement, Select, exists, func, select
from sqlalchemy.orm import Session

from backoffice.italy import ROME
from backoffice.mediation.models import (
    MediationBudget,
    MediationOffer,
    MediationOfferState,
    MediationRefusal,
    MediationRequest,
    MediationSetting,
    MediationState,
    MediationStep,
    MediatorAbsence,
    MediatorProfile,
    RosterTime,
)
from backoffice.mediation.states import COUNTS_HOURS, quarters_counted
from backoffice.paging import newest_first
from backoffice.staff.models import Organisation, Staff
from backoffice.staff.roles import Role

WORKED = (MediationState.DONE, MediationState.NO_SHOW, MediationState.DISPUTED, MediationState.CONFIRMED)
"""States of what a mediator has done, or has stood there for."""


@dataclass(frozen=True)
class MediationFilters:
    """By what a list of requests is narrowed; None does not narrow. `waits`: nobody has an open offer."""

    state: MediationState | None = None
    language: str | None = None
    setting: MediationSetting | None = None
    asking: str | None = None
    mediator: str | None = None
    urgent: bool | None = None
    starts_from: datetime | None = None
    starts_before: datetime | None = None
    waits: bool = False


@dataclass(frozen=True)
class RequestPage:
    """Some requests, and the cursor of the next ones."""

    requests: Sequence[MediationRequest]
    next: str | None


@dataclass(frozen=True)
class BodyHours:
    """The quarters of an hour of one body in a year: given, taken, and left; no budget is no limit."""

    organisation_id: str
    name: str
    budget: int | None
    used: int
    version: int | None

    @property
    def left(self) -> int | None:
        """What is left, below zero where a coordinator let requests pass; None without a limit."""
        return None if self.budget is None else self.budget - self.used


@dataclass(frozen=True)
class LanguageFigures:
    """What became of the requests for one language in a period."""

    language: str
    requests: int
    refused: int
    lack: int
    """Refused for want of a mediator."""
    quarters: int
    """Worked and confirmed."""
    wait_hours: int | None
    """Half of them had a mediator within so many hours of being asked for; None where none had one."""


def page_of_requests(
    session: Session,
    statement: Select[MediationRequest],
    filters: MediationFilters,
    *,
    limit: int,
    cursor: str | None,
) -> RequestPage:
    """Return one page of requests, those asked for last first.

    Raises:
        InvalidCursor: no list of ours has given the cursor.
    """
    shown, next_cursor = newest_first(
        session,
        narrowed(statement, filters),
        MediationRequest.created_at,
        MediationRequest.id,
        limit=limit,
        cursor=cursor,
    )
    return RequestPage(shown, next_cursor)


def narrowed(statement: Select[MediationRequest], filters: MediationFilters) -> Select[MediationRequest]:
    """Narrow a list of requests."""
    equal = {
        MediationRequest.state: filters.state,
        MediationRequest.language: filters.language,
        MediationRequest.setting: filters.setting,
        MediationRequest.asking_id: filters.asking,
        MediationRequest.mediator_id: filters.mediator,
        MediationRequest.urgent: filters.urgent,
    }
    for column, value in equal.items():
        if value is not None:
            statement = statement.where(column == value)
    if filters.starts_from is not None:
        statement = statement.where(MediationRequest.starts_at >= filters.starts_from)
    if filters.starts_before is not None:
        statement = statement.where(MediationRequest.starts_at < filters.starts_before)
    return waiting_for_mediator(statement) if filters.waits else statement


def waiting_for_mediator(statement: Select[MediationRequest]) -> Select[MediationRequest]:
    """Narrow a list to approved requests that nobody has and nobody is asked for: somebody must look."""
    is_open = exists().where(
        MediationOffer.request_id == MediationRequest.id, MediationOffer.state == MediationOfferState.OFFERED
    )
    return statement.where(MediationRequest.state == MediationState.APPROVED, ~is_open)


def count_by_state(session: Session, statement: Select[MediationRequest]) -> dict[MediationState, int]:
    """Return how many requests of a statement stand in each state."""
    chosen = statement.with_only_columns(MediationRequest.id).subquery()
    counted = (
        select(MediationRequest.state, func.count())
        .where(MediationRequest.id.in_(select(chosen.c.id)))
        .group_by(MediationRequest.state)
    )
    return dict(session.execute(counted).all())


def offers_of_request(session: Session, request_id: str) -> list[MediationOffer]:
    """Return the offers of a request, in the order in which they were made."""
    made = select(MediationOffer).where(MediationOffer.request_id == request_id)
    return list(session.scalars(made.order_by(MediationOffer.offered_at, MediationOffer.id)))


def steps_of_request(session: Session, request_id: str) -> list[MediationStep]:
    """Return the history of a request, oldest first."""
    steps = select(MediationStep).where(MediationStep.request_id == request_id)
    return list(session.scalars(steps.order_by(MediationStep.id)))


def open_offers(
    session: Session, offers: Select[MediationOffer], *, now: datetime
) -> list[tuple[MediationOffer, MediationRequest]]:
    """Return the offers that can be answered, with their requests, the first to begin first."""
    return _with_requests(
        session,
        offers.where(MediationOffer.state == MediationOfferState.OFFERED, MediationOffer.until > now),
        limit=100,
    )


def answered_offers(
    session: Session, offers: Select[MediationOffer], *, limit: int = 20
) -> list[tuple[MediationOffer, MediationRequest]]:
    """Return the offers that are over, such as those that somebody else took, the newest first."""
    over = offers.where(MediationOffer.state != MediationOfferState.OFFERED)
    newest = over.order_by(MediationOffer.offered_at.desc(), MediationOffer.id.desc()).limit(limit)
    made = list(session.scalars(newest))
    requests = _requests(session, {each.request_id for each in made})
    return [(each, requests[each.request_id]) for each in made]


def coming_of(
    session: Session, assigned: Select[MediationRequest], *, now: datetime
) -> list[MediationRequest]:
    """Return what a mediator has before them, or has not reported yet; the first to begin first."""
    ahead = assigned.where(MediationRequest.state == MediationState.ASSIGNED)
    return list(session.scalars(ahead.order_by(MediationRequest.starts_at, MediationRequest.id).limit(200)))


def done_of(
    session: Session, assigned: Select[MediationRequest], *, first: date, after: date
) -> list[MediationRequest]:
    """Return what a mediator has done from a day on and before another, the newest first."""
    done = assigned.where(MediationRequest.state.in_(WORKED), *_in_days(first, after))
    return list(session.scalars(done.order_by(MediationRequest.starts_at.desc(), MediationRequest.id)))


def quarters_of_mediators(
    session: Session, staff_ids: Iterable[str], *, first: date, after: date, but: str | None = None
) -> dict[str, int]:
    """Return the quarters of an hour given by mediators in some days, coming ones with them, travel too.

    `but`: a request that does not count.
    """
    given: Counter[str] = Counter()
    counted = select(MediationRequest).where(
        MediationRequest.mediator_id.in_(set(staff_ids)),
        MediationRequest.state.in_(COUNTS_HOURS),
        *_in_days(first, after),
    )
    for each in session.scalars(counted):
        if each.mediator_id is not None and each.id != but:
            given[each.mediator_id] += quarters_counted(each)
    return dict(given)


def hours_by_body(session: Session, organisation_id: str, year: int) -> list[BodyHours]:
    """Return the hours of every body that has some or asked in a year, by name."""
    budgets = {
        each.asking_id: each
        for each in session.scalars(
            select(MediationBudget).where(
                MediationBudget.organisation_id == organisation_id, MediationBudget.year == year
            )
        )
    }
    used: Counter[str] = Counter()
    counted = select(MediationRequest).where(
        MediationRequest.organisation_id == organisation_id,
        MediationRequest.state.in_(COUNTS_HOURS),
        *_in_days(date(year, 1, 1), date(year + 1, 1, 1)),
    )
    for each in session.scalars(counted):
        used[each.asking_id] += quarters_counted(each)
    bodies = select(Organisation).where(Organisation.id.in_({*budgets, *used}))
    return [
        BodyHours(
            body.id,
            body.name,
            budgets[body.id].quarters if body.id in budgets else None,
            used[body.id],
            budgets[body.id].version if body.id in budgets else None,
        )
        for body in session.scalars(bodies.order_by(Organisation.name, Organisation.id))
    ]


def hours_of_body(session: Session, organisation_id: str, asking_id: str, year: int) -> BodyHours | None:
    """Return the hours of one body in a year; None where it has none and asked for nothing."""
    found = [
        each for each in hours_by_body(session, organisation_id, year) if each.organisation_id == asking_id
    ]
    return found[0] if found else None


def figures_by_language(
    session: Session, organisation_id: str, *, first: date, after: date
) -> list[LanguageFigures]:
    """Return what became of the requests that were to begin in some days, the most wanted language first.

    The wait is from the sending to the acceptance.
    """
    chosen = select(MediationRequest).where(
        MediationRequest.organisation_id == organisation_id,
        MediationRequest.state != MediationState.DRAFT,
        *_in_days(first, after),
    )
    by_language: defaultdict[str, list[MediationRequest]] = defaultdict(list)
    for each in session.scalars(chosen):
        by_language[each.language].append(each)
    waits = waits_of(session, [each.id for group in by_language.values() for each in group])
    rows = [_figures(language, group, waits) for language, group in by_language.items()]
    return sorted(rows, key=lambda row: (-row.requests, row.language))


def mediators_of(session: Session, organisation_id: str, *, language: str | None = None) -> list[Staff]:
    """Return the mediators of a body who work there, by name; `language`: those who speak it."""
    working = select(Staff).where(Staff.organisation_id == organisation_id, Staff.active)
    found = session.scalars(working.order_by(Staff.name, Staff.id))
    return [
        each
        for each in found
        if each.has_role(Role.MEDIATOR) and (language is None or language in each.languages)
    ]


def profiles_of(session: Session, staff_ids: Iterable[str]) -> dict[str, MediatorProfile]:
    """Return what is known of mediators, by their id; nothing is known of who is not there."""
    chosen = select(MediatorProfile).where(MediatorProfile.staff_id.in_(set(staff_ids)))
    return {each.staff_id: each for each in session.scalars(chosen)}


def roster_of(session: Session, staff_id: str) -> list[RosterTime]:
    """Return a mediator's week."""
    chosen = select(RosterTime).where(RosterTime.staff_id == staff_id)
    return list(session.scalars(chosen.order_by(RosterTime.weekday, RosterTime.begins)))


def absences_of(session: Session, staff_id: str, *, today: date) -> list[MediatorAbsence]:
    """Return a mediator's absences that are not over."""
    chosen = select(MediatorAbsence).where(
        MediatorAbsence.staff_id == staff_id, MediatorAbsence.until_on >= today
    )
    return list(session.scalars(chosen.order_by(MediatorAbsence.from_on, MediatorAbsence.id)))


def names_of_bodies(session: Session, organisation_ids: Iterable[str]) -> dict[str, str]:
    """Return the names of bodies by their id."""
    chosen = select(Organisation.id, Organisation.name).where(Organisation.id.in_(set(organisation_ids)))
    return dict(session.execute(chosen).all())


def _figures(language: str, group: list[MediationRequest], waits: dict[str, float]) -> LanguageFigures:
    refused = [each for each in group if each.state is MediationState.REFUSED]
    confirmed = [each for each in group if each.state is MediationState.CONFIRMED]
    waited = [waits[each.id] for each in group if each.id in waits]
    return LanguageFigures(
        language=language,
        requests=len(group),
        refused=len(refused),
        lack=sum(each.refusal is MediationRefusal.NO_MEDIATOR for each in refused),
        quarters=sum(quarters_counted(each) for each in confirmed),
        wait_hours=round(median(waited)) if waited else None,
    )


def waits_of(session: Session, request_ids: list[str]) -> dict[str, float]:
    """Return how many hours each request waited for its first mediator."""
    sent, had = MediationState.REQUESTED.value, MediationState.ASSIGNED.value
    moments: defaultdict[str, dict[str, datetime]] = defaultdict(dict)
    steps = select(MediationStep).where(
        MediationStep.request_id.in_(request_ids),
        MediationStep.after.in_((sent, had)),
    )
    for step in session.scalars(steps.order_by(MediationStep.id)):
        moments[step.request_id].setdefault(step.after, step.at)
    return {
        request_id: (found[had] - found[sent]).total_seconds() / 3600
        for request_id, found in moments.items()
        if had in found and sent in found
    }


def _with_requests(
    session: Session, offers: Select[MediationOffer], *, limit: int
) -> list[tuple[MediationOffer, MediationRequest]]:
    made = list(session.scalars(offers.limit(limit)))
    requests = _requests(session, {each.request_id for each in made})
    pairs = [(each, requests[each.request_id]) for each in made]
    return sorted(pairs, key=lambda pair: (pair[1].starts_at, pair[0].id))


def _requests(session: Session, request_ids: set[str]) -> dict[str, MediationRequest]:
    chosen = select(MediationRequest).where(MediationRequest.id.in_(request_ids))
    return {each.id: each for each in session.scalars(chosen)}


def _in_days(first: date, after: date) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return MediationRequest.starts_at >= _begins(first), MediationRequest.starts_at < _begins(after)


def _begins(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=ROME)
