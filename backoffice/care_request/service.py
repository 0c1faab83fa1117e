"""A family's request: begun with its case, moved step by step. Functions flush, never commit.

Rights have been asked before.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from backoffice.care_request.errors import RequestMoveRefused, RequestReasonMissing
from backoffice.care_request.models import (
    CareRequest,
    RefusedCareWish,
    RequestEnd,
    RequestState,
    RequestStep,
    WishGround,
)
from backoffice.care_request.states import BY_CONTRACT, MOVES
from backoffice.case.history import record_event, require_open
from backoffice.case.models import Case, CaseEventKind
from backoffice.client.schemas import CareAbility, CareRequestIntake

INTIMATE = frozenset({CareAbility.WASHING, CareAbility.CHANGING})
"""Care for which a person may wish for a woman or a man."""


def request_of(session: Session, case: Case, *, now: datetime) -> CareRequest:
    """Return the request of a case of type `care_request`; one that has none yet begins now."""
    found = session.get(CareRequest, case.id)
    if found is not None:
        return found
    request = CareRequest(
        case_id=case.id,
        case=case,
        organisation_id=case.organisation_id,
        state=RequestState.NEW,
        state_since=now,
        created_at=now,
        updated_at=now,
    )
    session.add(request)
    session.add(RequestStep(case_id=case.id, before=None, after=RequestState.NEW, actor="service", at=now))
    session.flush()
    return request


def lock_request(session: Session, case_id: str) -> CareRequest | None:
    """Return the request of a case for a change; nobody else changes it meanwhile."""
    statement = select(CareRequest).where(CareRequest.case_id == case_id).with_for_update()
    return session.scalars(statement).one_or_none()


def move_request(
    session: Session,
    case: Case,
    to: RequestState,
    *,
    by: str,
    now: datetime,
    why: RequestEnd | None = None,
    by_contract: bool = False,
) -> None:
    """Move a request to another state; the one that it has already changes nothing.

    Raises:
        RequestMoveRefused: no rule leads there, or only a contract does (`by_contract`).
        RequestReasonMissing: closed without saying why.
        CaseIsClosed: the case has to be reopened first.
    """
    require_open(case)
    request = request_of(session, case, now=now)
    if request.state is to:
        return
    if to not in MOVES[request.state] or (to in BY_CONTRACT and not by_contract):
        raise RequestMoveRefused
    if to is RequestState.CLOSED and why is None:
        raise RequestReasonMissing
    before, request.state, request.state_since = request.state, to, now
    request.ended_why = why if to is RequestState.CLOSED else None
    changed(request, now)
    session.add(RequestStep(case_id=case.id, before=before, after=to, actor=by, at=now))
    reason = why.value if why else None
    record_event(
        session, case, CaseEventKind.REQUEST_MOVED, by=by, now=now, before=before, after=to, reason=reason
    )


def advance_request(
    session: Session, case: Case, to: RequestState, *, by: str, now: datetime, by_contract: bool = False
) -> None:
    """Move a request on to a state that something brought about, through the usual ones between.

    A request that is there or further, or that no usual way leads there from, stays as it is.
    """
    order = list(RequestState)
    request = request_of(session, case, now=now)
    while order.index(request.state) < order.index(to):
        usual = MOVES[request.state]
        step = to if to in usual else usual[0]
        if (step in BY_CONTRACT and not by_contract) or order.index(step) > order.index(to):
            return
        move_request(session, case, step, by=by, now=now, by_contract=by_contract)


def change_request(session: Session, case: Case, changes: dict[str, Any], *, by: str, now: datetime) -> None:
    """Change answers of the intake of a request; the whole is checked by its form.

    A wish for a woman or a man is kept only where intimate care is needed.

    Raises:
        pydantic.ValidationError: what comes out is no `CareRequestIntake`.
        CaseIsClosed: the case has to be reopened first.
    """
    require_open(case)
    intake = lawful(CareRequestIntake.model_validate({**case.intake, **changes})).model_dump(mode="json")
    altered = [name for name in changes if intake.get(name) != case.intake.get(name)]
    if not altered:
        return
    case.intake = intake
    if intake["municipality"] and "municipality" in altered:
        case.municipality = intake["municipality"]
    changed(request_of(session, case, now=now), now)
    after = " ".join(altered)[:500]
    record_event(session, case, CaseEventKind.INTAKE_CHANGED, by=by, now=now, after=after)


def lawful(intake: CareRequestIntake) -> CareRequestIntake:
    """Return what a family asks for; a wish for a woman or a man only where intimate care asks for it."""
    if intake.gender_wished is None or INTIMATE & set(intake.abilities):
        return intake
    return intake.model_copy(update={"gender_wished": None})


def refuse_wish(session: Session, case: Case, ground: WishGround, *, by: str, now: datetime) -> None:
    """Count a wish that the law does not allow; nothing of it is kept."""
    session.add(
        RefusedCareWish(
            organisation_id=case.organisation_id,
            case_id=case.id,
            ground=ground,
            refused_by=by,
            refused_at=now,
        )
    )
    session.flush()


def changed(request: CareRequest, now: datetime) -> None:
    """Note that something of a request is new."""
    request.version += 1
    request.updated_at = now
