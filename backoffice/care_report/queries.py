"""Figures of the care-work desk of one body. Days are Italy's.

They name nobody. Only a coordinator of the body reads them, who may open every case that is counted.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from backoffice.care_match.models import CareMatch, CareMatchEvent, CareMatchState, RefusedOffer
from backoffice.care_request.models import (
    CareRequest,
    RefusedCareWish,
    RequestEnd,
    RequestState,
)
from backoffice.care_training.models import Attendance, Course, CourseKind, Enrolment, EnrolmentState
from backoffice.care_worker.models import CareWorker, WorkerState
from backoffice.case.models import Case
from backoffice.client.schemas import CareLevel
from backoffice.engagement.models import (
    Engagement,
    EngagementEvent,
    EngagementState,
    PayPeriod,
)
from backoffice.figures import Count, Period, Spread, count_of, spread_of

IN_THE_REGISTER = frozenset(WorkerState) - {WorkerState.REMOVED, WorkerState.REFUSED}
"""Family assistants who are looked after: all but those refused or removed."""

MADE = (
    EngagementState.SIGNED,
    EngagementState.RUNNING,
    EngagementState.NOTICE,
    EngagementState.ENDED,
)
"""Contracts that were made: also those that have ended since."""


def workers(session: Session, body: str) -> list[Count]:
    """Return the family assistants as they are now: by state, skill, language and town."""
    rows = session.execute(
        select(CareWorker.state, Case.intake)
        .join(Case, Case.id == CareWorker.case_id)
        .where(CareWorker.organisation_id == body)
    ).all()
    states = Counter(state.value for state, _ in rows)
    intakes = [intake for state, intake in rows if state in IN_THE_REGISTER]
    total = len(intakes)
    by_state = count_of("workers_state", "worker_state", states, order=[each.value for each in WorkerState])
    gone = by_state.hides(*(frozenset(WorkerState) - IN_THE_REGISTER))
    several = {"workers_skill": "skills", "workers_language": "languages", "workers_town": "municipalities"}
    groups = {"workers_skill": "care_skill", "workers_language": "language"}
    return [
        by_state,
        *(
            count_of(code, groups.get(code), _several(intakes, name), total=total, hides_total=gone)
            for code, name in several.items()
        ),
    ]


def requests(session: Session, body: str, period: Period) -> list[Count]:
    """Return the requests opened in the period, those ended unmet or still looking, and why pairs failed."""
    ended = session.scalars(
        select(CareRequest.ended_why).where(
            CareRequest.organisation_id == body,
            CareRequest.state == RequestState.CLOSED,
            CareRequest.ended_why != RequestEnd.MET,
            *_within(CareRequest.state_since, period),
        )
    )
    whys = Counter(why.value for why in ended if why is not None)
    met = select(Engagement.request_id).where(Engagement.organisation_id == body, Engagement.state.in_(MADE))
    looking = session.execute(
        select(Case.intake, Case.municipality)
        .join(CareRequest, CareRequest.case_id == Case.id)
        .where(
            CareRequest.organisation_id == body,
            CareRequest.state != RequestState.CLOSED,
            CareRequest.case_id.not_in(met),
            *_within(CareRequest.created_at, period),
        )
    )
    refused = session.execute(
        select(CareMatch.refusal, func.count())
        .where(
            CareMatch.organisation_id == body,
            CareMatch.state == CareMatchState.REFUSED,
            *_within(CareMatch.state_since, period),
        )
        .group_by(CareMatch.refusal)
    )
    asked, towns = opened(session, body, period), Counter(_town(*row) for row in looking)
    return [
        asked,
        count_of("requests_unmet", "request_end", whys),
        count_of("requests_looking", "care_report.town", towns, hides_total=asked.hides()),
        count_of("matches_refused", "care_refusal", _codes(refused)),
    ]


def opened(session: Session, body: str, period: Period) -> Count:
    """Return the requests opened in the period, by how far they are now."""
    rows = session.execute(
        select(CareRequest.state, func.count())
        .where(CareRequest.organisation_id == body, *_within(CareRequest.created_at, period))
        .group_by(CareRequest.state)
    )
    return count_of(
        "requests_opened", "request_state", _codes(rows), order=[each.value for each in RequestState]
    )


def contracts(session: Session, body: str, period: Period) -> list[Count]:
    """Return the contracts signed in the period, by level, and by whether the assistant lives in."""
    rows = session.execute(
        select(Engagement.level, Engagement.live_in).where(
            Engagement.organisation_id == body,
            Engagement.state.in_(MADE),
            Engagement.signed_on >= period.first,
            Engagement.signed_on <= period.last,
        )
    ).all()
    levels = Counter(level.value for level, _ in rows if level is not None)
    living = Counter("live_in" if live_in else "live_out" for _, live_in in rows)
    return [
        count_of("contracts_level", None, levels, order=[each.value for each in CareLevel]),
        count_of("contracts_living", "care_report.living", living, order=["live_in", "live_out"]),
    ]


def times(session: Session, body: str, period: Period) -> list[Spread]:
    """Return the days from the opening of requests of the period until both said yes, and until signing."""
    of_period = select(CareRequest.case_id, CareRequest.created_at).where(
        CareRequest.organisation_id == body, *_within(CareRequest.created_at, period)
    )
    began: dict[str, datetime] = {}
    for case_id, at in session.execute(of_period):
        began[case_id] = at
    agreed = session.execute(
        select(CareMatch.request_id, func.min(CareMatchEvent.at))
        .join(CareMatch, CareMatch.id == CareMatchEvent.match_id)
        .where(
            CareMatch.organisation_id == body, CareMatchEvent.after == CareMatchState.BOTH_INTERESTED.value
        )
        .group_by(CareMatch.request_id)
    )
    signed = session.execute(
        select(Engagement.request_id, func.min(EngagementEvent.at))
        .join(Engagement, Engagement.id == EngagementEvent.engagement_id)
        .where(Engagement.organisation_id == body, EngagementEvent.after == EngagementState.SIGNED.value)
        .group_by(Engagement.request_id)
    )
    return [
        spread_of("days_to_match", _days(began, agreed)),
        spread_of("days_to_contract", _days(began, signed)),
    ]


def refused_offers(session: Session, body: str, period: Period) -> tuple[Count, list[Spread]]:
    """Return the offers below the minimum that were not let through, by level, and how much was lacking."""
    rows = session.execute(
        select(RefusedOffer.level, RefusedOffer.short_per, RefusedOffer.short_eur).where(
            RefusedOffer.organisation_id == body, *_within(RefusedOffer.refused_at, period)
        )
    ).all()
    levels = Counter(level.value for level, _, _ in rows)
    short = [
        spread_of(f"short_{per.value}", [euros for _, of, euros in rows if of is per]) for per in PayPeriod
    ]
    return count_of("offers_refused", None, levels, order=[each.value for each in CareLevel]), short


def wishes(session: Session, body: str, period: Period) -> Count:
    """Return the unlawful wishes that were refused in the period, by ground."""
    rows = session.execute(
        select(RefusedCareWish.ground, func.count())
        .where(RefusedCareWish.organisation_id == body, *_within(RefusedCareWish.refused_at, period))
        .group_by(RefusedCareWish.ground)
    )
    return count_of("wishes_refused", "care_wish_ground", _codes(rows))


def training(session: Session, body: str, period: Period) -> list[Count]:
    """Return who waits for a course now, who was in one in the period, and who got a certificate in it."""
    order = [each.value for each in CourseKind]
    waiting = _by_kind(session, body, Enrolment.state == EnrolmentState.WAITING)
    was_there = select(Attendance.enrolment_id).where(
        Attendance.day >= period.first, Attendance.day <= period.last, Attendance.hours > 0
    )
    attended = _by_kind(session, body, Enrolment.id.in_(was_there))
    certified = _by_kind(
        session,
        body,
        and_(
            Enrolment.state == EnrolmentState.COMPLETED,
            Enrolment.certificate_on >= period.first,
            Enrolment.certificate_on <= period.last,
        ),
    )
    ran = session.execute(
        select(Course.kind, func.count())
        .where(
            Course.organisation_id == body, Course.starts_on >= period.first, Course.starts_on <= period.last
        )
        .group_by(Course.kind)
    )
    kind = "course_kind"
    return [
        count_of("courses_begun", kind, _codes(ran), order=order),
        count_of("courses_waiting", kind, waiting, order=order),
        count_of("courses_attended", kind, attended, order=order),
        count_of("courses_certified", kind, certified, order=order),
    ]


def _by_kind(session: Session, body: str, condition: ColumnElement[bool]) -> dict[str, int]:
    rows = session.execute(
        select(Enrolment.kind, func.count(Enrolment.case_id.distinct()))
        .where(Enrolment.organisation_id == body, condition)
        .group_by(Enrolment.kind)
    )
    return _codes(rows)


def _several(intakes: Iterable[dict[str, Any]], name: str) -> Counter[str]:
    """Count who named each code; somebody who named several counts in each."""
    found: Counter[str] = Counter()
    for intake in intakes:
        found.update({str(code) for code in intake.get(name) or []})
    return found


def _town(intake: dict[str, Any], known: str | None) -> str:
    return str(intake.get("municipality") or known or "unknown")


def _codes(rows: Iterable[Any]) -> dict[str, int]:
    return {code.value: count for code, count in rows if code is not None}


def _within(moment: InstrumentedAttribute[datetime], period: Period) -> tuple[ColumnElement[bool], ...]:
    return (moment >= period.since, moment < period.until)


def _days(began: dict[str, datetime], reached: Iterable[Any]) -> list[float]:
    return [
        (at - began[case_id]).total_seconds() / 86_400
        for case_id, at in reached
        if case_id in began and at >= began[case_id]
    ]
