"""One request as its page shows it, on whatever side its reader stands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from fastapi import Request
from fastapi.responses import Response
from sqlalchemy.orm import Session

from backoffice.acting import Acting
from backoffice.attempt import Refused, attempt
from backoffice.case.models import Case
from backoffice.case.permissions import readable_cases
from backoffice.case.queries import names_of_staff
from backoffice.italy import day_in_italy
from backoffice.mediation.candidates import choices_for
from backoffice.mediation.errors import ChangedMeanwhile, FormIncomplete, NoHoursLeft
from backoffice.mediation.models import MediationRefusal, MediationRequest, MediationState, Missing
from backoffice.mediation.permissions import get_request, may_ask, may_decide, may_mediate
from backoffice.mediation.queries import hours_of_body, names_of_bodies, offers_of_request, steps_of_request
from backoffice.mediation.service import LATE, hours_words, lock_request
from backoffice.mediation.states import quarters, quarters_counted
from backoffice.posted import Fields, first_of_each, version_read
from backoffice.staff.models import Staff
from backoffice.templating import redirect, render

S = MediationState


class Act(Protocol):
    """What is done to a request that is locked."""

    def __call__(self, session: Session, locked: MediationRequest, /, *, by: str, now: datetime) -> object:
        """Do it; errors of the backoffice refuse it."""


@dataclass(frozen=True)
class Sent:
    """A form that was sent and refused: why, the place of the page where it stands, what was typed."""

    refused: Refused
    place: str
    typed: Fields


def act_on(acting: Acting, made: MediationRequest, act: Act, *, what: str) -> Response:
    """Act on a request and lead back to it; what is refused changes nothing and shows what was typed.

    The act is done on the version that was read: who had an older page before them is told so.
    """
    session, staff, now = acting.session, acting.staff, acting.now

    def done() -> None:
        locked = lock_request(session, made.id)
        if version_read(acting.fields) != locked.version:
            raise ChangedMeanwhile
        act(session, locked, by=staff.id, now=now)

    refused = attempt(session, done)
    if refused is None:
        return redirect(f"/mediation/requests/{made.id}", notice=f"mediation_{what}")
    return show_request(acting.request, session, staff, made.id, now, Sent(refused, what, acting.fields))


def show_request(
    request: Request,
    session: Session,
    staff: Staff,
    request_id: str,
    now: datetime,
    sent: Sent | None = None,
) -> Response:
    """Show one request with what its reader can do.

    Raises:
        NotFound: there is none, or this person may not know of it.
    """
    made = get_request(session, staff, request_id)
    asks = may_ask(staff) and made.asking_id == staff.organisation_id
    decides = may_decide(staff) and made.organisation_id == staff.organisation_id
    mediates = may_mediate(staff) and made.mediator_id == staff.id
    steps = steps_of_request(session, made.id)
    offers = offers_of_request(session, made.id) if decides else []
    people = {step.actor for step in steps} | {each.staff_id for each in offers}
    choices = choices_for(session, made) if decides and made.state is S.APPROVED else []
    people |= {each.mediator.id for each in choices}
    names = names_of_staff(session, people | {made.asked_by, made.mediator_id or ""})
    hours = None
    if asks or decides:
        year = day_in_italy(made.starts_at).year
        hours = hours_of_body(session, made.organisation_id, made.asking_id, year)
    return render(
        request,
        "mediation/request.html",
        staff=staff,
        made=made,
        case=case_of(session, staff, made),
        bodies=names_of_bodies(session, {made.asking_id, made.organisation_id}),
        names=names,
        steps=steps,
        offers=offers,
        choices=choices,
        hours=hours,
        hours_words=hours_words,
        wanted=quarters(made.minutes),
        counted=quarters_counted(made),
        asks=asks,
        decides=decides,
        mediates=mediates,
        is_late=made.state is S.ASSIGNED and made.starts_at - now < LATE,
        has_begun=made.starts_at <= now,
        beyond=sent is not None and isinstance(sent.refused.error, NoHoursLeft),
        refusals=list(MediationRefusal),
        all_missing=list(Missing),
        **refusal(sent),
        typed_mediators=sent.typed.get("mediator", []) if sent else [],
        now=now,
    )


def refusal(sent: Sent | None) -> dict[str, Any]:
    """Return what a page says of a form that was refused: status, why, where, its faults, what was typed."""
    refused = sent.refused if sent else None
    return {
        "status": refused.status if refused else 200,
        "refused": refused,
        "refused_place": sent.place if sent else None,
        "faults": faults_of(refused),
        "typed": first_of_each(sent.typed) if sent else {},
    }


def faults_of(refused: Refused | None) -> dict[str, str]:
    """Return the faults of a form that was refused, by field."""
    error = refused.error if refused else None
    return error.faults if isinstance(error, FormIncomplete) else {}


def case_of(session: Session, staff: Staff, made: MediationRequest) -> Case | None:
    """Return the case of a request, where its reader may open it."""
    if made.case_id is None:
        return None
    return session.scalars(readable_cases(staff).where(Case.id == made.case_id)).one_or_none()
