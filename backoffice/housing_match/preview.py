"""What other weights would change: the first homes of some households, before and after."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from backoffice.case.models import Case
from backoffice.housing_match.candidates import households_looking
from backoffice.housing_match.sides import HOME_COLUMNS, home_of
from backoffice.housing_match.tables import HomeTable
from backoffice.listing.models import Listing, ListingState
from backoffice.matching.scores import Fit, Weights

SHOWN_HOUSEHOLDS = 8
SHOWN_HOMES = 3


@dataclass(frozen=True)
class Previewed:
    """The first homes of a household as they are and as they would be: codes, each with its score."""

    case_id: str
    number: str
    before: list[tuple[str, float]]
    after: list[tuple[str, float]]

    @property
    def changes(self) -> bool:
        """Whether other homes, or the same in another order, would come first."""
        return [code for code, _ in self.before] != [code for code, _ in self.after]


def preview(
    session: Session,
    organisation_id: str,
    readable: ColumnElement[bool],
    *,
    before: Weights,
    after: Weights,
    now: datetime,
) -> list[Previewed]:
    """Return what would change for some households that have homes to choose from, who wait longest first."""
    statement = select(Listing.id, Listing.code, *HOME_COLUMNS).where(
        Listing.organisation_id == organisation_id, Listing.state == ListingState.PUBLISHED
    )
    rows = session.execute(statement).all()
    codes, table = {row.id: row.code for row in rows}, HomeTable({row.id: home_of(row) for row in rows})
    looking = households_looking(session, organisation_id, readable, now=now)
    found: dict[str, tuple[list[tuple[str, float]], list[tuple[str, float]]]] = {}
    for key in sorted(looking, key=lambda key: (-looking[key].waiting_days, key)):
        if len(found) == SHOWN_HOUSEHOLDS:
            break
        if fits := table.homes_for(looking[key], before):
            found[key] = (_first(fits, codes), _first(table.homes_for(looking[key], after), codes))
    numbers = {
        row[0]: row[1] for row in session.execute(select(Case.id, Case.number).where(Case.id.in_(found)))
    }
    return [Previewed(key, numbers[key], *both) for key, both in found.items()]


def _first(fits: Sequence[Fit], codes: dict[str, str]) -> list[tuple[str, float]]:
    return [(codes[fit.id], fit.score) for fit in fits[:SHOWN_HOMES]]
