"""What follows from a no, by its reason and by who said it (domain, project.md 6).

A worker who refuses loses nothing: other families are proposed as before.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from backoffice.care_match.models import CareRefusal, CareSide

R = CareRefusal
NEVER = None


@dataclass(frozen=True)
class Consequence:
    """What a reason brings about.

    `not_again_days`: for so long this worker is not proposed to this family; None: not until something
    changes.
    """

    not_again_days: int | None = NEVER
    counts_unlawful_wish: bool = False


CONSEQUENCES: Mapping[CareRefusal, Consequence] = {
    R.HOURS: Consequence(),
    R.PAY: Consequence(),
    R.TOO_FAR: Consequence(),
    R.TASKS: Consequence(),
    R.LIVE_IN: Consequence(),
    R.EXPERIENCE: Consequence(not_again_days=180),
    R.LANGUAGE: Consequence(not_again_days=180),
    R.NOT_NOW: Consequence(not_again_days=60),
    R.FOUND_OTHER_WORK: Consequence(not_again_days=60),
    R.FOUND_ANOTHER: Consequence(not_again_days=60),
    R.TRIAL_FAILED: Consequence(),
    R.NO_ANSWER: Consequence(not_again_days=30),
    R.REFUSES_CONTRACT: Consequence(),
    R.UNLAWFUL_WISH: Consequence(counts_unlawful_wish=True),
    R.OTHER: Consequence(not_again_days=60),
}

REASONS_OF: Mapping[CareSide, tuple[CareRefusal, ...]] = {
    CareSide.FAMILY: (
        R.EXPERIENCE, R.HOURS, R.PAY, R.LANGUAGE, R.TASKS, R.LIVE_IN, R.NOT_NOW, R.FOUND_ANOTHER,
        R.TRIAL_FAILED, R.OTHER,
    ),
    CareSide.WORKER: (
        R.HOURS, R.PAY, R.TOO_FAR, R.TASKS, R.LIVE_IN, R.NOT_NOW, R.FOUND_OTHER_WORK, R.TRIAL_FAILED, R.OTHER,
    ),
    CareSide.DESK: tuple(CareRefusal),
}  # fmt: skip
"""The reasons that each side may give, in the order in which they are offered."""
