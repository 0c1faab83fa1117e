"""Answers to what is asked about pay and notice: only what was found in a source is told as a fact.

What stands on a background figure is left out, and its code is among the unknown ones: the desk is asked.
A minimum that a background limit cut is the least there is, and is told as such.
"""

from __future__ import annotations

from collections.abc import Iterable

from backoffice.care_figures.dues import Dues, dues_of
from backoffice.care_figures.minimum import (
    Minimum,
    PayCheck,
    board_day,
    check_pay,
    hours_limit,
    minimum_for,
    minimum_of,
)
from backoffice.care_figures.notice import notice_of
from backoffice.care_figures.steps import Step
from backoffice.care_figures.terms import Terms
from backoffice.client.schemas import (
    CareNotice,
    CareNoticeRequest,
    CarePay,
    CarePayRequest,
    CareStep,
    FigureSource,
    PayVerdict,
)
from backoffice.housing_figures.figures import Source

_MONTHS_YEAR = 12


def care_pay(request: CarePayRequest) -> CarePay:
    """Return what is due for domestic work, step by step.

    Raises:
        TermsRefused: a pay without what it is for.
    """
    terms = terms_of(request)
    checked = check_pay(terms) if terms.paid_eur is not None else None
    minimum = checked.minimum if checked else _minimum(terms)
    dues, limit = dues_of(terms), hours_limit(terms)
    taken = dues.contributions
    told = (*minimum.steps, *(step for step in dues.steps if not step.to_check))
    doubtful = _doubtful(dues)
    unknown = dict.fromkeys((*minimum.unknown, *minimum.to_check, *dues.unknown, *doubtful))
    return CarePay(
        level=minimum.level,
        level_reason=minimum.proposal.reason,
        level_task=minimum.proposal.task,
        table_from=minimum.cell.valid_from if minimum.cell else None,
        table_to=minimum.cell.valid_to if minimum.cell else None,
        minimum_eur=minimum.amount,
        minimum_per=minimum.per if minimum.amount is not None else None,
        minimum_is_least=minimum.amount is not None and bool(minimum.unknown or minimum.to_check),
        verdict=_verdict(checked),
        short_eur=checked.short if checked else None,
        hours_limit=limit,
        hours_over=max(terms.hours_week - limit, 0) if limit is not None else 0,
        thirteenth_eur=dues.thirteenth,
        holiday_days=dues.holidays,
        contribution_eur_hour=taken.hour,
        contribution_worker_eur_hour=taken.worker_hour,
        contributions_eur_month=taken.month,
        contributions_worker_eur_month=taken.worker_month,
        severance_eur=None if "severance" in doubtful else dues.severance,
        board_eur_day=board_day(terms),
        steps=_steps(told),
        unknown=list(unknown),
        sources=_sources((*minimum.sources, *dues.sources)),
    )


def care_notice(request: CareNoticeRequest) -> CareNotice:
    """Return the days of notice, step by step."""
    found = notice_of(
        request.ends_by,
        on=request.on,
        hours_week=request.hours_week,
        years=request.years_with_employer,
        keeper_with_home=request.keeper_with_home,
        near_maternity=request.near_maternity,
    )
    return CareNotice(
        days=found.days,
        possible_days=list(found.possible),
        doubled=found.doubled,
        steps=_steps(found.steps),
        unknown=list(found.unknown),
        sources=_sources(found.sources),
    )


def terms_of(request: CarePayRequest) -> Terms:
    """Return the terms that are asked about.

    Raises:
        TermsRefused: a pay without what it is for.
    """
    months = request.months_worked_this_year
    return Terms(
        **request.model_dump(exclude={"tasks", "years_with_employer", "months_worked_this_year"}),
        tasks=tuple(request.tasks),
        years=request.years_with_employer,
        months=_MONTHS_YEAR if months is None else months,
    )


def _minimum(terms: Terms) -> Minimum:
    """Return the minimum for the period that was named, or for that of its table."""
    return minimum_for(terms, terms.paid_per) if terms.paid_per else minimum_of(terms)


def _verdict(checked: PayCheck | None) -> PayVerdict | None:
    if checked is None:
        return None
    if checked.verdict is PayVerdict.ENOUGH and checked.to_check:
        return PayVerdict.UNKNOWN
    return checked.verdict


def _doubtful(dues: Dues) -> list[str]:
    """Return the codes of what is due and stands on a background figure."""
    return [step.code.value for step in dues.steps if step.to_check]


def _steps(steps: Iterable[Step]) -> list[CareStep]:
    return [CareStep(code=step.code, amount=step.amount, inputs=dict(step.inputs)) for step in steps]


def _sources(sources: Iterable[Source]) -> list[FigureSource]:
    read = {source.page: source for source in sources}
    return [FigureSource(page=source.page, read_on=source.read_on) for source in read.values()]
