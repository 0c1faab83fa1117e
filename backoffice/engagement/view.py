"""A contract with all that belongs to it, and what is next, as its page and the API show it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from backoffice.engagement.beginning import is_told_late
from backoffice.engagement.ending import last_day_of_notice
from backoffice.engagement.models import (
    Engagement,
    EngagementCheck,
    EngagementEvent,
    EngagementState,
    EngagementStep,
    EngagementTerms,
    PayslipCheck,
)
from backoffice.engagement.queries import checks_of, events_of, payslips_of, steps_of, terms_of
from backoffice.engagement.states import OVER
from backoffice.engagement.steps import BY_HAND, CONTRACT_GIVEN, INPS, PERMIT, kind_of


@dataclass(frozen=True)
class StepView:
    """A step, and whether its day has passed."""

    row: EngagementStep
    today: date
    counts: bool
    """Whether the contract is not over: then nothing is late any more."""

    @property
    def kind(self) -> str:
        """The part of its code that has words."""
        return kind_of(self.row.code)

    @property
    def when(self) -> str:
        """The year or month that the code names, or nothing."""
        return self.row.code.partition(":")[2]

    @property
    def is_open(self) -> bool:
        """Whether it is still to be done."""
        return self.row.done_on is None and not self.row.not_needed

    @property
    def is_late(self) -> bool:
        """Whether its day has passed while it is open."""
        due_on = self.row.due_on
        return self.counts and self.is_open and due_on is not None and due_on < self.today

    @property
    def was_late(self) -> bool:
        """Whether it was done after its day."""
        done_on, due_on = self.row.done_on, self.row.due_on
        return done_on is not None and due_on is not None and done_on > due_on

    @property
    def is_by_hand(self) -> bool:
        """Whether somebody says that it is done; the others have their own act."""
        return self.kind in BY_HAND


@dataclass(frozen=True)
class EngagementView:
    """A contract and its rows; `today` is the day in Italy."""

    engagement: Engagement
    steps: Sequence[StepView]
    terms: Sequence[EngagementTerms]
    payslips: Sequence[PayslipCheck]
    checks: Sequence[EngagementCheck]
    events: Sequence[EngagementEvent]
    today: date

    @property
    def now_terms(self) -> EngagementTerms | None:
        """The terms that hold today; before the start the first ones."""
        held = [row for row in self.terms if row.from_on <= self.today]
        return held[-1] if held else (self.terms[0] if self.terms else None)

    @property
    def is_inps_late(self) -> bool:
        """Whether INPS was told late, or is not told though the day before the start has passed."""
        if is_told_late(self.engagement):
            return True
        return any(step.row.code == INPS and step.is_late for step in self.steps)

    @property
    def last_day(self) -> date | None:
        """The last day by the notice that was given."""
        return last_day_of_notice(self.engagement)

    @property
    def next_code(self) -> str:
        """What is next, as a code with a sentence of its own."""
        made = self.engagement
        match made.state:
            case EngagementState.DRAFT:
                return "propose"
            case EngagementState.PROPOSED:
                first = next((code for code in (CONTRACT_GIVEN, PERMIT) if self._is_open(code)), None)
                return first or "sign"
            case EngagementState.SIGNED:
                return "inps" if made.inps_told_at is None else "wait_for_start"
            case EngagementState.RUNNING:
                if any(check.worries and not check.outcome for check in self.checks):
                    return "worry"
                return "late" if any(step.is_late for step in self.steps) else "running"
            case EngagementState.NOTICE:
                return "notice"
            case _:
                return "over"

    def _is_open(self, code: str) -> bool:
        return any(step.row.code == code and step.is_open for step in self.steps)


def view_engagement(session: Session, engagement: Engagement, *, today: date) -> EngagementView:
    """Return a contract with all that belongs to it."""
    counts = engagement.state not in OVER
    return EngagementView(
        engagement=engagement,
        steps=[StepView(row, today, counts) for row in steps_of(session, engagement.id)],
        terms=terms_of(session, engagement.id),
        payslips=payslips_of(session, engagement.id),
        checks=checks_of(session, engagement.id),
        events=events_of(session, engagement.id),
        today=today,
    )
