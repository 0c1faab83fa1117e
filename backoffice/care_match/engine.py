"""Why a family assistant fits a request, or why not: every rule and every preference, one by one.

These functions of one pair are what matching is. `tables` computes the same for thousands at once; a test
holds it against them, pair for pair.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from backoffice.care_match.preferences import DEFAULT_WEIGHTS, parts_of
from backoffice.care_match.rules import RULES, Answer, Verdict
from backoffice.care_match.sides import Request, Worker
from backoffice.matching.scores import Fit, Part, Weights, score_of

SPEAKS_FOR, SPEAKS_AGAINST = 0.75, 0.25
"""From which value on a preference is told as a reason for a pair, and up to which as one against it."""


@dataclass(frozen=True)
class Why:
    """What matching says of one pair."""

    request: Request
    worker: Worker
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
        """The codes of the preferences that speak for the pair: what is kept with a match."""
        return [part.code for part in self.parts if part.weight and (part.value or 0.0) >= SPEAKS_FOR]

    @property
    def drawbacks(self) -> list[str]:
        """The codes of the preferences that speak against the pair."""
        return [
            part.code
            for part in self.parts
            if part.weight and part.value is not None and part.value <= SPEAKS_AGAINST
        ]


def why(request: Request, worker: Worker, weights: Weights = DEFAULT_WEIGHTS) -> Why:
    """Ask every rule and every preference of one pair."""
    parts = parts_of(request, worker, weights)
    rules = tuple(rule(request, worker) for rule in RULES)
    return Why(request, worker, rules, tuple(parts), score_of(parts))


def workers_one_by_one(request: Request, workers: Mapping[str, Worker], weights: Weights) -> list[Fit]:
    """Return the workers that fit, the best first; equals by their id."""
    found = {key: why(request, worker, weights) for key, worker in workers.items()}
    fits = [Fit(key, each.score) for key, each in found.items() if each.fits]
    return sorted(fits, key=lambda fit: (-fit.score, fit.id))


def requests_one_by_one(worker: Worker, requests: Mapping[str, Request], weights: Weights) -> list[Fit]:
    """Return the requests that fit, the best first; of equals the one that begins first, then by id."""
    found = {key: why(request, worker, weights) for key, request in requests.items()}
    fits = [Fit(key, each.score) for key, each in found.items() if each.fits]
    return sorted(fits, key=lambda fit: (-fit.score, requests[fit.id].starts_on, fit.id))
