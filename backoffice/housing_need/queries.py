"""Reading searches, where nothing may be written."""

from __future__ import annotations

from sqlalchemy.orm import Session

from backoffice.case.models import Case
from backoffice.housing_need.models import HousingNeed, SearchState


def read_need(session: Session, case: Case) -> HousingNeed:
    """Return the search of a case; where it has not begun, what it would be, kept nowhere."""
    found = session.get(HousingNeed, case.id)
    return found or HousingNeed(
        case_id=case.id,
        organisation_id=case.organisation_id,
        state=SearchState.NEW,
        state_since=case.opened_at,
        parked_until=None,
        created_at=case.opened_at,
        updated_at=case.opened_at,
    )
