"""What happened to a case, written down together with its audit entry."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from backoffice.audit import service as audit
from backoffice.case.errors import CaseIsClosed, ChangedMeanwhile
from backoffice.case.models import Case, CaseEvent, CaseEventKind
from backoffice.client.schemas import Phase
from backoffice.live.service import announce


def record_event(
    session: Session,
    case: Case,
    kind: CaseEventKind,
    *,
    by: str,
    now: datetime,
    before: str | None = None,
    after: str | None = None,
    reason: str | None = None,
) -> None:
    """Note what happened, in its own transaction. `before` and `after` are codes, never words."""
    event = CaseEvent(case_id=case.id, kind=kind, actor=by, at=now, before=before, after=after, reason=reason)
    session.add(event)
    audit.record(
        session, by=by, action=f"case.{kind.value}", subject_kind="case", subject_id=case.id, now=now
    )
    session.flush()
    case.updated_at, case.version = now, event.id
    session.flush()
    if case.conversation_id is not None:
        announce(session, case.conversation_id)  # open pages of the thread and lists look again


def require_open(case: Case) -> None:
    """Let only an open case be changed.

    Raises:
        CaseIsClosed: it has to be reopened first.
    """
    if case.phase is Phase.CLOSED:
        raise CaseIsClosed


def require_unchanged(
    session: Session,
    case: Case,
    kind: CaseEventKind,
    *,
    version: int | None,
    yours: str | None,
    theirs: str | None,
) -> None:
    """Refuse to overwrite what somebody else has changed after `version`; None asks nothing.

    Raises:
        ChangedMeanwhile: there is such an event after that version, and another value now.
    """
    if version is None or version >= case.version or yours == theirs:
        return
    later = select(CaseEvent.id).where(
        CaseEvent.case_id == case.id, CaseEvent.kind == kind, CaseEvent.id > version
    )
    if session.scalar(later.limit(1)) is not None:
        raise ChangedMeanwhile([(kind.value.removesuffix("_changed"), yours or "", theirs or "")])
