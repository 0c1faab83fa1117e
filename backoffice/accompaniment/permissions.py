"""Who works on the search and the contract of a household: who may change its case."""

from __future__ import annotations

from sqlalchemy.orm import Session

from backoffice.case.models import Case
from backoffice.case.permissions import get_changeable_case
from backoffice.client.schemas import CaseType
from backoffice.errors import NotFound
from backoffice.home_owner.permissions import require_housing
from backoffice.staff.models import Staff


def get_search_case(session: Session, staff: Staff, case_id: str) -> Case:
    """Return a case of a household that looks for a home.

    Raises:
        NotFound: there is none, or this person may not change it.
    """
    require_housing(staff)
    case = get_changeable_case(session, staff, case_id)
    if case.type is not CaseType.HOUSING:
        raise NotFound
    return case
