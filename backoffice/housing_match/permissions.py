"""Who may see matches: who may read the household's case, in the body that matches."""

from __future__ import annotations

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload

from backoffice.case.models import Case
from backoffice.case.permissions import get_changeable_case, is_own_readable
from backoffice.client.schemas import CaseType
from backoffice.errors import NotFound
from backoffice.home_owner.models import HomeOwner
from backoffice.home_owner.permissions import require_housing
from backoffice.housing_match.models import HousingMatch
from backoffice.listing.models import Listing
from backoffice.staff.models import Staff

WITH_BOTH_SIDES = (
    joinedload(HousingMatch.case).joinedload(Case.person),
    joinedload(HousingMatch.listing).joinedload(Listing.owner).joinedload(HomeOwner.person),
)


def readable_matches(staff: Staff) -> Select[HousingMatch]:
    """Return the statement of every match that a person of the housing desk may read.

    Raises:
        NotFound: the person does not work there.
    """
    require_housing(staff)
    return (
        select(HousingMatch)
        .join(Case, Case.id == HousingMatch.case_id)
        .where(HousingMatch.organisation_id == staff.organisation_id, is_own_readable(staff))
    )


def get_match(session: Session, staff: Staff, match_id: str, *, lock: bool = False) -> HousingMatch:
    """Return one match with both sides; `lock`: nobody else changes it meanwhile.

    Raises:
        NotFound: there is none, or this person may not know of it.
    """
    statement = readable_matches(staff).where(HousingMatch.id == match_id).options(*WITH_BOTH_SIDES)
    if lock:
        statement = statement.with_for_update(of=HousingMatch).execution_options(populate_existing=True)
    found = session.scalars(statement).one_or_none()
    if found is None:
        raise NotFound
    return found


def get_seeker(session: Session, staff: Staff, case_id: str) -> Case:
    """Return the case of a household that looks for a home.

    Raises:
        NotFound: there is none, this person may not change it, or it is about something else.
    """
    require_housing(staff)
    case = get_changeable_case(session, staff, case_id)
    if case.type is not CaseType.HOUSING:
        raise NotFound
    return case
