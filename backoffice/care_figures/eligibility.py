"""Who can be in the register of family assistants (L.R. 15/2015 of Lombardy, art. 7; DGR X/5648 of 2016).

Each condition is a named rule that is met, not met, or still to prove, with its reason and the paper that
proves it. Whoever fails none and proves all is eligible. An Italian needs neither permit nor diploma; a
citizen of a country outside the EU needs a course or experience: a foreign title alone is not enough.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from backoffice.care_figures.applicant import Applicant, Citizenship, Course, CourseKind, CoursePlace, Fact
from backoffice.care_figures.experience import MONTHS_NEEDED, add_months, months_of_care

_ADULT_MONTHS = 18 * 12
COURSE_HOURS = 160
"""Of a course outside Lombardy; the desk takes it as enough for one of Lombardy too."""


class EligibilityRule(StrEnum):
    """The conditions. `TITLE`, `COURSE` and `EXPERIENCE` are letters a, b and c: one of them is enough."""

    ADULT = "adult"
    NO_CONVICTIONS = "no_convictions"
    RESIDENCE = "residence"
    HOME_ECONOMICS = "home_economics"
    ITALIAN = "italian"
    PREPARATION = "preparation"
    """One of a, b, c; b or c for who is not of the EU."""
    TITLE = "title"
    COURSE = "course"
    EXPERIENCE = "experience"
    PERMIT = "permit"
    SCHOOLING = "schooling"
    """Of foreigners: the Italian lower secondary diploma, or Italian declared fitting."""


class RuleState(StrEnum):
    """Whether a condition is met."""

    MET = "met"
    NOT_MET = "not_met"
    TO_PROVE = "to_prove"


class Eligible(StrEnum):
    """Whether somebody can be in the register."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


class RuleReason(StrEnum):
    """Why a condition is in its state."""

    PROVEN = "proven"
    NOT_NEEDED = "not_needed"
    """It is not asked of this person."""
    NOT_ASKED = "not_asked"
    DENIED = "denied"
    """It is known not to be so."""
    PAPER_MISSING = "paper_missing"
    PAPER_EXPIRED = "paper_expired"
    PAPER_IN_FUTURE = "paper_in_future"
    UNDER_AGE = "under_age"
    CITIZENSHIP_UNKNOWN = "citizenship_unknown"
    EXPIRY_UNKNOWN = "expiry_unknown"
    RENEWAL_ASKED = "renewal_asked"
    """The permit is over and its renewal was asked: that work goes on is to be checked."""
    COURSE_TOO_SHORT = "course_too_short"
    COURSE_HOURS_UNKNOWN = "course_hours_unknown"
    COURSE_PLACE_UNKNOWN = "course_place_unknown"
    COURSE_ABROAD = "course_abroad"
    COURSE_NOT_RECOGNISED = "course_not_recognised"
    RECOGNITION_UNKNOWN = "recognition_unknown"
    MONTHS_TOO_FEW = "months_too_few"
    MONTHS_TO_PROVE = "months_to_prove"
    FOREIGN_TITLE_NOT_ENOUGH = "foreign_title_not_enough"


class Paper(StrEnum):
    """What proves a condition."""

    IDENTITY = "identity"
    SELF_DECLARATION = "self_declaration"
    RESIDENCE_CERTIFICATE = "residence_certificate"
    INTERVIEW = "interview"
    TITLE = "title"
    COURSE_CERTIFICATE = "course_certificate"
    CONTRIBUTIONS_STATEMENT = "contributions_statement"
    PERMIT = "permit"
    DIPLOMA = "diploma"
    CITIZENSHIP = "citizenship"


@dataclass(frozen=True)
class RuleResult:
    """A condition, its state and reason; the paper that proves it, its day, and the one that is missing."""

    rule: EligibilityRule
    state: RuleState
    reason: RuleReason
    paper: Paper | None = None
    shown_on: date | None = None
    months: int | None = None
    """Of regular family care in the last two years, where the rule counts them."""

    @property
    def missing(self) -> Paper | None:
        """Which paper is still to be brought."""
        return self.paper if self.state is RuleState.TO_PROVE else None


@dataclass(frozen=True)
class Eligibility:
    """The conditions one by one, and what follows. `choices` are letters a, b, c behind `PREPARATION`."""

    on: date
    rules: tuple[RuleResult, ...]
    choices: tuple[RuleResult, ...]

    @property
    def eligible(self) -> Eligible:
        """Whether the person can be in the register; unknown while something is to be proved."""
        states = {each.state for each in self.rules}
        if RuleState.NOT_MET in states:
            return Eligible.NO
        return Eligible.UNKNOWN if RuleState.TO_PROVE in states else Eligible.YES

    @property
    def missing(self) -> tuple[RuleResult, ...]:
        """The conditions that are still to be proved."""
        return tuple(each for each in self.rules if each.state is RuleState.TO_PROVE)


