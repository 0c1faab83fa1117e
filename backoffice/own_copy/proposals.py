"""What a copy tells of a family's request and of proposals: nothing that names the other side."""

from __future__ import annotations

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from backoffice.care_match.models import CareMatch, CareSide
from backoffice.care_match.states import NAMES_KNOWN
from backoffice.care_match.telling import number_of
from backoffice.care_request.models import CareRequest
from backoffice.case.models import Case
from backoffice.own_copy.care_shape import ProposalEntry, RequestEntry


def request_of(session: Session, case: Case) -> RequestEntry | None:
    """Return how far the request of a case is; None: it is about something else."""
    found = session.get(CareRequest, case.id)
    if found is None:
        return None
    return RequestEntry(
        state=found.state,
        since=found.state_since,
        ended_why=found.ended_why,
        visited_on=found.visited_on,
        visit_words=found.visit_words,
        email=found.email,
    )


def proposals_of(session: Session, case: Case) -> list[ProposalEntry]:
    """Return the proposals of a case, of a family or of a family assistant, the oldest first."""
    mine = or_(CareMatch.request_id == case.id, CareMatch.worker_id == case.id)
    matches = session.scalars(select(CareMatch).where(mine).order_by(CareMatch.created_at))
    return [_entry(session, match, case) for match in matches]


def _entry(session: Session, match: CareMatch, case: Case) -> ProposalEntry:
    side = CareSide.WORKER if match.worker_id == case.id else CareSide.FAMILY
    # The other side's words may name somebody: its reason is told, not its words.
    words = match.refusal_words if match.refused_by is side else None
    meets = match.state in NAMES_KNOWN
    return ProposalEntry(
        number=number_of(session, match) if side is CareSide.FAMILY else None,
        town=session.get_one(Case, match.request_id).municipality,
        state=match.state,
        since=match.state_since,
        said=match.worker_said if side is CareSide.WORKER else match.family_said,
        refused_by=match.refused_by,
        reason=match.refusal,
        words=words,
        interview_at=match.interview_at if meets else None,
        interview_place=match.interview_place if meets else None,
        trial_from=match.trial_from,
        trial_until=match.trial_until,
    )
