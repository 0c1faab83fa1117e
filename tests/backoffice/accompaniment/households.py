"""Households whose home has the yes of both, and how they come to a signed contract."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from backoffice.accompaniment.checklist import Milestone
from backoffice.accompaniment.models import StepState
from backoffice.accompaniment.rules import TenancyFacts
from backoffice.accompaniment.service import record_day, set_step, write_tenancy
from backoffice.accompaniment.steps import StepChange
from backoffice.case.models import Case
from backoffice.client.schemas import ContractType
from backoffice.conversation.models import Conversation
from backoffice.housing_match.models import HousingMatch, MatchSide, MatchState
from backoffice.housing_match.service import accept, move_match
from backoffice.listing.models import Listing
from backoffice.staff.models import Staff
from backoffice.staff.roles import Role
from tests.backoffice.factories import NOW, create_conversation, create_staff
from tests.backoffice.homes import create_household, create_listing, create_match

TODAY = date(2026, 12, 2)
"""The day in Italy of `NOW`."""

FACTS = TenancyFacts(
    contract_type=ContractType.FREE,
    flat_tax=False,
    rent_eur_month=550,
    expenses_eur_month=60,
    deposit_eur=1100,
    starts_on=date(2026, 12, 10),
)


@dataclass
class Household:
    """A case, its match in state `contract`, its home, and somebody of the desk."""

    case: Case
    match: HousingMatch
    listing: Listing
    desk: Staff


def agreed(session: Session, *, language: str = "it", **answers: Any) -> Household:
    """Make a household whose home has the yes of both."""
    conversation = create_conversation(session, language=language)
    case = create_household(session, conversation=conversation, **answers)
    case.language = language
    listing = create_listing(session)
    match = create_match(session, case=case, listing=listing)
    desk = create_staff(session, roles=frozenset({Role.HOUSING_DESK}))
    for state in (MatchState.INTERESTED, MatchState.VISIT_FIXED, MatchState.VISITED):
        move_match(session, match, state, by=desk.id, now=NOW)
    accept(session, match, MatchSide.SEEKER, by=desk.id, now=NOW)
    accept(session, match, MatchSide.OWNER, by=desk.id, now=NOW)
    return Household(case, match, listing, desk)


def protect(session: Session, home: Household) -> None:
    """Do the three steps without which nothing is signed."""
    for code in ("owner_title", "contract_explained", "money_written"):
        set_step(session, home.case, code, StepChange(StepState.DONE), by=home.desk.id, now=NOW)


def signed(session: Session, *, on: date = date(2026, 12, 1), **household: Any) -> Household:
    """Make a household whose contract is signed."""
    home = agreed(session, **household)
    protect(session, home)
    write_tenancy(session, home.case, FACTS, by=home.desk.id, now=NOW)
    record_day(session, home.case, Milestone.SIGNED, on, by=home.desk.id, now=NOW)
    return home


def talk(session: Session, home: Household) -> Conversation:
    """Return the household's conversation."""
    return session.get_one(Conversation, home.case.conversation_id)
