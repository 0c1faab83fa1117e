"""What follows from a no, by its reason and by who said it (domain, project.md 5).

A home that was refused is not proposed to the same household again for a while, or never; a household may
be parked, so that nobody waits for its answer; an owner who discriminates meets the law.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from backoffice.housing_match.models import MatchSide, RefusalReason

R = RefusalReason

PARKED_DAYS = 60
NEVER = None


@dataclass(frozen=True)
class Consequence:
    """What a reason brings about.

    `not_again_days`: for so long this home is not proposed to this household; None: not until its needs
    or the home change. `park_days`: for so long nothing is proposed to the household.
    """

    not_again_days: int | None = NEVER
    park_days: int | None = None
    ends_search: bool = False
    withdraws_home: bool = False
    discriminates: bool = False


CONSEQUENCES: Mapping[RefusalReason, Consequence] = {
    R.TOO_DEAR: Consequence(),
    R.TOO_SMALL: Consequence(),
    R.TOO_FAR: Consequence(),
    R.STAIRS: Consequence(),
    R.CONDITION: Consequence(not_again_days=180),
    R.NOT_NOW: Consequence(not_again_days=PARKED_DAYS, park_days=PARKED_DAYS),
    R.FOUND_ANOTHER: Consequence(ends_search=True),
    R.NOT_LOOKING_ANY_MORE: Consequence(ends_search=True),
    R.INCOME: Consequence(),
    R.GUARANTEES: Consequence(not_again_days=90),
    R.TOO_MANY_PEOPLE: Consequence(),
    R.GIVEN_TO_ANOTHER: Consequence(not_again_days=30),
    R.NOT_TO_LET_ANY_MORE: Consequence(withdraws_home=True),
    R.NO_ANSWER: Consequence(not_again_days=30),
    R.OWNER_REFUSES_FOREIGNERS: Consequence(withdraws_home=True, discriminates=True),
    R.OTHER: Consequence(not_again_days=PARKED_DAYS),
}

REASONS_OF: Mapping[MatchSide, tuple[RefusalReason, ...]] = {
    MatchSide.SEEKER: (
        R.TOO_DEAR, R.TOO_SMALL, R.TOO_FAR, R.STAIRS, R.CONDITION, R.NOT_NOW, R.FOUND_ANOTHER,
        R.NOT_LOOKING_ANY_MORE, R.OTHER,
    ),
    MatchSide.OWNER: (
        R.INCOME, R.GUARANTEES, R.TOO_MANY_PEOPLE, R.GIVEN_TO_ANOTHER, R.NOT_TO_LET_ANY_MORE,
        R.OWNER_REFUSES_FOREIGNERS, R.OTHER,
    ),
    MatchSide.DESK: tuple(RefusalReason),
}  # fmt: skip
"""The reasons that each side may give, in the order in which they are offered."""
