"""What the pages of matches need to put a pair into words: nothing here reads the database."""

from __future__ import annotations

from dataclasses import dataclass

from backoffice.housing_match.acts import moves_by_hand
from backoffice.housing_match.consequences import REASONS_OF
from backoffice.housing_match.models import HousingMatch, MatchSide, MatchState, RefusalReason
from backoffice.housing_match.rules import Verdict
from backoffice.housing_match.standing import NEVER_AFTER, Obstacle
from backoffice.housing_match.states import MOVES
from backoffice.housing_match.wording import in_words, obstacle_in_words
from backoffice.matching.scores import Part

_YES = {MatchSide.SEEKER: MatchState.ACCEPTED_BY_SEEKER, MatchSide.OWNER: MatchState.ACCEPTED_BY_OWNER}


@dataclass(frozen=True)
class MatchView:
    """Words and choices for a reader of a language."""

    language: str

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

    def sides(self, match: HousingMatch) -> list[MatchSide]:
        """Return the sides whose yes can be noted now."""
        said = {MatchSide.SEEKER: match.seeker_said, MatchSide.OWNER: match.owner_said}
        return [side for side, to in _YES.items() if to in MOVES[match.state] and not said[side]]

    def can_be_refused(self, match: HousingMatch) -> bool:
        """Tell whether a side can still say no."""
        return MatchState.REFUSED in MOVES[match.state]

    def reasons(self, side: str) -> tuple[RefusalReason, ...]:
        """Return the reasons that a side can give for its no."""
        return REASONS_OF[MatchSide(side)]

    def by_hand(self, match: HousingMatch) -> list[MatchState]:
        """Return the states that the desk may note."""
        return moves_by_hand(match)

    def is_for_good(self, match: HousingMatch) -> bool:
        """Tell whether the home is not to be proposed again until somebody takes the no back."""
        before = match.not_again_before
        return before is not None and before > match.state_since.date() + NEVER_AFTER
