"""Which problems at home cannot wait (domain, housing.md 11). What is told of each is in the catalogue."""

from __future__ import annotations

from collections.abc import Mapping

from backoffice.client.schemas import EvictionDay, HousingProblem

P = HousingProblem

URGENT = frozenset({P.THREAT, P.UTILITIES})
"""Urgent whatever else is said: somebody is threatened or locked out; water, light or gas is missing."""

EVICTION_IS_URGENT: Mapping[EvictionDay, bool] = {
    EvictionDay.WITHIN_30_DAYS: True,
    EvictionDay.LATER: False,
    EvictionDay.NO_DATE: False,
    EvictionDay.UNKNOWN: True,
}
"""An eviction within thirty days is urgent; so is a paper that the person cannot read."""


def is_urgent(problem: HousingProblem, eviction: EvictionDay | None) -> bool:
    """Tell whether somebody of the desk has to look at it today."""
    if problem is P.EVICTION and eviction is not None:
        return EVICTION_IS_URGENT[eviction]
    return problem in URGENT
