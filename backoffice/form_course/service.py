"""Which forms people begin in the chat, and which they send: a form that many leave asks too much."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from backoffice.client.schemas import CaseType
from backoffice.form_course.models import FormCourse

LEFT_AFTER: Final = timedelta(days=7)
"""A form to which nobody answered for so long counts as left. Who comes back later begins another course."""

_OPENED_BY: Final = {
    "housing_form": CaseType.HOUSING,
    "offer_form": CaseType.HOUSING_OFFER,
    "care_work_form": CaseType.CARE_WORK,
    "care_request_form": CaseType.CARE_REQUEST,
}
"""The forms that open a case. Those that work something out (rent, pay, notice) are sent nowhere."""


def follow_form(session: Session, conversation_id: str, form: str | None, *, now: datetime) -> None:
    """Write down that a form is open after a turn; of a form that opens no case nothing is written."""
    case_type = _OPENED_BY.get(form or "")
    if case_type is None:
        return
    course = _open_course(session, conversation_id, case_type, now)
    if course is None:
        course = FormCourse(conversation_id=conversation_id, case_type=case_type, began_at=now)
        session.add(course)
    course.ends_at = now + LEFT_AFTER


def form_sent(session: Session, conversation_id: str, case_type: CaseType, *, now: datetime) -> None:
    """Write down that the form of a kind of case was sent, if one is open."""
    course = _open_course(session, conversation_id, case_type, now)
    if course is not None:
        course.ends_at, course.sent = now, True


def _open_course(
    session: Session, conversation_id: str, case_type: CaseType, now: datetime
) -> FormCourse | None:
    return session.scalars(
        select(FormCourse)
        .where(
            FormCourse.conversation_id == conversation_id,
            FormCourse.case_type == case_type,
            FormCourse.ends_at > now,
            ~FormCourse.sent,
        )
        .limit(1)
    ).first()
