"""Who may see viewings: who may see their match."""

from __future__ import annotations

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload

from backoffice.errors import NotFound
from backoffice.housing_match.models import HousingMatch
from backoffice.housing_match.permissions import WITH_BOTH_SIDES, get_match, readable_matches
from backoffice.staff.models import Staff
from backoffice.viewing.models import Viewing


def readable_viewings(staff: Staff) -> Select[Viewing]:
    """Return the statement of every viewing that a person of the housing desk may read.

    Raises:
        NotFound: the person does not work there.
    """
    matches = readable_matches(staff).with_only_columns(HousingMatch.id)
    return select(Viewing).where(Viewing.match_id.in_(matches))


def get_viewing(session: Session, staff: Staff, viewing_id: str) -> Viewing:
    """Return one viewing with its match.

    Raises:
        NotFound: there is none, or this person may not know of it.
    """
    found = session.get(Viewing, viewing_id)
    if found is None:
        raise NotFound
    get_match(session, staff, found.match_id)
    return found


WITH_MATCH = tuple(joinedload(Viewing.match).options(each) for each in WITH_BOTH_SIDES)