def eligibility_of(applicant: Applicant, *, on: date) -> Eligibility:
    """Return which conditions of the register somebody meets on a day."""
    choices = (
        _by_fact(EligibilityRule.TITLE, applicant.title, Paper.TITLE, on),
        _course(applicant, on),
        _experience(applicant, on),
    )
    return Eligibility(on, tuple(_rules(applicant, choices, on)), choices)


def _rules(applicant: Applicant, choices: tuple[RuleResult, ...], on: date) -> Iterator[RuleResult]:
    yield _adult(applicant, on)
    simple = (
        (EligibilityRule.NO_CONVICTIONS, applicant.no_convictions, Paper.SELF_DECLARATION),
        (EligibilityRule.RESIDENCE, applicant.residence, Paper.RESIDENCE_CERTIFICATE),
        (EligibilityRule.HOME_ECONOMICS, applicant.home_economics, Paper.INTERVIEW),
        (EligibilityRule.ITALIAN, applicant.italian, Paper.INTERVIEW),
    )
    for rule, fact, paper in simple:
        yield _by_fact(rule, fact, paper, on)
    yield _preparation(applicant, choices)
    yield _permit(applicant, on)
    yield _schooling(applicant, on)


def _by_fact(rule: EligibilityRule, fact: Fact, paper: Paper, on: date) -> RuleResult:
    if fact.holds is None:
        return RuleResult(rule, RuleState.TO_PROVE, RuleReason.NOT_ASKED, paper)
    if not fact.holds:
        return RuleResult(rule, RuleState.NOT_MET, RuleReason.DENIED, paper, fact.shown_on)
    return _shown(rule, paper, fact.shown_on, on, expires_on=fact.expires_on)


def _shown(
    rule: EligibilityRule, paper: Paper, shown_on: date | None, on: date, *, expires_on: date | None = None
) -> RuleResult:
    reason = RuleReason.PROVEN
    if shown_on is None:
        reason = RuleReason.PAPER_MISSING
    elif shown_on > on:
        reason = RuleReason.PAPER_IN_FUTURE
    elif expires_on is not None and expires_on < on:
        reason = RuleReason.PAPER_EXPIRED
    state = RuleState.MET if reason is RuleReason.PROVEN else RuleState.TO_PROVE
    return RuleResult(rule, state, reason, paper, shown_on)


def _adult(applicant: Applicant, on: date) -> RuleResult:
    rule = EligibilityRule.ADULT
    if applicant.born_on is None:
        return RuleResult(rule, RuleState.TO_PROVE, RuleReason.NOT_ASKED, Paper.IDENTITY)
    if add_months(on, -_ADULT_MONTHS) < applicant.born_on:
        return RuleResult(rule, RuleState.NOT_MET, RuleReason.UNDER_AGE, Paper.IDENTITY)
    return _shown(rule, Paper.IDENTITY, applicant.identity_shown_on, on)


def _course(applicant: Applicant, on: date) -> RuleResult:
    rule, paper = EligibilityRule.COURSE, Paper.COURSE_CERTIFICATE
    if applicant.courses is None:
        return RuleResult(rule, RuleState.TO_PROVE, RuleReason.NOT_ASKED, paper)
    if not applicant.courses:
        return RuleResult(rule, RuleState.NOT_MET, RuleReason.DENIED, paper)
    return _best([_one_course(each, on) for each in applicant.courses])


def _one_course(course: Course, on: date) -> RuleResult:
    rule, paper = EligibilityRule.COURSE, Paper.COURSE_CERTIFICATE
    against, open_ = _against(course), _open(course)
    if against:
        return RuleResult(rule, RuleState.NOT_MET, against, paper, course.shown_on)
    if open_:
        return RuleResult(rule, RuleState.TO_PROVE, open_, paper, course.shown_on)
    return _shown(rule, paper, course.shown_on, on)


def _against(course: Course) -> RuleReason | None:
    """Return why a course cannot count, whatever else is not known of it."""
    if course.is_recognised is False:
        return RuleReason.COURSE_NOT_RECOGNISED
    if course.place is CoursePlace.ABROAD:
        return RuleReason.COURSE_ABROAD
    is_short = course.hours is not None and course.hours < COURSE_HOURS
    may_be_named = course.kind is not CourseKind.COURSE and course.place in (None, CoursePlace.LOMBARDY)
    return RuleReason.COURSE_TOO_SHORT if is_short and not may_be_named else None


