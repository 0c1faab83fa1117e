"""What the pages of matches need to put a pair into words: nothing here reads the database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from backoffice.care_match.consequences import REASONS_OF
from backoffice.care_match.models import CareMatch, CareMatchState, CareRefusal, CareSide
from backoffice.care_match.offers import BEFORE_BOTH
from backoffice.care_match.queries import is_unanswered
from backoffice.care_match.rules import Verdict
from backoffice.care_match.standing import MOST_CANDIDATES, Obstacle
from backoffice.care_match.states import MOVES, NAMES_KNOWN, OPEN
from backoffice.care_match.wording import in_words, obstacle_in_words
from backoffice.matching.scores import Part

S = CareMatchState


@dataclass(frozen=True)
class CareView:
    """Words and choices for a reader of a language, at a moment."""

    language: str
    now: datetime

    most = MOST_CANDIDATES

    def rule(self, verdict: Verdict) -> str:
        """Return what a rule says."""
        return in_words(verdict, self.language)

    def obstacle(self, obstacle: Obstacle) -> str:
        """Return what stands in the way."""
        return obstacle_in_words(obstacle, self.language)

    def percent(self, value: float) -> int:
        """Return a score or a part of one in hundredths."""
        return round(value * 100)

    def best(self, parts: tuple[Part, ...]) -> list[Part]:
        """Return the preferences as they are told: those that give most first."""
        return sorted(parts, key=lambda part: -part.weight * part.counted)

    def sides(self, match: CareMatch) -> list[CareSide]:
        """Return the sides whose yes can be noted now: the worker first."""
        if match.state not in BEFORE_BOTH:
            return []
        return [CareSide.FAMILY] if match.worker_said else [CareSide.WORKER]

    def reasons(self, side: str) -> tuple[CareRefusal, ...]:
        """Return the reasons that a side can give for its no."""
        return REASONS_OF[CareSide(side)]

    def can_offer(self, match: CareMatch) -> bool:
        """Tell whether the worker can be shown the offer."""
        return match.state in (S.PROPOSED, S.WORKER_INFORMED) and match.worker_said is None

    def can_show(self, match: CareMatch) -> bool:
        """Tell whether the family can be shown the profile."""
        return match.state in BEFORE_BOTH and match.worker_said is True and match.family_said is None

    def can_be_refused(self, match: CareMatch) -> bool:
        """Tell whether a side can still say no."""
        return S.REFUSED in MOVES[match.state]

    def can_be_withdrawn(self, match: CareMatch) -> bool:
        """Tell whether the desk can take the proposal back."""
        return S.WITHDRAWN in MOVES[match.state]

    def can_meet(self, match: CareMatch) -> bool:
        """Tell whether an interview can be fixed or moved."""
        return match.state in (S.BOTH_INTERESTED, S.INTERVIEW)

    def can_try(self, match: CareMatch) -> bool:
        """Tell whether a trial can be noted."""
        return match.state in (S.INTERVIEW, S.TRIAL)

    def names_known(self, match: CareMatch) -> bool:
        """Tell whether each side may know who the other is."""
        return match.state in NAMES_KNOWN

    def is_open(self, match: CareMatch) -> bool:
        """Tell whether it may still become a contract."""
        return match.state in OPEN

    def days_waiting(self, match: CareMatch) -> int | None:
        """Return for how many days a side has not answered, where the desk should call."""
        return (self.now - match.state_since).days if is_unanswered(match, now=self.now) else None
