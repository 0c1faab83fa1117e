"""What stands between a household and a home beside the rules: its search, the home's state, a no."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

from backoffice.case.models import Case
from backoffice.client.schemas import CaseType, Phase
from backoffice.housing_match.models import Hold, HousingMatch, MatchState
from backoffice.housing_match.service import OFFERED
from backoffice.housing_need.models import HousingNeed
from backoffice.housing_need.states import IS_MATCHED
from backoffice.listing.models import Listing

NEVER_AFTER = timedelta(days=365 * 5)
"""A day that is further away than this is told as "not again"."""


@dataclass(frozen=True)
class Obstacle:
    """Why nothing is proposed now: `sentence` is a key of the catalogue. A `note` stands in nobody's way."""

    sentence: str
    values: dict[str, date | str] = field(default_factory=dict)
    is_note: bool = False


def obstacles(
    case: Case,
    need: HousingNeed,
    listing: Listing,
    match: HousingMatch | None,
    hold: Hold | None,
    *,
    today: date,
) -> list[Obstacle]:
    """Return what stands in the way of proposing a home to a household today.

    `hold` is the one on the home that is good now; the household's own is no obstacle.
    """
    of_others = None if hold and match and hold.match_id == match.id else hold
    return [*of_search(case, need, today=today), *_of_home(listing, of_others), *_of_match(match, today)]


def of_search(case: Case, need: HousingNeed, *, today: date) -> list[Obstacle]:
    """Return why a household is matched with nothing: its search is over, or rests until a day."""
    found = []
    if case.type is not CaseType.HOUSING or case.phase is Phase.CLOSED:
        found.append(Obstacle("housing.obstacle.case_closed"))
    elif need.state not in IS_MATCHED:
        found.append(Obstacle("housing.obstacle.search_over"))
    if need.parked_until is not None and need.parked_until > today:
        found.append(Obstacle("housing.obstacle.parked", {"day": need.parked_until}))
    return found


def _of_home(listing: Listing, hold: Hold | None) -> Iterator[Obstacle]:
    if hold is not None:
        yield Obstacle("housing.obstacle.reserved", {"day": hold.until}, is_note=True)
    if listing.state not in OFFERED:
        yield Obstacle("housing.obstacle.not_offered")


def _of_match(match: HousingMatch | None, today: date) -> Iterator[Obstacle]:
    if match is None or not rests(match, today=today):
        return
    assert match.not_again_before is not None
    if match.not_again_before > today + NEVER_AFTER:
        yield Obstacle("housing.obstacle.refused")
    else:
        yield Obstacle("housing.obstacle.refused_until", {"day": match.not_again_before})


def rests(match: HousingMatch, *, today: date) -> bool:
    """Tell whether a home was refused so that it is not proposed to this household yet."""
    before = match.not_again_before
    return match.state is MatchState.REFUSED and before is not None and before > today
