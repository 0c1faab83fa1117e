"""Tasks to check a service again: opened when its date is past or somebody says that it is wrong."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, and_, exists, or_, select
from sqlalchemy.orm import Session

from backoffice.audit import service as audit
from backoffice.directory.models import (
    DirectoryReview,
    DirectoryService,
    ReviewReason,
    ServiceStatus,
)
from backoffice.italy import day_in_italy


def open_review(
    session: Session, service: DirectoryService, reason: ReviewReason, *, by: str, now: datetime
) -> DirectoryReview:
    """Open the task of a service; there is one at most, and the one that is open stays as it is."""
    is_open = DirectoryReview.service_id == service.id, DirectoryReview.closed_at.is_(None)
    found = session.scalars(select(DirectoryReview).where(*is_open)).one_or_none()
    if found is not None:
        return found
    opened = DirectoryReview(service_id=service.id, reason=reason, opened_at=now)
    session.add(opened)
    session.flush()
    _note(session, "review_opened", service, by=by, now=now)
    return opened


def close_review(session: Session, service: DirectoryService, *, by: str, now: datetime) -> None:
    """Close the task of a service, where one is open."""
    is_open = DirectoryReview.service_id == service.id, DirectoryReview.closed_at.is_(None)
    for review in session.scalars(select(DirectoryReview).where(*is_open)):
        review.closed_at, review.closed_by = now, by
        _note(session, "review_closed", service, by=by, now=now)


def has_due(session: Session, *, now: datetime) -> bool:
    """Tell whether a service is past its date, or was never checked, and has no open task."""
    return session.scalar(select(DirectoryService.id).where(_is_due(now)).limit(1)) is not None


def open_due_reviews(session: Session, *, now: datetime) -> int:
    """Open a task for every service in use that is past its date or was never checked; return how many."""
    due = session.scalars(select(DirectoryService).where(_is_due(now)).with_for_update()).all()
    for service in due:
        open_review(session, service, ReviewReason.PAST_VALID_TO, by=audit.SERVICE, now=now)
    return len(due)


def _is_due(now: datetime) -> ColumnElement[bool]:
    has_task = exists().where(
        and_(DirectoryReview.service_id == DirectoryService.id, DirectoryReview.closed_at.is_(None))
    )
    past = or_(DirectoryService.valid_to < day_in_italy(now), DirectoryService.verified_on.is_(None))
    in_use = DirectoryService.status.in_((ServiceStatus.ACTIVE, ServiceStatus.TEMPORARILY_CLOSED))
    return and_(in_use, past, ~has_task)


def _note(session: Session, action: str, service: DirectoryService, *, by: str, now: datetime) -> None:
    audit.record(
        session,
        by=by,
        action=f"directory.{action}",
        subject_kind="directory_service",
        subject_id=service.id,
        now=now,
    )
