"""Which problems at work cannot wait (domain, care_work.md 11). What is told of each is in the catalogue."""

from __future__ import annotations

from collections.abc import Mapping

from backoffice.case.needs import Need
from backoffice.client.schemas import WorkDetail, WorkProblem

P, D = WorkProblem, WorkDetail

DANGER: Mapping[WorkProblem, Need] = {
    P.VIOLENCE: Need.VIOLENCE,
    P.LOCKED_IN: Need.EXPLOITATION,
    P.PASSPORT: Need.EXPLOITATION,
    P.THREAT: Need.EXPLOITATION,
}
"""Problems that wake a person at once, and the need that the case gets."""

DETAIL_IS_URGENT: Mapping[WorkProblem, Mapping[WorkDetail, bool]] = {
    P.UNPAID: {D.UNDER_2_MONTHS: False, D.FROM_2_MONTHS: True},
    P.HOURS: {D.OVER_54_HOURS: True, D.NO_REST: True, D.OTHER_HOURS: False},
    P.DISMISSED: {D.LIVES_THERE: True, D.LIVES_ELSEWHERE: False},
}
"""What is asked of a problem, and which answers cannot wait: who lives there loses the home with the work."""

URGENT = frozenset({*DANGER, P.NO_CONTRACT})
"""Urgent whatever else is said."""


def is_urgent(problem: WorkProblem, detail: WorkDetail | None) -> bool:
    """Tell whether somebody of the desk has to look at it today."""
    return problem in URGENT or (detail is not None and DETAIL_IS_URGENT[problem][detail])
