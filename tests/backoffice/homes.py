"""Owners, homes, households and matches for tests: every argument has a default."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from backoffice.case.models import Case
from backoffice.client.schemas import CaseType, HousingIntake
from backoffice.conversation.models import Conversation
from backoffice.home_owner.models import HomeOwner
from backoffice.home_owner.service import OwnerFacts, register_owner
from backoffice.housing_match.models import HousingMatch
from backoffice.housing_match.service import propose
from backoffice.housing_need.service import need_of
from backoffice.listing.models import Listing, ListingState
from backoffice.listing.service import add_listing, move_listing, verify_listing
from backoffice.person.models import Person
from backoffice.staff.models import Organisation
from tests.backoffice.case.cases import create_case, create_person
from tests.backoffice.factories import NOW, create_staff

HOME: dict[str, Any] = {
    "municipality": "Crema",
    "area": "vicino alla stazione",
    "address": "Via Inventata 12",
    "rooms": 3,
    "size_m2": 75,
    "floor": 2,
    "lift": True,
    "max_people": 5,
    "rent_eur_month": 550,
    "expenses_eur_month": 60,
    "deposit_eur": 1100,
    "contract_types": ["agreed"],
    "available_from": date(2026, 12, 10),
    "near": ["bus", "school"],
}


def create_owner(
    session: Session, *, name: str = "Rosa Inventata", organisation: Organisation | None = None, **facts: Any
) -> HomeOwner:
    """Make an owner, of the front door's unless told otherwise."""
    person = create_person(session, name=name, phone="+390373000001", organisation=organisation)
    return register_owner(session, person, OwnerFacts(**facts), by="service", now=NOW)


def create_listing(
    session: Session,
    *,
    owner: HomeOwner | None = None,
    state: ListingState = ListingState.PUBLISHED,
    **home: Any,
) -> Listing:
    """Make a home, brought to a state as the desk would: checked, verified, published."""
    owner = owner or create_owner(session)
    listing = add_listing(session, owner, {**HOME, **home}, case_id=None, by="service", now=NOW)
    if state is not ListingState.DRAFT:
        staff = create_staff(session)
        verify_listing(session, listing, "visit", by=staff.id, now=NOW)
        for step in (ListingState.CHECKED, ListingState.PUBLISHED, state):
            if listing.state is not state:
                move_listing(session, listing, step, by=staff.id, now=NOW)
    return listing


def create_household(
    session: Session,
    *,
    person: Person | None = None,
    conversation: Conversation | None = None,
    **answers: Any,
) -> Case:
    """Make a case of a household that looks for a home, with its search."""
    known = {"municipalities": ["Crema"], "budget_eur_month": 700, "people": 5, "minors": 3, **answers}
    intake = HousingIntake.model_validate(known).model_dump(mode="json")
    case = create_case(
        session, type=CaseType.HOUSING, person=person, conversation=conversation, intake=intake
    )
    need_of(session, case, now=NOW)
    return case


def create_match(
    session: Session, *, case: Case | None = None, listing: Listing | None = None
) -> HousingMatch:
    """Propose a home to a household."""
    case, listing = case or create_household(session), listing or create_listing(session)
    return propose(session, case, listing, score=0.5, reasons=["town"], by="service", now=NOW)
