"""What a form of care work brings beside its answers: wishes, papers as pictures, the yes to the profile.

Functions flush, never commit.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from backoffice.attachment.models import Attachment
from backoffice.audit import service as audit
from backoffice.audit.service import SERVICE
from backoffice.care_request.models import CareRequest, WishGround
from backoffice.care_request.service import refuse_wish
from backoffice.care_worker.models import CareWorker, WorkerState
from backoffice.care_worker.service import change_profile, changed, worker_of
from backoffice.case.models import Case
from backoffice.case.queries import cases_of_person
from backoffice.client.schemas import CaseType, IntakeRequest, PapersAsked, Phase
from backoffice.consent.service import record_given
from backoffice.conversation.messages import say
from backoffice.conversation.models import Conversation
from backoffice.document.models import CaseDocument, DocumentKind
from backoffice.document.service import DocumentFacts, take_over
from backoffice.home_offer.photos import OPEN_FOR, is_drawn_anew
from backoffice.person.models import Person

MOST_PAPERS = 10
"""More pictures than that in one registration are left for staff to look through in the chat."""

_OVER = frozenset({WorkerState.REMOVED, WorkerState.REFUSED})


def registered_before(session: Session, conversation: Conversation, person: Person) -> Case | None:
    """Return the open case with which a person is in the register already."""
    for case in cases_of_person(session, person.id):
        is_theirs = case.type is CaseType.CARE_WORK and case.organisation_id == conversation.organisation_id
        if is_theirs and case.phase is not Phase.CLOSED:
            worker = session.get(CareWorker, case.id)
            if worker is None or worker.state not in _OVER:
                return case
    return None


def tell_more(session: Session, case: Case, intake: dict[str, Any], *, now: datetime) -> None:
    """Put answers to those that a family assistant gave before; what was not answered stays as it is."""
    given = {name: answer for name, answer in intake.items() if answer not in (None, [], {})}
    change_profile(session, case, given, by=SERVICE, now=now)


def care_state(session: Session, case: Case) -> str | None:
    """Return the state that the desk for care work has a case in; None for cases of other desks."""
    if case.type is CaseType.CARE_WORK:
        worker = session.get(CareWorker, case.id)
        return worker.state.value if worker else None
    if case.type is CaseType.CARE_REQUEST:
        request = session.get(CareRequest, case.id)
        return request.state.value if request else None
    return None


def keep_care(
    session: Session, conversation: Conversation, case: Case, request: IntakeRequest, *, now: datetime
) -> None:
    """Write down what came with a registration or a request: nothing for forms of other desks."""
    if request.care_request is not None:
        for wish in request.wishes:
            refuse_wish(session, case, WishGround(wish.ground), by=SERVICE, now=now)
    if request.care_work is None:
        return
    if request.profile_consent is not None:
        _show_profile(session, conversation, case, request, now=now)
    if request.papers:
        _take_papers(session, conversation, case, request.papers, now=now)


def _show_profile(
    session: Session, conversation: Conversation, case: Case, request: IntakeRequest, *, now: datetime
) -> None:
    """Note that families may see the profile, without name, phone and address."""
    if request.profile_consent is None or case.person_id is None:
        return
    record_given(
        session,
        request.profile_consent,
        person_id=case.person_id,
        conversation_id=conversation.id,
        by=SERVICE,
        now=now,
    )
    worker = worker_of(session, case, now=now)
    if not worker.shows_profile:
        worker.shows_profile = True
        changed(worker, now)
    session.flush()
    audit.record(
        session,
        by=SERVICE,
        action="worker.profile_shown",
        subject_kind="case",
        subject_id=case.id,
        now=now,
    )


def _take_papers(
    session: Session,
    conversation: Conversation,
    case: Case,
    asked: Sequence[PapersAsked],
    *,
    now: datetime,
) -> None:
    """Make documents of pictures sent since papers were asked for, each of what was asked last."""
    asked = sorted(asked, key=lambda each: each.since)
    since = max(asked[0].since, now - OPEN_FOR)
    sent = session.scalars(
        select(Attachment)
        .where(
            Attachment.conversation_id == conversation.id,
            Attachment.message_id.is_not(None),
            Attachment.created_at >= since,
            Attachment.id.not_in(select(CaseDocument.attachment_id)),
        )
        .order_by(Attachment.created_at, Attachment.id)
    )
    pictures = list(filter(is_drawn_anew, sent))[:MOST_PAPERS]
    for picture in pictures:
        kind = next(
            (each.kind for each in reversed(asked) if each.since <= picture.created_at), asked[0].kind
        )
        facts = DocumentFacts(kind=DocumentKind(kind))
        take_over(session, case, picture.id, facts, by=None, now=now)
    if pictures:
        say(session, conversation, "care_papers_added", now=now, number=str(len(pictures)))
