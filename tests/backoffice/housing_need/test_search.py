"""A household's search, step by step."""

from __future__ import annotations

import pytest
from pydantic import ValidationError
from sqlalchemy import select
from sqlalchemy.orm import Session

from backoffice.case.models import CaseEvent, CaseEventKind
from backoffice.housing_need.errors import SearchMoveRefused
from backoffice.housing_need.models import HousingNeed, SearchState, SearchStep
from backoffice.housing_need.service import advance_search, change_needs, move_search
from tests.backoffice.databases import backend as backend
from tests.backoffice.factories import NOW
from tests.backoffice.homes import create_household

S = SearchState


def test_every_step_is_a_row_and_an_event_of_the_case(session: Session) -> None:
    case = create_household(session)
    move_search(session, case, S.INTERVIEWED, by="service", now=NOW)
    session.commit()
    assert session.scalars(select(SearchStep.after)).all() == ["new", "interviewed"]
    kinds = session.scalars(select(CaseEvent.kind)).all()
    assert CaseEventKind.SEARCH_MOVED in kinds


def test_signature_registration_and_keys_come_from_the_checklist_alone(session: Session) -> None:
    case = create_household(session)
    advance_search(session, case, S.OFFER, by="service", now=NOW)
    move_search(session, case, S.CONTRACT_DRAFTED, by="service", now=NOW)
    with pytest.raises(SearchMoveRefused):
        move_search(session, case, S.SIGNED, by="service", now=NOW)
    move_search(session, case, S.SIGNED, by="service", now=NOW, by_contract=True)
    assert session.get_one(HousingNeed, case.id).state is S.SIGNED


def test_what_happens_to_a_match_never_sets_a_search_back(session: Session) -> None:
    case = create_household(session)
    advance_search(session, case, S.OFFER, by="service", now=NOW)
    advance_search(session, case, S.VISITING, by="service", now=NOW)
    assert session.get_one(HousingNeed, case.id).state is S.OFFER


def test_changed_answers_are_checked_as_a_whole_and_named_in_the_history(session: Session) -> None:
    case = create_household(session)
    changes = {"budget_eur_month": 650, "municipalities": ["Offanengo"], "people": 5}
    change_needs(session, case, changes, by="service", now=NOW)
    session.commit()
    assert (case.municipality, case.intake["budget_eur_month"]) == ("Offanengo", 650)
    event = session.scalars(select(CaseEvent).where(CaseEvent.kind == CaseEventKind.INTAKE_CHANGED)).one()
    assert event.after == "budget_eur_month municipalities"
    with pytest.raises(ValidationError):
        change_needs(session, case, {"people": 0}, by="service", now=NOW)
