"""Why a home fits a household, or why not: every rule and every preference, one by one.

These functions of one pair are what matching is. `tables` computes the same for thousands at once; a test
holds it against them, pair for pair.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from backoffice.housing_match.codes import doubts, reasons
from backoffice.housing_match.preferences import DEFAULT_WEIGHTS, parts_of
from backoffice.housing_match.rules import RULES, Answer, Verdict
from backoffice.housing_match.sides import Home, Household
from backoffice.matching.scores import Fit, Part, Weights, score_of


@dataclass(frozen=True)
class Why:
    """What matching says of one pair."""

    household: Household
    home: Home
    rules: tuple[Verdict, ...]
    parts: tuple[Part, ...]
    score: float

    @property
    def fits(self) -> bool:
        """Whether no rule says no."""
        return all(rule.answer is not Answer.NO for rule in self.rules)

    @property
    def against(self) -> list[Verdict]:
        """The rules that say no."""
        return [rule for rule in self.rules if rule.answer is Answer.NO]

    @property
    def to_ask(self) -> list[Verdict]:
        """The rules that cannot say, because something is not known."""
        return [rule for rule in self.rules if rule.answer is Answer.ASK]

    @property
    def reasons(self) -> list[str]:
        """The codes of what speaks for the home: what is kept with a match."""
        return reasons(self.household, self.home, self.rules)

    @property
    def doubts(self) -> list[str]:
        """The codes of what a household should know before."""
        return doubts(self.household, self.home, self.rules)


def why(household: Household, home: Home, weights: Weights = DEFAULT_WEIGHTS) -> Why:
    """Ask every rule and every preference of one pair."""
    parts = parts_of(household, home, weights)
    rules = tuple(rule(household, home) for rule in RULES)
    return Why(household, home, rules, tuple(parts), score_of(parts))


def homes_one_by_one(household: Household, homes: Mapping[str, Home], weights: Weights) -> list[Fit]:
    """Return the homes that fit, the best first; the cheaper of equals first, then by id."""
    found = {key: why(household, home, weights) for key, home in homes.items()}
    fits = [Fit(key, each.score) for key, each in found.items() if each.fits]
    return sorted(fits, key=lambda fit: (-fit.score, *cheapness(homes[fit.id]), fit.id))


def households_one_by_one(home: Home, households: Mapping[str, Household], weights: Weights) -> list[Fit]:
    """Return the households that fit, the best first; who waits longest of equals first, then by id."""
    found = {key: why(household, home, weights) for key, household in households.items()}
    fits = [Fit(key, each.score) for key, each in found.items() if each.fits]
    return sorted(fits, key=lambda fit: (-fit.score, -households[fit.id].waiting_days, fit.id))


def cheapness(home: Home) -> tuple[bool, int]:
    """Return what homes that do equally well are ordered by: those of unknown cost last."""
    return home.cost is None, home.cost or 0
