"""A household's search: begun with its case, moved step by step, parked and told of homes.

Functions flush, never commit; rights have been asked before.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from backoffice.case.history import record_event, require_open
from backoffice.case.models import Case, CaseEventKind
from backoffice.client.schemas import HousingIntake
from backoffice.housing_need.errors import SearchMoveRefused
from backoffice.housing_need.models import HousingNeed, SearchState, SearchStep
from backoffice.housing_need.states import BY_CONTRACT, MOVES


def need_of(session: Session, case: Case, *, now: datetime) -> HousingNeed:
    """Return the search of a case of type `housing`; one that has none yet begins now."""
    found = session.get(HousingNeed, case.id)
    if found is not None:
        return found
    need = HousingNeed(
        case_id=case.id,
        case=case,
        organisation_id=case.organisation_id,
        state=SearchState.NEW,
        state_since=now,
        created_at=now,
        updated_at=now,
    )
    session.add(need)
    session.add(SearchStep(case_id=case.id, before=None, after=SearchState.NEW, actor="service", at=now))
    session.flush()
    return need


def lock_need(session: Session, case_id: str) -> HousingNeed | None:
    """Return the search of a case for a change; nobody else changes it meanwhile."""
    return session.scalars(
        select(HousingNeed).where(HousingNeed.case_id == case_id).with_for_update()
    ).one_or_none()


def move_search(
    session: Session,
    case: Case,
    to: SearchState,
    *,
    by: str,
    now: datetime,
    by_contract: bool = False,
) -> None:
    """Move a search to another state; the one that it has already changes nothing.

    Raises:
        SearchMoveRefused: no rule leads there, or only the checklist of a contract does (`by_contract`).
        CaseIsClosed: the case has to be reopened first.
    """
    require_open(case)
    need = need_of(session, case, now=now)
    if need.state is to:
        return
    if to not in MOVES[need.state] or (to in BY_CONTRACT and not by_contract):
        raise SearchMoveRefused
    before, need.state, need.state_since = need.state, to, now
    _changed(need, now)
    session.add(SearchStep(case_id=case.id, before=before, after=to, actor=by, at=now))
    record_event(session, case, CaseEventKind.SEARCH_MOVED, by=by, now=now, before=before, after=to)


def advance_search(session: Session, case: Case, to: SearchState, *, by: str, now: datetime) -> None:
    """Move a search on to a state that something brought about, through the usual ones between.

    A search that is there or further, or that no usual way leads there from, stays as it is.
    """
    order = list(SearchState)
    need = need_of(session, case, now=now)
    while order.index(need.state) < order.index(to):
        usual = MOVES[need.state]
        step = to if to in usual else usual[0]
        if step in BY_CONTRACT or order.index(step) > order.index(to):
            return
        move_search(session, case, step, by=by, now=now)


def change_needs(session: Session, case: Case, changes: dict[str, Any], *, by: str, now: datetime) -> None:
    """Change answers of the intake of a housing case; the whole is checked by its form.

    Raises:
        pydantic.ValidationError: what comes out is no `HousingIntake`.
        CaseIsClosed: the case has to be reopened first.
    """
    require_open(case)
    intake = HousingIntake.model_validate({**case.intake, **changes}).model_dump(mode="json")
    changed = [name for name in changes if intake.get(name) != case.intake.get(name)]
    if not changed:
        return
    case.intake = intake
    if intake["municipalities"] and "municipalities" in changed:
        case.municipality = intake["municipalities"][0]
    _changed(need_of(session, case, now=now), now)
    after = " ".join(changed)[:500]
    record_event(session, case, CaseEventKind.INTAKE_CHANGED, by=by, now=now, after=after)


def park_search(session: Session, need: HousingNeed, until: date | None, *, now: datetime) -> None:
    """Propose nothing until a day; None: homes are looked for again."""
    need.parked_until = until
    _changed(need, now)
    session.flush()


def tell_of_homes(session: Session, need: HousingNeed, wanted: bool, *, now: datetime) -> None:
    """Write, or do not write, in the chat when a home fits: the person's own choice."""
    need.tells_of_homes, need.tells_since = wanted, now if wanted else None
    _changed(need, now)
    session.flush()


def _changed(need: HousingNeed, now: datetime) -> None:
    need.version += 1
    need.updated_at = now
