"""The case of an owner's offer: where its consent, notes and history have their place."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from backoffice.case.models import Case, CaseSource
from backoffice.case.needs import Need
from backoffice.case.permissions import is_own_readable
from backoffice.case.queries import WITH_NAMES
from backoffice.case.service import NewCase, open_case
from backoffice.client.schemas import CaseType, HousingOfferIntake, Phase
from backoffice.home_owner.models import HomeOwner
from backoffice.staff.models import Staff


def find_offer_case(session: Session, staff: Staff, owner: HomeOwner) -> Case | None:
    """Return the newest open case about what an owner offers that somebody may read."""
    statement = (
        select(Case)
        .where(
            Case.person_id == owner.person_id,
            Case.type == CaseType.HOUSING_OFFER,
            Case.phase != Phase.CLOSED,
            is_own_readable(staff),
        )
        .options(*WITH_NAMES)
        .order_by(Case.opened_at.desc(), Case.id.desc())
    )
    return session.scalars(statement.limit(1)).first()


def offer_case_of(
    session: Session, staff: Staff, owner: HomeOwner, home: Mapping[str, Any], *, now: datetime
) -> Case:
    """Return the open case about what an owner offers; open one where there is none.

    `home` is what is known of the home: the case's intake is made of what the chat would have asked too.
    """
    found = find_offer_case(session, staff, owner)
    if found is not None:
        return found
    asked = {name: home[name] for name in HousingOfferIntake.model_fields if home.get(name) is not None}
    new = NewCase(
        type=CaseType.HOUSING_OFFER,
        person=owner.person,
        organisation_id=owner.organisation_id,
        language=(owner.person.languages or ["it"])[0],
        source=CaseSource.DESK,
        intake=HousingOfferIntake.model_validate(asked).model_dump(mode="json"),
        needs=(Need.RENT,),
        municipality=home.get("municipality"),
    )
    return open_case(session, new, by=staff.id, now=now)
