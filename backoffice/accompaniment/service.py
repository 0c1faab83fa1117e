"""From the yes of both to a contract that is signed, registered and lived in.

Functions lock the household's search first, so that two who work on one case come one after the other. They
flush, never commit; each act is an event of the case with its audit entry. Rights have been asked before.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from backoffice.accompaniment.checklist import Milestone, Step, step_of
from backoffice.accompaniment.errors import ChangedMeanwhile, DateKeepsStep, NoContract
from backoffice.accompaniment.follow_up import end_follow_up, plan_follow_up
from backoffice.accompaniment.homes import give_home, take_home_back
from backoffice.accompaniment.models import AccompanimentStep, StepState, Tenancy
from backoffice.accompaniment.queries import match_of_contract, tenancy_of
from backoffice.accompaniment.rules import (
    TenancyFacts,
    require_complete,
    require_day,
    require_lawful,
    require_past,
    require_ready,
)
from backoffice.accompaniment.steps import (
    StepChange,
    begin_step,
    find_step,
    recompute_deadlines,
    step_named,
    write_step,
)
from backoffice.case.history import record_event, require_open
from backoffice.case.models import Case, CaseEventKind
from backoffice.client.schemas import ContractType
from backoffice.errors import NotFound
from backoffice.housing_match.models import HousingMatch, MatchSide, MatchState, RefusalReason
from backoffice.housing_match.service import refuse
from backoffice.housing_need.models import SearchState
from backoffice.housing_need.service import advance_search, lock_need, move_search, need_of
from backoffice.housing_need.states import MOVES
from backoffice.italy import day_in_italy

_COLUMNS = {
    Milestone.SIGNED: "signed_on",
    Milestone.KEYS: "keys_on",
    Milestone.HOSPITALITY: "hospitality_noted_on",
    Milestone.REGISTERED: "registered_on",
}


def write_tenancy(session: Session, case: Case, facts: TenancyFacts, *, by: str, now: datetime) -> Tenancy:
    """Write down what the contract of a household says; deadlines follow at once.

    Raises:
        NoContract: no home has got the yes of both.
        DepositTooHigh: more than the law allows.
        AmountRefused: a sum that no contract has.
        ChangedMeanwhile: somebody else changed it.
        CaseIsClosed: the case has to be reopened first.
    """
    match = _begin(session, case, now)
    require_lawful(facts, now)
    tenancy = _tenancy(session, case, match, by=by, now=now)
    if facts.version is not None and facts.version != tenancy.version:
        raise ChangedMeanwhile
    new = {
        "contract_type": facts.contract_type,
        "flat_tax": facts.flat_tax,
        "rent_eur_month": facts.rent_eur_month,
        "expenses_eur_month": facts.expenses_eur_month,
        "deposit_eur": facts.deposit_eur,
        "starts_on": facts.starts_on,
        "note": (facts.note or "").strip() or None,
    }
    if tenancy.signed_on is not None:
        require_complete(new)
    if any(getattr(tenancy, name) != value for name, value in new.items()):
        _change(session, case, tenancy, new, "written", by=by, now=now)
    advance_search(session, case, SearchState.CONTRACT_DRAFTED, by=by, now=now)
    return tenancy


def record_day(
    session: Session, case: Case, milestone: Milestone, day: date, *, by: str, now: datetime
) -> Tenancy:
    """Write down a day of the contract, or correct it: signed, keys, hospitality notice, registered.

    The step of that day is done with it, the search moves on as far as the days carry it, and the home is
    let once the contract is signed.

    Raises:
        NoContract: no home has got the yes of both.
        StepsOpen: steps that protect the household are open, and it is to be signed.
        ContractIncomplete: type, rent or start is not written down, and it is to be signed.
        DayRefused: a day that lies ahead, is absurdly long ago, or comes before the signature.
        HomeIsHeld: another household holds the home.
    """
    match = _begin(session, case, now)
    tenancy = _tenancy(session, case, match, by=by, now=now)
    require_day(tenancy, milestone, day, now)
    if milestone is Milestone.SIGNED:
        require_ready(session, case, match.id, tenancy)
        give_home(session, match, by=by, now=now)
    column = _COLUMNS[milestone]
    if getattr(tenancy, column) != day:
        before_keys = tenancy.keys_on
        _change(session, case, tenancy, {column: day}, milestone.value, by=by, now=now)
        if milestone is Milestone.KEYS:
            plan_follow_up(session, case, day, moved_from=before_keys, by=by, now=now)
    _do_step(session, case, match, milestone, day, by=by, now=now)
    _carry_search(session, case, tenancy, by=by, now=now)
    return tenancy


def set_step(
    session: Session,
    case: Case,
    code: str,
    change: StepChange,
    *,
    match_id: str | None = None,
    by: str,
    now: datetime,
) -> AccompanimentStep:
    """Say how far a step is.

    A step of one home counts for the match that is named, else for the one with the contract. A step that a
    day of the contract does, such as the registration, writes that day.

    Raises:
        StepNotFound: the checklist has no such step.
        NoContract: it is a step of one home, and there is no contract to count it for.
        NotFound: no such match or document in the case.
        ChangedMeanwhile: somebody else changed it.
        DateKeepsStep: a day of the contract has done it.
        DayRefused: it is said to be done on a day that lies ahead or is absurdly long ago.
    """
    step = step_named(code)
    require_open(case)
    if change.done_on is not None:
        require_past(change.done_on, now)
    _lock_search(session, case, now)
    match = _match_of(session, case, match_id) if step.of_match else None
    if match is not None and match.state is MatchState.REFUSED:
        raise NoContract
    if step.milestone is not None and match is not None:
        change = _with_day(session, case, step, match, change, by=by, now=now)
    row = begin_step(session, case, match.id if match else None, code)
    write_step(session, case, row, change, by=by, now=now)
    return row


def end_tenancy(
    session: Session,
    case: Case,
    side: MatchSide,
    reason: RefusalReason,
    words: str | None,
    *,
    by: str,
    now: datetime,
) -> None:
    """Write down that the contract came to nothing: the search goes on.

    The steps with the household alone stay done; those of this home stay as history with their match.

    Raises:
        NoContract: there is none.
        RefusalReasonMissing: it is not a reason that this side can give.
    """
    match = _begin(session, case, now)
    tenancy = tenancy_of(session, match.id)
    if tenancy is not None:
        end_follow_up(session, case, tenancy, now=now)
        today = day_in_italy(now)
        _change(session, case, tenancy, {"ended_on": today}, "ended", by=by, now=now)
        take_home_back(session, match, by=by, now=now)
    refuse(session, match, side, reason, words=words, by=by, now=now)
    need = need_of(session, case, now=now)
    if need.state is SearchState.CLOSED:  # the reason itself has ended the search
        return
    if SearchState.SEARCHING not in MOVES[need.state]:
        move_search(session, case, SearchState.CLOSED, by=by, now=now)
    move_search(session, case, SearchState.SEARCHING, by=by, now=now)


def _begin(session: Session, case: Case, now: datetime) -> HousingMatch:
    require_open(case)
    _lock_search(session, case, now)
    match = match_of_contract(session, case.id)
    if match is None:
        raise NoContract
    return match


def _lock_search(session: Session, case: Case, now: datetime) -> None:
    need_of(session, case, now=now)
    lock_need(session, case.id)


def _match_of(session: Session, case: Case, match_id: str | None) -> HousingMatch:
    if match_id is None:
        found = match_of_contract(session, case.id)
        if found is None:
            raise NoContract
        return found
    match = session.get(HousingMatch, match_id)
    if match is None or match.case_id != case.id:
        raise NotFound
    return match


def _tenancy(session: Session, case: Case, match: HousingMatch, *, by: str, now: datetime) -> Tenancy:
    found = tenancy_of(session, match.id)
    if found is not None:
        if found.ended_on is not None:
            _begin_anew(session, case, found, by=by, now=now)
        return found
    listing = match.listing
    types = [ContractType(each) for each in listing.contract_types]
    made = Tenancy(
        match_id=match.id,
        case_id=case.id,
        contract_type=types[0] if len(types) == 1 else None,
        rent_eur_month=listing.rent_eur_month,
        expenses_eur_month=listing.expenses_eur_month,
        created_by=by,
        created_at=now,
        version=1,
    )
    session.add(made)
    session.flush()
    return made


def _begin_anew(session: Session, case: Case, tenancy: Tenancy, *, by: str, now: datetime) -> None:
    """Empty the days of a contract that had come to nothing and is spoken of again."""
    for milestone, column in _COLUMNS.items():
        setattr(tenancy, column, None)
        step = step_of(milestone)
        row = find_step(session, case, tenancy.match_id, step.code) if step else None
        if row is not None:
            again = StepChange(StepState.OPEN, document_id=row.document_id, note=row.note)
            write_step(session, case, row, again, by=by, now=now)
    tenancy.ended_on = tenancy.starts_on = None
    recompute_deadlines(session, case, tenancy)


def _change(
    session: Session,
    case: Case,
    tenancy: Tenancy,
    new: dict[str, Any],
    what: str,
    *,
    by: str,
    now: datetime,
) -> None:
    for name, value in new.items():
        setattr(tenancy, name, value)
    tenancy.version += 1
    session.flush()
    recompute_deadlines(session, case, tenancy)
    record_event(session, case, CaseEventKind.TENANCY_CHANGED, by=by, now=now, after=what)


def _do_step(
    session: Session,
    case: Case,
    match: HousingMatch,
    milestone: Milestone,
    day: date,
    *,
    by: str,
    now: datetime,
) -> None:
    step = step_of(milestone)
    if step is None:
        return
    row = begin_step(session, case, match.id, step.code)
    done = StepChange(StepState.DONE, done_on=day, document_id=row.document_id, note=row.note)
    write_step(session, case, row, done, by=by, now=now)


def _with_day(
    session: Session,
    case: Case,
    step: Step,
    match: HousingMatch,
    change: StepChange,
    *,
    by: str,
    now: datetime,
) -> StepChange:
    """Write the day of a step that a day of the contract does, and return the rest of the change."""
    assert step.milestone is not None
    tenancy = tenancy_of(session, match.id)
    known = getattr(tenancy, _COLUMNS[step.milestone]) if tenancy else None
    if change.state is not StepState.DONE:
        if known is not None:
            raise DateKeepsStep
        return change
    row = find_step(session, case, match.id, step.code)
    if change.version is not None and change.version != (row.version if row else 1):
        raise ChangedMeanwhile
    day = change.done_on or known or day_in_italy(now)
    if known != day:
        record_day(session, case, step.milestone, day, by=by, now=now)
    return replace(change, done_on=day, version=None)


def _carry_search(session: Session, case: Case, tenancy: Tenancy, *, by: str, now: datetime) -> None:
    """Move the search as far as the days carry it: signed, registered, keys, in this order."""
    advance_search(session, case, SearchState.CONTRACT_DRAFTED, by=by, now=now)
    for before, to, day in (
        (SearchState.CONTRACT_DRAFTED, SearchState.SIGNED, tenancy.signed_on),
        (SearchState.SIGNED, SearchState.REGISTERED, tenancy.registered_on),
        (SearchState.REGISTERED, SearchState.KEYS_GIVEN, tenancy.keys_on),
    ):
        if day is not None and need_of(session, case, now=now).state is before:
            move_search(session, case, to, by=by, now=now, by_contract=True)
