"""Shows the page of one family assistant; what was refused stands where it was typed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from fastapi import Request
from fastapi.responses import Response
from sqlalchemy.orm import Session

from backoffice.attempt import Refused
from backoffice.audit import service as audit
from backoffice.care_worker.models import (
    Recognition,
    ReferenceAnswer,
    WantedDocument,
    WorkerReason,
)
from backoffice.care_worker.service import worker_of
from backoffice.care_worker.states import NEEDS_REASON
from backoffice.care_worker.view import people_of, view_worker
from backoffice.case.models import Case
from backoffice.case.queries import names_of_staff
from backoffice.client.schemas import CareSkill, SkillOrigin
from backoffice.italy import day_in_italy
from backoffice.posted import first_of_each
from backoffice.staff.models import Staff
from backoffice.templating import render


def show_worker(
    request: Request,
    session: Session,
    staff: Staff,
    case: Case,
    now: datetime,
    *,
    refused: Refused | None = None,
    place: str | None = None,
    typed: Mapping[str, list[str]] | None = None,
) -> Response:
    """Show everything of a family assistant; who reads is noted in the audit trail."""
    worker = worker_of(session, case, now=now)
    audit.record(session, by=staff.id, action="case.read", subject_kind="case", subject_id=case.id, now=now)
    view = view_worker(session, case, worker, now=now, today=day_in_italy(now))
    return render(
        request,
        "care_worker/worker.html",
        staff=staff,
        status=refused.status if refused else 200,
        case=case,
        worker=worker,
        view=view,
        names=names_of_staff(session, people_of(view)),
        reasons=list(WorkerReason),
        needs_reason=NEEDS_REASON,
        wanted=list(WantedDocument),
        skills=list(CareSkill),
        origins=list(SkillOrigin),
        ways=list(Recognition),
        answers=list(ReferenceAnswer),
        refused=refused,
        refused_place=place,
        typed_lists=typed or {},
        typed=first_of_each(typed or {}),
    )
