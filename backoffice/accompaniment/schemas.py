"""The search, the checklist and the contract of a household as JSON."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from pydantic import Field

from backoffice.accompaniment.checklist import StepGroup, Who
from backoffice.accompaniment.models import StepState, Tenancy
from backoffice.accompaniment.view import AccompanimentView, HomeView, StepView
from backoffice.case.schemas import Document
from backoffice.client.schemas import ContractType
from backoffice.housing_match.models import MatchSide, MatchState, RefusalReason
from backoffice.housing_need.models import HousingNeed, SearchState
from backoffice.housing_need.states import BY_CONTRACT, MOVES

Euros = Annotated[int, Field(ge=0, le=1_000_000)]
Id = Annotated[str, Field(max_length=36)]
Version = Annotated[int, Field(ge=1, le=2_000_000_000)]
Words = Annotated[str, Field(max_length=2000)]


class SearchOut(Document):
    """How far a household's search is, where it may go by hand, and what was answered."""

    case: str
    state: SearchState
    moves: list[SearchState]
    parked_until: date | None
    tells_of_homes: bool
    answers: dict[str, Any]
    version: int


class SearchMove(Document):
    """Where a search goes."""

    to: SearchState


class NeedsChange(Document):
    """Answers that change, by their names in the intake."""

    answers: Annotated[dict[str, Any], Field(max_length=30)]


class StepIn(Document):
    """How far a step is. `match`: the home that it counts for; else the one with the contract."""

    state: StepState
    done_on: date | None = None
    document: Id | None = None
    note: Words | None = None
    match: Id | None = None
    version: Version | None = None


class StepOut(Document):
    """A step of the checklist."""

    number: int
    code: str
    group: StepGroup
    who: list[Who]
    match: str | None
    state: StepState
    due_on: date | None
    late: bool
    done_on: date | None
    done_by: str | None
    document: str | None
    note: str | None
    version: int


class TenancyIn(Document):
    """What a contract says; what is left out is not known."""

    contract_type: ContractType | None = None
    flat_tax: bool | None = None
    rent_eur_month: Euros | None = None
    expenses_eur_month: Euros | None = None
    deposit_eur: Euros | None = None
    starts_on: date | None = None
    note: Words | None = None
    version: Version | None = None


class TenancyOut(Document):
    """A contract with its days."""

    match: str
    contract_type: ContractType | None
    flat_tax: bool | None
    rent_eur_month: int | None
    expenses_eur_month: int | None
    deposit_eur: int | None
    starts_on: date | None
    signed_on: date | None
    keys_on: date | None
    hospitality_noted_on: date | None
    registered_on: date | None
    ended_on: date | None
    note: str | None
    version: int


class DayIn(Document):
    """The day on which something of a contract happened, in Italy."""

    on: date


class EndIn(Document):
    """Why a contract came to nothing, and who says so."""

    side: MatchSide
    reason: RefusalReason
    words: Words | None = None


class HomeOut(Document):
    """A home that the household is near to, or was, with its steps and contract."""

    match: str
    listing: str
    state: MatchState
    tenancy: TenancyOut | None
    register_by: date | None
    tell_authority_by: date | None
    before_signing: list[str]
    steps: list[StepOut]


class AccompanimentOut(Document):
    """The checklist of a household: its own steps, and those of each home, the present one first."""

    household: list[StepOut]
    homes: list[HomeOut]


def search_out(need: HousingNeed, answers: dict[str, Any]) -> SearchOut:
    """Return a search as JSON."""
    return SearchOut(
        case=need.case_id,
        state=need.state,
        moves=[to for to in MOVES[need.state] if to not in BY_CONTRACT],
        parked_until=need.parked_until,
        tells_of_homes=need.tells_of_homes,
        answers=answers,
        version=need.version,
    )


def accompaniment_out(view: AccompanimentView) -> AccompanimentOut:
    """Return a checklist as JSON."""
    return AccompanimentOut(
        household=[step_out(each) for each in view.household], homes=[_home_out(home) for home in view.homes]
    )


def step_out(view: StepView) -> StepOut:
    """Return a step as JSON."""
    row = view.row
    return StepOut(
        number=view.step.number,
        code=view.step.code,
        group=view.step.group,
        who=list(view.step.who),
        match=view.match_id,
        state=view.state,
        due_on=view.due_on,
        late=view.is_late,
        done_on=row.done_on if row else None,
        done_by=row.done_by if row else None,
        document=row.document_id if row else None,
        note=row.note if row else None,
        version=view.version,
    )


def tenancy_out(made: Tenancy) -> TenancyOut:
    """Return a contract as JSON."""
    return TenancyOut(
        match=made.match_id,
        contract_type=made.contract_type,
        flat_tax=made.flat_tax,
        rent_eur_month=made.rent_eur_month,
        expenses_eur_month=made.expenses_eur_month,
        deposit_eur=made.deposit_eur,
        starts_on=made.starts_on,
        signed_on=made.signed_on,
        keys_on=made.keys_on,
        hospitality_noted_on=made.hospitality_noted_on,
        registered_on=made.registered_on,
        ended_on=made.ended_on,
        note=made.note,
        version=made.version,
    )


def _home_out(home: HomeView) -> HomeOut:
    return HomeOut(
        match=home.match.id,
        listing=home.match.listing_id,
        state=home.match.state,
        tenancy=tenancy_out(home.tenancy) if home.tenancy else None,
        register_by=home.register_by.last_day if home.register_by else None,
        tell_authority_by=home.tell_by.last_day if home.tell_by else None,
        before_signing=[step.code for step in home.before_signing],
        steps=[step_out(each) for each in home.steps],
    )
