"""Erasures that people asked for: granted by a coordinator, done a little later so that the receipt arrives.

The person asked in the chat (a case with the need `data_erasure`); a coordinator grants it: two people, never
one. Until it is done the person takes it back with a button. Source: GDPR art. 17 and 12(3).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import exists, select
from sqlalchemy.orm import Session, joinedload

from backoffice.audit import service as audit
from backoffice.audit.service import SERVICE
from backoffice.case.models import Case
from backoffice.case.needs import Need
from backoffice.case.number import new_number
from backoffice.case.service import change_needs
from backoffice.client.schemas import CHOICE_PAYLOAD, Phase, ReplyButton
from backoffice.conversation.messages import say
from backoffice.conversation.models import Conversation
from backoffice.conversation.queries import lock_conversation
from backoffice.retention.models import Erasure, ErasureOrder
from backoffice.rights.errors import NotAsked
from translations.catalog import text

AFTER = timedelta(minutes=10)
"""Time for the receipt to arrive, and to think again."""


def open_requests(session: Session, organisation_id: str) -> Sequence[Case]:
    """Return the cases in which somebody of a body asks to be erased, the oldest first."""
    decided = exists().where(ErasureOrder.case_id == Case.id)
    rows = session.scalars(
        select(Case)
        .where(Case.organisation_id == organisation_id, Case.phase != Phase.CLOSED, ~decided)
        .options(joinedload(Case.person))
        .order_by(Case.opened_at)
    )
    return [case for case in rows if Need.DATA_ERASURE.value in case.needs]


def grant_erasure(session: Session, case: Case, *, by: str, now: datetime) -> ErasureOrder:
    """Grant what the person of a case asked for; they are told the number of the receipt.

    Raises:
        NotAsked: the case does not ask for it, or it was granted before.
    """
    known = session.scalar(select(ErasureOrder.id).where(ErasureOrder.case_id == case.id))
    if Need.DATA_ERASURE.value not in case.needs or known is not None:
        raise NotAsked
    order = ErasureOrder(
        number=new_number(),
        case_id=case.id,
        person_id=case.person_id,
        organisation_id=case.organisation_id,
        granted_by=by,
        granted_at=now,
        due_at=now + AFTER,
    )
    session.add(order)
    if case.conversation_id is not None:
        conversation = lock_conversation(session, case.conversation_id)
        session.flush()
        keep = ReplyButton(
            title=text("system.button.erasure_keep", conversation.language),
            payload=f"{CHOICE_PAYLOAD}erasure:{order.id}:keep",
            lasting=True,
        )
        say(session, conversation, "erasure_soon", now=now, buttons=[keep], number=order.number)
    audit.record(
        session,
        by=by,
        action="person.erasure_granted",
        subject_kind="person",
        subject_id=case.person_id,
        now=now,
    )
    session.flush()
    return order


def keep_data(session: Session, conversation: Conversation, order_id: str, *, now: datetime) -> None:
    """Let the person take their wish back: nothing is erased, and the case no longer asks for it.

    An order that is done, or of somebody else, changes nothing. The order goes, so that they can ask again;
    the audit trail has both steps.
    """
    statement = select(ErasureOrder).where(ErasureOrder.id == order_id, ErasureOrder.done_at.is_(None))
    order = session.scalars(statement.with_for_update()).one_or_none()
    if order is None or order.person_id != conversation.person_id:
        return
    session.delete(order)
    case = session.get(Case, order.case_id)
    if case is not None and case.phase is not Phase.CLOSED:
        others = [Need(need) for need in case.needs if need != Need.DATA_ERASURE.value]
        change_needs(session, case, others, by=SERVICE, now=now)
    audit.record(
        session,
        by=SERVICE,
        action="person.erasure_withdrawn",
        subject_kind="person",
        subject_id=order.person_id,
        now=now,
    )
    say(session, conversation, "erasure_withdrawn", now=now)


def waiting_orders(session: Session, organisation_id: str) -> Sequence[ErasureOrder]:
    """Return what is granted and not done yet."""
    statement = select(ErasureOrder).where(
        ErasureOrder.organisation_id == organisation_id, ErasureOrder.done_at.is_(None)
    )
    return session.scalars(statement.order_by(ErasureOrder.due_at)).all()


def done_erasures(session: Session, organisation_id: str, *, limit: int = 100) -> Sequence[Erasure]:
    """Return the erasures of a body, the latest first."""
    statement = select(Erasure).where(Erasure.organisation_id == organisation_id)
    return session.scalars(statement.order_by(Erasure.at.desc(), Erasure.id.desc()).limit(limit)).all()
