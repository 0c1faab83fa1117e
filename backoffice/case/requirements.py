"""What a phase needs before a case may enter it, or leave the one before (domain, project.md 3).

Reception is left with an outcome: a step forward says "to take charge", closing says which other one.
Goals may be written while a person is taken charge of; planning begins with the first.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from backoffice.case.models import Case, CaseNote, NoteContact
from backoffice.case.phases import ClosingReason, Move, MoveKind
from backoffice.client.schemas import Phase
from backoffice.consent.models import Consent, ConsentAnswer
from backoffice.plan.models import ReceptionOutcome
from backoffice.plan.queries import actions_of, goals_of, progress_of

PURPOSES = ("case", "housing_search", "care_work_register", "housing_offer", "care_request")
"""The consents that a case may be worked on, as the chat and its forms ask for them."""

OUTCOMES = {
    ClosingReason.UNREACHABLE: ReceptionOutcome.LOST_CONTACT,
    ClosingReason.MOVED_AWAY: ReceptionOutcome.LOST_CONTACT,
    ClosingReason.SENT_ON: ReceptionOutcome.REFERRED,
}
"""The outcome of a reception that ends with a closing; any other reason: the person had an answer."""


@dataclass(frozen=True)
class Missing:
    """One thing that is missing. `anchor`: where on the page of the case it is mended."""

    code: str
    anchor: str

    def link(self, case_id: str) -> str:
        """Return the address of that place."""
        return f"/cases/{case_id}#{self.anchor}"


def missing_for(session: Session, case: Case, move: Move) -> list[Missing]:
    """Return what is missing for a step; back, reopening and an early closing need their reason only."""
    if move.kind is MoveKind.FORWARD:
        return list(_FORWARD[move.to](session, case))
    if move.kind is MoveKind.CLOSE and case.phase is Phase.MONITORING:
        return list(_for_closing(session, case))
    return []


def has_consent(session: Session, person_id: str) -> bool:
    """Tell whether the ledger's last word on working on the person's case is yes, for any of the purposes."""
    rows = session.execute(
        select(Consent.purpose, Consent.answer)
        .where(Consent.person_id == person_id, Consent.purpose.in_(PURPOSES))
        .order_by(Consent.recorded_at, Consent.id)
    )
    latest = {row.purpose: row.answer for row in rows}
    return ConsentAnswer.GIVEN in latest.values()


def was_interviewed(session: Session, case_id: str) -> bool:
    """Tell whether the first interview was held: its day, or a note of an interview."""
    if progress_of(session, case_id).interviewed_on is not None:
        return True
    note = exists().where(CaseNote.case_id == case_id, CaseNote.contact == NoteContact.INTERVIEW)
    return bool(session.scalar(select(note)))


def _for_taking_charge(session: Session, case: Case) -> Iterator[Missing]:
    progress = progress_of(session, case.id)
    if progress.outcome not in (None, ReceptionOutcome.TO_TAKE_CHARGE):
        yield Missing("outcome", "charge")
    if progress.ground is None and not has_consent(session, case.person_id):
        yield Missing("ground", "charge")
    if not case.municipality:
        yield Missing("municipality", "needs")


def _for_planning(session: Session, case: Case) -> Iterator[Missing]:
    if case.assignee_id is None:
        yield Missing("assignee", "assignee-section")
    elif progress_of(session, case.id).accepted_at is None:
        yield Missing("acceptance", "assignee-section")
    if not was_interviewed(session, case.id):
        yield Missing("interview", "charge")
    if not goals_of(session, case.id):
        yield Missing("goal", "plan")


def _for_delivery(session: Session, case: Case) -> Iterator[Missing]:
    if not any(action.is_open for action in actions_of(session, case.id)):
        yield Missing("action", "plan")
    if progress_of(session, case.id).agreed_on is None:
        yield Missing("agreement", "agreement")


def _for_monitoring(session: Session, case: Case) -> Iterator[Missing]:
    if any(action.is_open for action in actions_of(session, case.id)):
        yield Missing("open_actions", "plan")


def _for_closing(session: Session, case: Case) -> Iterator[Missing]:
    if progress_of(session, case.id).review is None:
        yield Missing("review", "follow-up")


_FORWARD = {
    Phase.TAKING_CHARGE: _for_taking_charge,
    Phase.PLANNING: _for_planning,
    Phase.DELIVERY: _for_delivery,
    Phase.MONITORING: _for_monitoring,
}
