"""Whether a family assistant may enter the regional register, from what the desk knows and has seen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy.orm import Session

from backoffice.care_figures.applicant import Applicant, Citizenship, Course, CourseKind, CoursePlace, Fact
from backoffice.care_figures.eligibility import (
    COURSE_HOURS,
    EligibilityRule,
    Paper,
    RuleResult,
    RuleState,
    eligibility_of,
)
from backoffice.care_figures.experience import WorkTime
from backoffice.care_worker.errors import NotEligible
from backoffice.care_worker.models import CareWorker, EligibilityProof, WorkPeriod
from backoffice.care_worker.queries import parts_of
from backoffice.case.models import Case
from backoffice.client.schemas import CareCertificate, ItalianLevel, PermitState
from backoffice.person.details import Details
from backoffice.person.service import read_details


class Proof(StrEnum):
    """What the desk notes that it has seen or heard."""

    IDENTITY = "identity"
    NO_CONVICTIONS = "no_convictions"
    RESIDENCE = "residence"
    HOME_ECONOMICS = "home_economics"
    ITALIAN = "italian"
    TITLE = "title"
    COURSE = "course"
    PERMIT = "permit"
    DIPLOMA = "diploma"
    ITALIAN_DECLARED = "italian_declared"


PROOFS_OF: Mapping[EligibilityRule, tuple[Proof, ...]] = {
    EligibilityRule.ADULT: (Proof.IDENTITY,),
    EligibilityRule.NO_CONVICTIONS: (Proof.NO_CONVICTIONS,),
    EligibilityRule.RESIDENCE: (Proof.RESIDENCE,),
    EligibilityRule.HOME_ECONOMICS: (Proof.HOME_ECONOMICS,),
    EligibilityRule.ITALIAN: (Proof.ITALIAN,),
    EligibilityRule.PREPARATION: (Proof.COURSE, Proof.TITLE),
    EligibilityRule.PERMIT: (Proof.PERMIT,),
    EligibilityRule.SCHOOLING: (Proof.ITALIAN_DECLARED, Proof.DIPLOMA),
}
"""What may prove each condition; months of work are proved by the papers of the work itself."""

_EU = frozenset(
    (
        "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE", "IT", "LT",
        "LU", "LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK",
    )
)  # fmt: skip

_COURSES = {
    CareCertificate.COURSE_160_HOURS: (CourseKind.COURSE, COURSE_HOURS),
    CareCertificate.ASA: (CourseKind.ASA, None),
    CareCertificate.OSS: (CourseKind.OSS, None),
    CareCertificate.COMPETENCE_CERTIFICATE: (CourseKind.COMPETENCE_CERTIFICATE, None),
}


@dataclass(frozen=True)
class RuleView:
    """One condition: how it stands, why, which paper is missing, and what was noted of it."""

    result: RuleResult
    proofs: Mapping[Proof, EligibilityProof | None]
    choices: Sequence[RuleResult] = ()
    """Title, course and experience, one of which is enough, where the condition is `PREPARATION`."""

    @property
    def code(self) -> str:
        """Its code."""
        return self.result.rule.value

    @property
    def state(self) -> RuleState:
        """Whether it is met."""
        return self.result.state

    @property
    def missing(self) -> Paper | None:
        """Which paper is still to be brought."""
        return self.result.missing


def rules_of(session: Session, case: Case, *, today: date) -> Sequence[RuleView]:
    """Return every condition of the register as it stands for a family assistant on a day."""
    parts = parts_of(session, case.id)
    details, _ = read_details(session, case.person_id)
    worker = session.get_one(CareWorker, case.id)
    found = eligibility_of(applicant_of(case.intake, details, worker, parts.proofs, parts.periods), on=today)
    return [
        RuleView(
            result,
            {proof: parts.proofs.get(proof.value) for proof in PROOFS_OF[result.rule]},
            found.choices if result.rule is EligibilityRule.PREPARATION else (),
        )
        for result in found.rules
    ]


def require_eligible(session: Session, case: Case, *, today: date) -> None:
    """Let only those through who meet every condition, each with its proof.

    Raises:
        NotEligible: some are not met, or still to be proved.
    """
    rules = rules_of(session, case, today=today)
    still_open = [rule.code for rule in rules if rule.state is not RuleState.MET]
    if still_open:
        raise NotEligible(still_open)


def applicant_of(
    intake: Mapping[str, Any],
    details: Details,
    worker: CareWorker,
    proofs: Mapping[str, EligibilityProof],
    periods: Sequence[WorkPeriod],
) -> Applicant:
    """Return what is known of somebody who asks for the register. What nobody has seen proves nothing."""
    identity = proofs.get(Proof.IDENTITY)
    return Applicant(
        born_on=details.born_on,
        identity_shown_on=identity.shown_on if identity and identity.is_met else None,
        citizenship=_citizenship(intake, details),
        no_convictions=_fact(proofs, Proof.NO_CONVICTIONS),
        residence=_fact(proofs, Proof.RESIDENCE),
        home_economics=_fact(proofs, Proof.HOME_ECONOMICS),
        italian=_italian(intake, worker, proofs),
        title=_fact(proofs, Proof.TITLE),
        courses=_courses(intake, worker, proofs),
        times=_times(intake, periods),
        permit=_permit(intake, worker, proofs),
        permit_renewal_asked=True if intake.get("permit") == PermitState.BEING_RENEWED else None,
        diploma=_fact(proofs, Proof.DIPLOMA),
        italian_declared=_fact(proofs, Proof.ITALIAN_DECLARED),
    )


def _citizenship(intake: Mapping[str, Any], details: Details) -> Citizenship | None:
    countries = set(details.citizenships)
    if "IT" in countries:
        return Citizenship.ITALIAN
    if countries & _EU or intake.get("eu_citizen") is True:
        return Citizenship.EU
    return Citizenship.NOT_EU if countries or intake.get("eu_citizen") is False else None


def _fact(proofs: Mapping[str, EligibilityProof], proof: Proof) -> Fact:
    row = proofs.get(proof)
    return Fact(row.is_met, row.shown_on) if row else Fact()


def _italian(intake: Mapping[str, Any], worker: CareWorker, proofs: Mapping[str, EligibilityProof]) -> Fact:
    """Return whether the Italian is enough: by what was noted, else by the interview."""
    if Proof.ITALIAN in proofs:
        return _fact(proofs, Proof.ITALIAN)
    is_enough = intake.get("italian") in (ItalianLevel.ENOUGH, ItalianLevel.WELL)
    return Fact(True, worker.interviewed_on) if is_enough and worker.interviewed_on else Fact()


def _permit(intake: Mapping[str, Any], worker: CareWorker, proofs: Mapping[str, EligibilityProof]) -> Fact:
    row = proofs.get(Proof.PERMIT)
    told = {"yes": True, "no": False}.get(str(intake.get("permit_allows_work")))
    if row is None or row.is_met is None:
        return Fact(told, None, worker.permit_expires_on)
    return Fact(row.is_met, row.shown_on, worker.permit_expires_on)


def _courses(
    intake: Mapping[str, Any], worker: CareWorker, proofs: Mapping[str, EligibilityProof]
) -> tuple[Course, ...] | None:
    """Return the courses: the one that the desk has seen, else those that the person told of."""
    row = proofs.get(Proof.COURSE)
    if row is not None and row.is_met is not None:
        place = CoursePlace.LOMBARDY
        return (Course(CourseKind.COURSE, place, COURSE_HOURS, row.is_met, row.shown_on),)
    certificates = [CareCertificate(each) for each in intake.get("certificates") or ()]
    known = [_COURSES[each] for each in certificates if each in _COURSES]
    told = tuple(Course(kind, hours=hours) for kind, hours in known)
    return told or (() if worker.interviewed_on else None)


def _times(intake: Mapping[str, Any], periods: Sequence[WorkPeriod]) -> tuple[WorkTime, ...] | None:
    if not periods:
        return () if intake.get("months_with_contract") == 0 else None
    return tuple(
        WorkTime(
            row.started_on,
            row.ended_on,
            is_regular=row.is_regular and row.is_in_italy,
            is_proven=row.document_id is not None,
        )
        for row in periods
    )