def _open(course: Course) -> RuleReason | None:
    """Return what is not known of a course and decides."""
    is_named = course.kind is not CourseKind.COURSE and course.place is CoursePlace.LOMBARDY
    if course.place is None:
        return RuleReason.COURSE_PLACE_UNKNOWN
    if course.hours is None and not is_named:
        return RuleReason.COURSE_HOURS_UNKNOWN
    return RuleReason.RECOGNITION_UNKNOWN if course.is_recognised is None else None


def _experience(applicant: Applicant, on: date) -> RuleResult:
    rule, paper = EligibilityRule.EXPERIENCE, Paper.CONTRIBUTIONS_STATEMENT
    if applicant.times is None:
        return RuleResult(rule, RuleState.TO_PROVE, RuleReason.NOT_ASKED, paper)
    months = months_of_care(applicant.times, on=on, proven_only=True)
    if months >= MONTHS_NEEDED:
        return RuleResult(rule, RuleState.MET, RuleReason.PROVEN, paper, months=months)
    if months_of_care(applicant.times, on=on, proven_only=False) >= MONTHS_NEEDED:
        return RuleResult(rule, RuleState.TO_PROVE, RuleReason.MONTHS_TO_PROVE, paper, months=months)
    return RuleResult(rule, RuleState.NOT_MET, RuleReason.MONTHS_TOO_FEW, paper, months=months)


def _preparation(applicant: Applicant, choices: tuple[RuleResult, ...]) -> RuleResult:
    """Return the best of a, b and c; a alone is not enough for who is not of the EU."""
    rule, citizenship = EligibilityRule.PREPARATION, applicant.citizenship
    title, course, experience = choices
    best = _best([course, experience])
    if best.state is RuleState.MET or (
        citizenship is Citizenship.NOT_EU and title.state is not RuleState.MET
    ):
        return _as(rule, best)
    if citizenship is Citizenship.NOT_EU:
        if best.state is RuleState.NOT_MET:
            return RuleResult(
                rule, RuleState.NOT_MET, RuleReason.FOREIGN_TITLE_NOT_ENOUGH, best.paper, best.shown_on
            )
        return _as(rule, best)
    if citizenship is None and title.state is RuleState.MET:
        return RuleResult(rule, RuleState.TO_PROVE, RuleReason.CITIZENSHIP_UNKNOWN, Paper.CITIZENSHIP)
    return _as(rule, _best([title, course, experience]))


def _permit(applicant: Applicant, on: date) -> RuleResult:
    rule, paper, permit = EligibilityRule.PERMIT, Paper.PERMIT, applicant.permit
    if applicant.citizenship is None:
        return RuleResult(rule, RuleState.TO_PROVE, RuleReason.CITIZENSHIP_UNKNOWN, Paper.CITIZENSHIP)
    if applicant.citizenship is not Citizenship.NOT_EU:
        return RuleResult(rule, RuleState.MET, RuleReason.NOT_NEEDED)
    found = _by_fact(rule, permit, paper, on)
    if found.state is RuleState.MET and permit.expires_on is None:
        return RuleResult(rule, RuleState.TO_PROVE, RuleReason.EXPIRY_UNKNOWN, paper, permit.shown_on)
    if found.reason is not RuleReason.PAPER_EXPIRED or applicant.permit_renewal_asked is None:
        return found
    if applicant.permit_renewal_asked:
        return RuleResult(rule, RuleState.TO_PROVE, RuleReason.RENEWAL_ASKED, paper, permit.shown_on)
    return RuleResult(rule, RuleState.NOT_MET, RuleReason.PAPER_EXPIRED, paper, permit.shown_on)


def _schooling(applicant: Applicant, on: date) -> RuleResult:
    rule = EligibilityRule.SCHOOLING
    if applicant.citizenship is Citizenship.ITALIAN:
        return RuleResult(rule, RuleState.MET, RuleReason.NOT_NEEDED)
    best = _best(
        [
            _by_fact(rule, applicant.italian_declared, Paper.SELF_DECLARATION, on),
            _by_fact(rule, applicant.diploma, Paper.DIPLOMA, on),
        ]
    )
    if best.state is not RuleState.MET and applicant.citizenship is None:
        return RuleResult(rule, RuleState.TO_PROVE, RuleReason.CITIZENSHIP_UNKNOWN, Paper.CITIZENSHIP)
    return best


def _best(results: list[RuleResult]) -> RuleResult:
    """Return the first that is met, or else the one nearest to it: to prove, not asked, not met."""

    def distance(result: RuleResult) -> tuple[int, bool]:
        order = (RuleState.MET, RuleState.TO_PROVE, RuleState.NOT_MET)
        return order.index(result.state), result.reason is RuleReason.NOT_ASKED

    return min(results, key=distance)


def _as(rule: EligibilityRule, result: RuleResult) -> RuleResult:
    return RuleResult(rule, result.state, result.reason, result.paper, result.shown_on, result.months)
