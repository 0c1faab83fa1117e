"""The entries of a case in the copy, each as lines in Italian."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from babel.dates import format_datetime

from backoffice.italy import ROME
from backoffice.own_copy.care_shape import (
    ContractEntry,
    CourseEntry,
    ProposalEntry,
    RegisterEntry,
    RequestEntry,
)
from backoffice.own_copy.shape import (
    AppointmentEntry,
    Document,
    HomeEntry,
    MediationEntry,
)
from translations.catalog import has, text
from translations.languages import SOURCE


def appointment_words(each: AppointmentEntry) -> Iterator[str]:
    """Give an appointment as lines."""
    yield f"{moment_words(each.starts_at)}, {each.desk}, {each.address}"
    yield f"{staff_words('appointment_state', each.state)}: {staff_words('need', each.topic)}"
    yield from filter(None, (each.note, each.cancelled_reason))


def document_words(paper: Document) -> str:
    """Give a paper in one line: its kind, its title, and until when it is good."""
    expires = paper.expires_on.isoformat() if paper.expires_on else None
    return ", ".join(filter(None, (staff_words("document_kind", paper.kind), paper.title, expires)))


def home_words(home: HomeEntry) -> Iterator[str]:
    """Give a home, its viewings and its contract as lines."""
    yield f"{home.code}, {home.municipality}: {staff_words('match_state', home.state)}"
    if home.reason:
        yield ": ".join(filter(None, (staff_words("refusal_reason", home.reason), home.words)))
    for visit in home.visits:
        when = moment_words(visit.starts_at) if visit.starts_at else None
        yield ", ".join(filter(None, (staff_words("viewing_state", visit.state), when, visit.meeting_place)))
    if home.contract:
        told = home.contract.model_dump(mode="json", exclude_none=True)
        yield ", ".join(f"{staff_words('own_copy.contract', name)}: {value}" for name, value in told.items())


def register_words(entry: RegisterEntry) -> Iterator[str]:
    """Give an entry in the register of family assistants as lines."""
    yield f"{staff_words('worker_state', entry.state)}: {moment_words(entry.since)}"
    if entry.reason:
        yield ": ".join(filter(None, (staff_words("worker_reason", entry.reason), entry.reason_words)))
    for skill in entry.skills:
        how = skill.recognition and staff_words("recognition", skill.recognition)
        words = (staff_words("care_skill", skill.skill), staff_words("skill_origin", skill.origin), how)
        yield ", ".join(filter(None, (*words, skill.note)))
    for work in entry.work:
        ends = work.ended_on.isoformat() if work.ended_on else ""
        yield " – ".join((work.started_on.isoformat(), ends)) + (f", {work.note}" if work.note else "")
    for told in entry.references:
        yield ", ".join(filter(None, (told.name, told.phone)))
    for proof in entry.proofs:
        day = proof.shown_on.isoformat() if proof.shown_on else None
        yield ", ".join(filter(None, (staff_words("eligibility_proof", proof.rule), day, proof.note)))
    yield from entry.week
    for absence in entry.absences:
        yield " – ".join((absence.from_on.isoformat(), absence.until_on.isoformat()))
    if entry.interview_words:
        yield entry.interview_words


def course_words(course: CourseEntry) -> Iterator[str]:
    """Give a course as lines."""
    yield ", ".join(filter(None, (staff_words("course_kind", course.kind), course.title, course.provider)))
    yield f"{staff_words('enrolment_state', course.state)}: {moment_words(course.since)}"
    for there in course.days:
        yield f"{there.day.isoformat()}: {there.hours:g}"
    yield from filter(None, (course.certificate_on and course.certificate_on.isoformat(), course.note))


def mediation_words(mediation: MediationEntry) -> Iterator[str]:
    """Give a request for a mediator as lines."""
    how = (
        staff_words("mediation_setting", mediation.setting),
        staff_words("mediation_mode", mediation.mode),
    )
    yield ", ".join((staff_words("language", mediation.language), *how))
    place = ", ".join(filter(None, (mediation.place, mediation.municipality)))
    yield ", ".join(filter(None, (moment_words(mediation.starts_at), place)))
    yield f"{staff_words('mediation_state', mediation.state)}: {moment_words(mediation.since)}"
    if mediation.topic:
        yield mediation.topic


def request_words(request: RequestEntry) -> Iterator[str]:
    """Give a family's request as lines."""
    yield f"{staff_words('request_state', request.state)}: {moment_words(request.since)}"
    if request.ended_why:
        yield staff_words("request_end", request.ended_why)
    visited = request.visited_on and request.visited_on.isoformat()
    yield from filter(None, (visited, request.visit_words, request.email))


def proposal_words(proposal: ProposalEntry) -> Iterator[str]:
    """Give a proposal as lines."""
    number = f"#{proposal.number}" if proposal.number else None
    state = staff_words("care_match_state", proposal.state)
    yield ", ".join(filter(None, (number, proposal.town, state, moment_words(proposal.since))))
    if proposal.reason and proposal.refused_by:
        why = (staff_words("care_side", proposal.refused_by), staff_words("care_refusal", proposal.reason))
        yield ": ".join(filter(None, (*why, proposal.words)))
    if proposal.interview_at:
        yield ", ".join(filter(None, (moment_words(proposal.interview_at), proposal.interview_place)))
    if proposal.trial_from and proposal.trial_until:
        yield f"{proposal.trial_from.isoformat()} – {proposal.trial_until.isoformat()}"


def contract_words(contract: ContractEntry) -> Iterator[str]:
    """Give a contract of work as lines."""
    days = " – ".join(day.isoformat() for day in (contract.starts_on, contract.ended_on) if day)
    level = f"CCNL {contract.level}" if contract.level else None
    yield ", ".join(filter(None, (staff_words("engagement_state", contract.state), level, days)))
    if contract.pay_eur is not None and contract.pay_per is not None:
        yield f"{contract.pay_eur} € {staff_words('pay_period', contract.pay_per)}"
    yield from filter(None, (contract.hours_words, contract.place, contract.holidays))
    if contract.end_reason:
        yield staff_words("engagement_end", contract.end_reason)
    for month in contract.paid:
        yield f"{month.month:%m.%Y}: {month.paid_eur} €"
    for check in contract.checks:
        if check.answer:
            said = text(f"engagement_chat.button.{check.answer}", SOURCE)
            yield ": ".join(filter(None, (said, check.outcome)))


def intake_words(intake: dict[str, Any]) -> Iterable[str]:
    """Give the answers of a form as lines."""
    for name, value in intake.items():
        label = f"backoffice.intake.{name}"
        shown = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
        yield f"{text(label, SOURCE) if has(label) else name}: {shown}"


def staff_words(kind: str, code: str) -> str:
    """Return what staff call a code, in Italian; the code itself where they have no word for it."""
    key = f"backoffice.{kind}.{code}"
    return text(key, SOURCE) if has(key) else code


def moment_words(moment: datetime) -> str:
    """Return a moment as day and hour in Italy."""
    return format_datetime(in_rome(moment), "dd.MM.yyyy HH:mm", locale=SOURCE)


def in_rome(moment: datetime) -> datetime:
    """Return the same moment on the clocks of Italy."""
    return moment.astimezone(ROME)
