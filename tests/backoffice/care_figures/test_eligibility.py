"""The register of family assistants, case by case, as the law's text says (L.R. 15/2015, art. 7).

Each line: what is different from a person of whom everything is proven, by citizenship; what comes out; and
which conditions are not met (-) or to prove (?).
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from backoffice.care_figures.applicant import Applicant, Citizenship, Course, CourseKind, CoursePlace, Fact
from backoffice.care_figures.eligibility import Eligible, RuleReason, RuleState, eligibility_of
from backoffice.care_figures.experience import WorkTime, months_of_care
from translations.catalog import has

TODAY = date(2026, 11, 26)
SHOWN = date(2026, 10, 1)
YES = Fact(holds=True, shown_on=SHOWN)
SAID = Fact(holds=True)
NO = Fact(holds=False)
PERMIT = Fact(holds=True, shown_on=SHOWN, expires_on=date(2027, 6, 30))
ASA = Course(CourseKind.ASA, CoursePlace.LOMBARDY, None, True, SHOWN)
ELSEWHERE = Course(CourseKind.COURSE, CoursePlace.OTHER_REGION, 160, True, SHOWN)


def work(start: tuple[int, int, int], end: tuple[int, int, int] | None, **more: bool | None) -> WorkTime:
    said = {"is_regular": True, "is_family_care": True, "is_proven": True} | more
    return WorkTime(date(*start), date(*end) if end else None, **said)  # type: ignore[arg-type]


YEAR = work((2025, 3, 1), (2026, 2, 28))
ITALIAN = Applicant(
    born_on=date(1980, 5, 5),
    identity_shown_on=SHOWN,
    citizenship=Citizenship.ITALIAN,
    no_convictions=YES,
    residence=YES,
    home_economics=YES,
    italian=YES,
    title=YES,
    courses=(),
    times=(),
)
EUROPEAN = replace(ITALIAN, citizenship=Citizenship.EU, italian_declared=YES)
OTHER = replace(EUROPEAN, citizenship=Citizenship.NOT_EU, title=NO, courses=(ASA,), permit=PERMIT)

CASES: list[tuple[Applicant, Eligible, str]] = [
    # everything is proven, by each way
    (ITALIAN, Eligible.YES, ""),
    (EUROPEAN, Eligible.YES, ""),
    (OTHER, Eligible.YES, ""),
    (replace(ITALIAN, title=NO, courses=(ASA,)), Eligible.YES, ""),
    (replace(ITALIAN, title=NO, times=(YEAR,)), Eligible.YES, ""),
    (replace(OTHER, courses=(), times=(YEAR,)), Eligible.YES, ""),
    (replace(OTHER, courses=(ELSEWHERE,)), Eligible.YES, ""),
    # adult
    (replace(ITALIAN, born_on=date(2008, 11, 26)), Eligible.YES, ""),
    (replace(ITALIAN, born_on=date(2008, 11, 27)), Eligible.NO, "-adult"),
    (replace(ITALIAN, born_on=None), Eligible.UNKNOWN, "?adult"),
    (replace(ITALIAN, identity_shown_on=None), Eligible.UNKNOWN, "?adult"),
    # convictions, residence, home economics, Italian
    (replace(ITALIAN, no_convictions=NO), Eligible.NO, "-no_convictions"),
    (replace(ITALIAN, no_convictions=Fact()), Eligible.UNKNOWN, "?no_convictions"),
    (replace(ITALIAN, no_convictions=SAID), Eligible.UNKNOWN, "?no_convictions"),
    (replace(ITALIAN, residence=NO), Eligible.NO, "-residence"),
    (replace(ITALIAN, residence=Fact()), Eligible.UNKNOWN, "?residence"),
    (replace(ITALIAN, residence=SAID), Eligible.UNKNOWN, "?residence"),
    (replace(ITALIAN, home_economics=NO), Eligible.NO, "-home_economics"),
    (replace(ITALIAN, home_economics=Fact()), Eligible.UNKNOWN, "?home_economics"),
    (replace(ITALIAN, italian=NO), Eligible.NO, "-italian"),
    (replace(OTHER, italian=Fact()), Eligible.UNKNOWN, "?italian"),
    (replace(ITALIAN, residence=Fact(True, date(2026, 11, 27))), Eligible.UNKNOWN, "?residence"),
    # a: a title recognised in the EU
    (replace(ITALIAN, title=NO), Eligible.NO, "-preparation"),
    (replace(ITALIAN, title=SAID), Eligible.UNKNOWN, "?preparation"),
    (replace(ITALIAN, title=Fact()), Eligible.UNKNOWN, "?preparation"),
    (replace(EUROPEAN, title=NO), Eligible.NO, "-preparation"),
    (replace(OTHER, title=YES, courses=()), Eligible.NO, "-preparation"),
    (replace(OTHER, title=YES, courses=None), Eligible.UNKNOWN, "?preparation"),
    (replace(OTHER, title=YES, courses=(), times=None), Eligible.UNKNOWN, "?preparation"),
    (replace(OTHER, title=YES), Eligible.YES, ""),
    # b: a recognised course
    (replace(OTHER, courses=(replace(ELSEWHERE, hours=159),)), Eligible.NO, "-preparation"),
    (replace(OTHER, courses=(replace(ELSEWHERE, hours=None),)), Eligible.UNKNOWN, "?preparation"),
    (replace(OTHER, courses=(replace(ELSEWHERE, is_recognised=False),)), Eligible.NO, "-preparation"),
    (replace(OTHER, courses=(replace(ELSEWHERE, is_recognised=None),)), Eligible.UNKNOWN, "?preparation"),
    (replace(OTHER, courses=(replace(ELSEWHERE, shown_on=None),)), Eligible.UNKNOWN, "?preparation"),
    (replace(OTHER, courses=(replace(ELSEWHERE, place=None),)), Eligible.UNKNOWN, "?preparation"),
    (replace(OTHER, courses=(replace(ELSEWHERE, place=CoursePlace.ABROAD),)), Eligible.NO, "-preparation"),
    (
        replace(OTHER, courses=(replace(ELSEWHERE, place=CoursePlace.LOMBARDY, hours=40),)),
        Eligible.NO,
        "-preparation",
    ),
    (replace(OTHER, courses=(replace(ASA, kind=CourseKind.OSS),)), Eligible.YES, ""),
    (replace(OTHER, courses=(replace(ASA, kind=CourseKind.COMPETENCE_CERTIFICATE),)), Eligible.YES, ""),
    (
        replace(OTHER, courses=(replace(ASA, place=CoursePlace.OTHER_REGION),)),
        Eligible.UNKNOWN,
        "?preparation",
    ),
    (replace(OTHER, courses=(replace(ASA, place=CoursePlace.OTHER_REGION, hours=800),)), Eligible.YES, ""),
    (replace(OTHER, courses=(replace(ELSEWHERE, hours=30), ASA)), Eligible.YES, ""),
    # c: twelve months in two years, with a regular contract
    (replace(OTHER, courses=(), times=(work((2025, 3, 1), (2026, 2, 27)),)), Eligible.NO, "-preparation"),
    (replace(OTHER, courses=(), times=(work((2025, 12, 1), None),)), Eligible.NO, "-preparation"),
    (replace(OTHER, courses=(), times=(work((2025, 11, 26), None),)), Eligible.YES, ""),
    (replace(OTHER, courses=(), times=(work((2023, 1, 1), (2025, 10, 31)),)), Eligible.NO, "-preparation"),
    (replace(OTHER, courses=(), times=(work((2023, 1, 1), (2025, 11, 25)),)), Eligible.YES, ""),
    (replace(OTHER, courses=(), times=(replace(YEAR, is_regular=False),)), Eligible.NO, "-preparation"),
    (replace(OTHER, courses=(), times=(replace(YEAR, is_regular=None),)), Eligible.UNKNOWN, "?preparation"),
    (replace(OTHER, courses=(), times=(replace(YEAR, is_family_care=False),)), Eligible.NO, "-preparation"),
    (replace(OTHER, courses=(), times=(replace(YEAR, is_proven=False),)), Eligible.UNKNOWN, "?preparation"),
    (
        replace(
            OTHER, courses=(), times=(work((2025, 1, 1), (2025, 7, 31)), work((2025, 3, 1), (2025, 9, 30)))
        ),
        Eligible.NO,
        "-preparation",
    ),
    (
        replace(
            OTHER, courses=(), times=(work((2025, 1, 1), (2025, 6, 30)), work((2025, 9, 1), (2026, 2, 28)))
        ),
        Eligible.YES,
        "",
    ),
    # the permit
    (replace(OTHER, permit=Fact()), Eligible.UNKNOWN, "?permit"),
    (replace(OTHER, permit=NO), Eligible.NO, "-permit"),
    (replace(OTHER, permit=replace(PERMIT, expires_on=TODAY)), Eligible.YES, ""),
    (replace(OTHER, permit=replace(PERMIT, expires_on=date(2026, 11, 25))), Eligible.UNKNOWN, "?permit"),
    (
        replace(OTHER, permit=replace(PERMIT, expires_on=date(2026, 11, 25)), permit_renewal_asked=True),
        Eligible.UNKNOWN,
        "?permit",
    ),
    (
        replace(OTHER, permit=replace(PERMIT, expires_on=date(2026, 11, 25)), permit_renewal_asked=False),
        Eligible.NO,
        "-permit",
    ),
    (replace(OTHER, permit=replace(PERMIT, expires_on=None)), Eligible.UNKNOWN, "?permit"),
    (replace(EUROPEAN, permit=NO), Eligible.YES, ""),
    # diploma or Italian, of foreigners
    (replace(OTHER, italian_declared=NO, diploma=YES), Eligible.YES, ""),
    (replace(OTHER, italian_declared=NO, diploma=NO), Eligible.NO, "-schooling"),
    (replace(EUROPEAN, italian_declared=NO, diploma=NO), Eligible.NO, "-schooling"),
    (replace(OTHER, italian_declared=NO, diploma=SAID), Eligible.UNKNOWN, "?schooling"),
    (replace(OTHER, italian_declared=Fact(), diploma=Fact()), Eligible.UNKNOWN, "?schooling"),
    # the citizenship is not known
    (replace(ITALIAN, citizenship=None), Eligible.UNKNOWN, "?preparation ?permit ?schooling"),
    (replace(OTHER, citizenship=None), Eligible.UNKNOWN, "?permit"),
    # several at once: what is certainly missing decides
    (replace(OTHER, permit=NO, residence=Fact()), Eligible.NO, "?residence -permit"),
    (
        Applicant(),
        Eligible.UNKNOWN,
        "?adult ?no_convictions ?residence ?home_economics ?italian ?preparation ?permit ?schooling",
    ),
]


@pytest.mark.parametrize(("applicant", "eligible", "open_"), CASES)
def test_eligibility_is_what_the_law_says(applicant: Applicant, eligible: Eligible, open_: str) -> None:
    found = eligibility_of(applicant, on=TODAY)
    signs = {RuleState.NOT_MET: "-", RuleState.TO_PROVE: "?"}
    said = " ".join(signs[each.state] + each.rule.value for each in found.rules if each.state in signs)
    assert (found.eligible, said) == (eligible, open_)
    assert {each.rule for each in found.missing} == {each.rule for each in found.rules if each.missing}


def test_there_are_at_least_sixty_cases_of_each_outcome_some() -> None:
    assert len(CASES) >= 60
    outcomes = [eligible for _, eligible, _ in CASES]
    assert min(outcomes.count(each) for each in Eligible) >= 15


def test_a_foreign_title_alone_says_that_it_is_not_enough() -> None:
    found = eligibility_of(replace(OTHER, title=YES, courses=()), on=TODAY)
    assert {each.reason for each in found.rules if each.state is RuleState.NOT_MET} == {
        RuleReason.FOREIGN_TITLE_NOT_ENOUGH
    }


def test_overlaps_count_once_and_scattered_days_make_months_of_thirty() -> None:
    twice = [work((2025, 1, 1), (2025, 6, 30))] * 3
    assert months_of_care(twice, on=TODAY, proven_only=True) == 6
    fifteens = [work((2026, month, 1), (2026, month, 15)) for month in (1, 3, 5, 7)]
    assert months_of_care(fifteens, on=TODAY, proven_only=True) == 2
    following = [work((2025, 2, 1), (2025, 2, 14)), work((2025, 2, 15), (2025, 2, 28))]
    assert months_of_care(following, on=TODAY, proven_only=True) == 1


def test_only_the_two_years_before_the_day_count() -> None:
    always = [work((2000, 1, 1), None)]
    assert months_of_care(always, on=TODAY, proven_only=True) == 24
    assert months_of_care(always, on=date(2028, 2, 29), proven_only=True) == 24
    later = [WorkTime(TODAY, TODAY + timedelta(days=400), is_regular=True, is_proven=True)]
    assert months_of_care(later, on=TODAY, proven_only=True) == 0


def test_every_rule_reason_and_paper_has_its_words() -> None:
    results = [each for applicant, _, _ in CASES for each in eligibility_of(applicant, on=TODAY).rules]
    results += [each for applicant, _, _ in CASES for each in eligibility_of(applicant, on=TODAY).choices]
    for each in results:
        assert has(f"backoffice.care_rule.{each.rule.value}")
        assert has(f"backoffice.care_rule_state.{each.state.value}")
        assert each.paper is None or has(f"backoffice.care_paper.{each.paper.value}")
    for reason in RuleReason:
        assert has(f"backoffice.care_rule_reason.{reason.value}"), reason
