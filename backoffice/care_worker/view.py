"""One family assistant as the desk sees them: everything that belongs to them, and what to do next."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from backoffice.care_figures.eligibility import RuleState
from backoffice.care_worker.availability import MOST_A_DAY
from backoffice.care_worker.eligibility import RuleView, rules_of
from backoffice.care_worker.models import AvailableTime, CareWorker, WorkerState
from backoffice.care_worker.permits import DAYS_BEFORE
from backoffice.care_worker.queries import WorkerParts, parts_of
from backoffice.care_worker.states import ENDED, MOVES, WANTS_ELIGIBLE
from backoffice.case.models import Case
from backoffice.client.schemas import Phase
from backoffice.document.models import CaseDocument
from backoffice.document.queries import documents_of


@dataclass(frozen=True)
class NextStep:
    """What to do, as a code of the group `worker_next`, and the place of the page where it is done."""

    code: str
    place: str
    day: date | None = None


@dataclass(frozen=True)
class WorkerView:
    """What the page shows."""

    case: Case
    worker: CareWorker
    parts: WorkerParts
    rules: Sequence[RuleView]
    documents: Sequence[CaseDocument]
    today: date
    next_steps: Sequence[NextStep]

    @property
    def is_open(self) -> bool:
        """Whether anything may be changed."""
        return self.case.phase is not Phase.CLOSED

    @property
    def moves(self) -> Sequence[tuple[WorkerState, bool]]:
        """Where the worker may be moved, and whether conditions of the register stand in the way."""
        return [(to, to in WANTS_ELIGIBLE and not self.is_eligible) for to in MOVES[self.worker.state]]

    @property
    def is_eligible(self) -> bool:
        """Whether every condition of the register is met."""
        return all(rule.state is RuleState.MET for rule in self.rules)

    @property
    def permit(self) -> str | None:
        """How it stands with the end of the permit: `expired`, `ends`, or None where it is far or unknown."""
        return permit_state(self.worker, self.today)

    def ends_soon(self, day: date) -> bool:
        """Whether a document's last day is near enough to be shown."""
        return day <= self.today + timedelta(days=DAYS_BEFORE)

    def day_of(self, iso: str) -> date:
        """Return a day of the intake."""
        return date.fromisoformat(iso)

    def times_of(self, weekday: int) -> Sequence[AvailableTime]:
        """Return the times of a weekday, Monday 0."""
        return [row for row in self.parts.week if row.weekday == weekday]

    def typed_times(
        self, weekday: int, typed: Mapping[str, Sequence[str]] | None
    ) -> Sequence[tuple[str, str]]:
        """Return the times of a weekday as a form shows them: as typed, or as known, one more to fill in."""
        if typed is not None:
            begins, ends = typed.get(f"from_{weekday}", ()), typed.get(f"to_{weekday}", ())
            return list(zip(begins, ends, strict=False))
        known = [(_clock(row.from_minute), _clock(row.to_minute)) for row in self.times_of(weekday)]
        return [*known, ("", "")][:MOST_A_DAY]

    def document(self, document_id: str | None) -> CaseDocument | None:
        """Return a document of the case."""
        return next((each for each in self.documents if each.id == document_id), None)


def view_worker(
    session: Session, case: Case, worker: CareWorker, *, now: datetime, today: date
) -> WorkerView:
    """Gather what belongs to a family assistant."""
    parts = parts_of(session, case.id)
    rules = rules_of(session, case, today=today)
    steps = tuple(_next_steps(case, worker, parts, rules, now=now, today=today))
    return WorkerView(case, worker, parts, rules, documents_of(session, case.id), today, steps)


def permit_state(worker: CareWorker, today: date) -> str | None:
    """Return how it stands with the end of a permit: `expired`, `ends`, or None."""
    ends = worker.permit_expires_on
    if ends is None or worker.state in ENDED or ends > today + timedelta(days=DAYS_BEFORE):
        return None
    return "expired" if ends < today else "ends"


def people_of(view: WorkerView) -> set[str]:
    """Return the ids of the staff that a page names."""
    found = {row.recognised_by for row in view.parts.skills} | {
        row.called_by for row in view.parts.references
    }
    found |= {row.noted_by for row in view.parts.proofs.values()}
    return {each for each in found if each}


def _clock(minute: int) -> str:
    """Return a minute of the day for a field of a form, where midnight is always 00:00."""
    return f"{minute // 60 % 24:02}:{minute % 60:02}"


def _next_steps(
    case: Case,
    worker: CareWorker,
    parts: WorkerParts,
    rules: Sequence[RuleView],
    *,
    now: datetime,
    today: date,
) -> Iterator[NextStep]:
    if case.phase is Phase.CLOSED or worker.state in ENDED:
        return
    if permit := permit_state(worker, today):
        yield NextStep(f"permit_{permit}", "documents", worker.permit_expires_on)
    yield from _step_of_state(worker, now)
    is_before = worker.state in (WorkerState.INTERVIEW, WorkerState.ELIGIBLE, WorkerState.SUSPENDED)
    if any(rule.state is not RuleState.MET for rule in rules) and is_before:
        yield NextStep("prove_rules", "eligibility")
    elif worker.state in (WorkerState.INTERVIEW, WorkerState.ELIGIBLE) and worker.interviewed_on:
        yield NextStep("move_on", "state")
    if worker.state is WorkerState.APPLIED:
        return
    if not parts.week:
        yield NextStep("set_week", "week")
    if worker.shows_profile_on is None:
        yield NextStep("ask_profile", "profile")
    if any(row.may_be_called and row.called_on is None for row in parts.references):
        yield NextStep("call_reference", "references")
    if any(row.recognition is None for row in parts.skills):
        yield NextStep("recognise", "skills")


def _step_of_state(worker: CareWorker, now: datetime) -> Iterator[NextStep]:
    if worker.state is WorkerState.APPLIED:
        yield NextStep("begin", "state")
    elif worker.state is WorkerState.DOCUMENTS_MISSING:
        yield NextStep("wait_documents" if worker.documents_wanted else "want_documents", "wanted")
    elif worker.state is WorkerState.INTERVIEW and worker.interviewed_on is None:
        if worker.interview_draft:
            yield NextStep("finish_interview", "interview")
        elif worker.interview_at is None:
            yield NextStep("plan_interview", "interview")
        elif worker.interview_at <= now:
            yield NextStep("hold_interview", "interview")
        else:
            yield NextStep("interview_coming", "interview", worker.interview_at.date())
