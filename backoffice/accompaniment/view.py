"""The checklist and the contract of a household as pages, papers and the API show them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from backoffice.accompaniment.checklist import STEPS, Step, StepGroup
from backoffice.accompaniment.models import AccompanimentStep, StepState, Tenancy
from backoffice.accompaniment.queries import matches_with_steps, steps_of, tenancy_of
from backoffice.accompaniment.rules import open_before_signing
from backoffice.case.models import Case
from backoffice.housing_figures.deadlines import Deadline, hospitality_deadline, registration_deadline
from backoffice.housing_match.models import HousingMatch, MatchState


@dataclass(frozen=True)
class StepView:
    """A step and how far it is. `match_id` None: with the household alone."""

    step: Step
    match_id: str | None
    row: AccompanimentStep | None
    today: date

    @property
    def state(self) -> StepState:
        """How far it is; open where nobody has touched it."""
        return self.row.state if self.row else StepState.OPEN

    @property
    def due_on(self) -> date | None:
        """Its last day."""
        return self.row.due_on if self.row else None

    @property
    def is_late(self) -> bool:
        """Whether its last day has passed while it is open."""
        return self.state is StepState.OPEN and self.due_on is not None and self.due_on < self.today

    @property
    def version(self) -> int:
        """The version that a change is made on."""
        return self.row.version if self.row else 1


@dataclass(frozen=True)
class HomeView:
    """One home with its steps and its contract, if one is written."""

    match: HousingMatch
    tenancy: Tenancy | None
    steps: tuple[StepView, ...]
    before_signing: tuple[Step, ...]
    """Steps that are open and have to be done before it is signed."""

    @property
    def is_over(self) -> bool:
        """Whether it came to nothing: shown as it was, not to be changed."""
        return self.match.state is MatchState.REFUSED

    @property
    def has_contract(self) -> bool:
        """Whether both have said yes: a contract can be written down."""
        return self.match.state is MatchState.CONTRACT

    @property
    def register_by(self) -> Deadline | None:
        """By when the contract is registered."""
        made = self.tenancy
        return registration_deadline(made.signed_on, made.starts_on) if made and made.signed_on else None

    @property
    def tell_by(self) -> Deadline | None:
        """By when the authority is told who lives there."""
        made = self.tenancy
        housed_on = (made.keys_on or made.starts_on) if made and made.signed_on else None
        return hospitality_deadline(housed_on) if housed_on else None


@dataclass(frozen=True)
class AccompanimentView:
    """The whole checklist of a case: steps with the household, the home that is spoken of, earlier ones."""

    household: tuple[StepView, ...]
    homes: tuple[HomeView, ...]

    @property
    def home(self) -> HomeView | None:
        """The home that the steps count for now."""
        return next((home for home in self.homes if not home.is_over), None)

    @property
    def steps(self) -> tuple[StepView, ...]:
        """The 33 steps as they stand now; those of one home are open where there is none yet."""
        return (*self.household, *(self.home.steps if self.home else ()))

    def groups(self) -> list[tuple[StepGroup, list[StepView]]]:
        """Return the steps in their groups, in the order of the list."""
        return [(group, [each for each in self.steps if each.step.group is group]) for group in StepGroup]

    @property
    def done(self) -> int:
        """How many steps are not open any more."""
        return sum(each.state is not StepState.OPEN for each in self.steps)


def view_accompaniment(session: Session, case: Case, *, today: date) -> AccompanimentView:
    """Return the checklist of a case; `today` is the day in Italy."""
    rows = {(row.match_id, row.code): row for row in steps_of(session, case.id)}
    matches = matches_with_steps(session, case.id)
    return AccompanimentView(
        household=_steps(rows, None, today),
        homes=tuple(
            HomeView(
                match=match,
                tenancy=tenancy_of(session, match.id),
                steps=_steps(rows, match.id, today),
                before_signing=tuple(open_before_signing(session, case, match.id)),
            )
            for match in matches
        ),
    )


def people_of(view: AccompanimentView) -> set[str]:
    """Return the ids of who has done steps."""
    shown: Sequence[StepView] = (*view.household, *(each for home in view.homes for each in home.steps))
    return {each.row.done_by for each in shown if each.row and each.row.done_by}


def _steps(
    rows: Mapping[tuple[str | None, str], AccompanimentStep], match_id: str | None, today: date
) -> tuple[StepView, ...]:
    return tuple(
        StepView(step, match_id, rows.get((match_id, step.code)), today)
        for step in STEPS
        if step.of_match == (match_id is not None)
    )
