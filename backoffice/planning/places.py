"""The places that figures are told for: towns, the sub-districts that look after them, the district."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from backoffice.case.municipalities import municipality_names
from backoffice.disclosure.axes import ALL, Axis
from backoffice.staff.models import Organisation, Unit

NOWHERE = "nowhere"
"""The town was not said."""
ELSEWHERE = "elsewhere"
"""A town outside of the district."""
SUB_DISTRICT = "sub-district:"
"""Before the name of a sub-district, since one may bear the name of its town."""


def places_of(units: Mapping[str, Sequence[str]]) -> Axis:
    """Return the axis of places by the towns of each sub-district. A town of two is in the first.

    A sub-district without a town of ours is left out; a town without one is under the district itself.
    """
    parents = dict.fromkeys((*municipality_names(), NOWHERE, ELSEWHERE), ALL)
    for name in sorted(units):
        mine = [town for town in units[name] if parents.get(town) == ALL]
        parents |= dict.fromkeys(mine, SUB_DISTRICT + name)
        if mine:
            parents[SUB_DISTRICT + name] = ALL
    return Axis("place", parents)


def read_places(session: Session) -> Axis:
    """Return the axis of places as the body at the front door has its sub-districts."""
    rows = session.execute(
        select(Unit.name, Unit.municipalities)
        .join(Organisation, Organisation.id == Unit.organisation_id)
        .where(Organisation.is_front_door)
    )
    return places_of({row.name: row.municipalities for row in rows})


def place_code(town: str | None) -> str:
    """Return the code of a town as it was written down."""
    if not town:
        return NOWHERE
    return town if town in municipality_names() else ELSEWHERE
