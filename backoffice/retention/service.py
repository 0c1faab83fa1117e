"""The regular deletion: whose time is over goes, and what went is written down."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import delete, exists, func, select
from sqlalchemy.orm import Session

from backoffice.case.models import Case
from backoffice.client.schemas import Mode, Phase
from backoffice.conversation.models import Conversation
from backoffice.person.models import Person
from backoffice.retention.erase import erase_conversation, erase_person
from backoffice.retention.mediations import forget_words
from backoffice.retention.models import ErasedBecause, ErasureOrder, RetentionRun
from backoffice.retention.policy import Purpose
from backoffice.review.models import ReviewItem
from backoffice.translation.models import PhrasebookEntry

AT_ONCE = 100
"""So many people or conversations a run and transaction: a long list is done over several."""

SYSTEM = "system"


def run_retention(
    session: Session, spans: Mapping[Purpose, timedelta], *, now: datetime
) -> dict[Purpose, int]:
    """Delete a batch of each purpose; return how many, and keep the numbers where they are not zero."""
    done = {
        Purpose.CHAT_WITHOUT_CASE: _chats(session, now - spans[Purpose.CHAT_WITHOUT_CASE], now),
        Purpose.CLOSED_CASE: _closed_cases(session, now - spans[Purpose.CLOSED_CASE], now),
        Purpose.PHRASEBOOK: _run(
            session,
            delete(PhrasebookEntry).where(PhrasebookEntry.created_at < now - spans[Purpose.PHRASEBOOK]),
        ),
        Purpose.REVIEW: _run(
            session, delete(ReviewItem).where(ReviewItem.given_at < now - spans[Purpose.REVIEW])
        ),
        Purpose.MEDIATION: forget_words(session, now - spans[Purpose.MEDIATION]),
    }
    session.add_all(
        RetentionRun(purpose=purpose.value, at=now, deleted=count) for purpose, count in done.items() if count
    )
    session.flush()
    return done


def do_orders(session: Session, *, now: datetime) -> int:
    """Do the erasures that staff have granted and whose time has come; return how many."""
    due = select(ErasureOrder).where(ErasureOrder.done_at.is_(None), ErasureOrder.due_at <= now)
    due = due.order_by(ErasureOrder.due_at).limit(AT_ONCE)
    orders = session.scalars(
        due.with_for_update()
    ).all()  # who takes one back meanwhile waits, or is too late
    for order in orders:
        erase_person(session, order.person_id, by=order.granted_by, now=now, number=order.number)
        session.get_one(ErasureOrder, order.id).done_at = now
    session.flush()
    return len(orders)


def _chats(session: Session, before: datetime, now: datetime) -> int:
    """Erase who wrote last before a day and never had a case."""
    has_case = exists().where(
        (Case.conversation_id == Conversation.id) | (Case.person_id == Conversation.person_id)
    )
    old = (
        select(Conversation)
        .where(
            Conversation.last_message_at < before,
            Conversation.mode.in_((Mode.ASSISTANT, Mode.CLOSED)),
            Conversation.last_seq > 0,
            ~has_case,
        )
        .where(Conversation.data_key_id.is_not(None))
        .order_by(Conversation.last_message_at)
        .limit(AT_ONCE)
    )
    count = 0
    for conversation in session.scalars(old).all():
        because = ErasedBecause.RETENTION
        person_id = conversation.person_id
        if person_id is None:
            erase_conversation(session, conversation, by=SYSTEM, now=now, because=because)
        elif _is_silent(session, person_id, before):
            erase_person(session, person_id, by=SYSTEM, now=now, because=because)
        else:
            continue
        count += 1
    return count


def _closed_cases(session: Session, before: datetime, now: datetime) -> int:
    """Erase the people all of whose cases were closed before a day, and who have been silent since."""
    still = exists().where(
        Case.person_id == Person.id,
        (Case.phase != Phase.CLOSED) | (Case.closed_at >= before),
    )
    had_one = exists().where(Case.person_id == Person.id)
    over = select(Person.id).where(had_one, ~still, Person.erased_at.is_(None)).limit(AT_ONCE)
    count = 0
    for person_id in session.scalars(over).all():
        if _is_silent(session, person_id, before):
            erase_person(session, person_id, by=SYSTEM, now=now, because=ErasedBecause.RETENTION)
            count += 1
    return count


def _is_silent(session: Session, person_id: str, before: datetime) -> bool:
    last = select(func.max(Conversation.last_message_at)).where(Conversation.person_id == person_id)
    newest = session.scalar(last)
    return newest is None or newest < before


def _run(session: Session, statement: object) -> int:
    result = session.execute(statement, execution_options={"synchronize_session": False})  # type: ignore[call-overload]
    return int(result.rowcount)
