"""Deliveries: handed out in order, one of a conversation at a time, and reported back.

`sending` is committed before the bot calls the channel. Who does not report within the lease leaves
a delivery `uncertain`: it is sent again, and may then reach the person twice, since Telegram knows
no key (design, section 3, "Promises").
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, and_, exists, or_, select, update
from sqlalchemy.orm import Session, aliased, joinedload

from backoffice.client.schemas import Author, Channel, DeliveryClaim, DeliveryOutcome, DeliveryReport
from backoffice.client.schemas import Button as ButtonLink
from backoffice.client.schemas import Delivery as DeliveryOut
from backoffice.conversation.errors import ConversationNotFound
from backoffice.conversation.messages import deliveries_topic
from backoffice.conversation.models import Conversation, Delivery, DeliveryState, Message
from backoffice.conversation.reading import buttons_of, note_of, original_of
from backoffice.database import publish_after_commit
from backoffice.person.models import ChannelAddress
from translations.languages import direction

LEASE = timedelta(seconds=30)
MOST_UNCONFIRMED = 5
MOST_ATTEMPTS = 20
UNSENT = (DeliveryState.PENDING, DeliveryState.SENDING, DeliveryState.UNCERTAIN)
_EARLIER = aliased(Delivery)
_READY = (DeliveryState.PENDING, DeliveryState.UNCERTAIN)


def has_delivery(session: Session, claim: DeliveryClaim, *, now: datetime, from_others: bool = True) -> bool:
    """Tell whether there is something to send, without taking it; `from_others` as for `claim_deliveries`."""
    if session.execute(_abandoned(claim, now, from_others).limit(1)).first() is not None:
        return True
    return session.execute(_next(claim.channel, now).limit(1)).first() is not None


def claim_deliveries(
    session: Session, claim: DeliveryClaim, *, now: datetime, from_others: bool = True
) -> list[DeliveryOut]:
    """Hand out what is due: of each conversation the lowest unsent message, what a person wrote first.

    Args:
        session: a session.
        claim: who asks for how many.
        now: the present moment.
        from_others: also what another sender had and did not report in time; false while that one may have
            had nobody to report to.
    """
    _release_abandoned(session, claim, now, from_others)
    statement = _next(claim.channel, now).limit(claim.limit)
    found = session.execute(statement.with_for_update(of=Delivery, skip_locked=True)).all()
    for delivery, _message, _language in found:
        delivery.state = DeliveryState.SENDING
        delivery.attempts += 1
        delivery.worker = claim.worker
        delivery.next_at = now + LEASE
    session.flush()
    buttons = buttons_of(session, [message for _delivery, message, _language in found])
    sent = _sent_ids(session, (message.edited_message_id for _delivery, message, _language in found))
    return [
        _out(delivery, message, language, buttons.get(message.id, []), sent)
        for delivery, message, language in found
    ]


def report_delivery(session: Session, delivery_id: str, report: DeliveryReport, *, now: datetime) -> None:
    """Record what became of a delivery. A report that comes late or twice changes nothing that is final.

    Raises:
        ConversationNotFound: there is no such delivery.
    """
    delivery = session.get(Delivery, delivery_id, with_for_update=True)
    if delivery is None:
        raise ConversationNotFound
    if delivery.state in (DeliveryState.SENT, DeliveryState.DEAD):
        return
    delivery.error = report.error
    match report.outcome:
        case DeliveryOutcome.SENT:
            delivery.state, delivery.sent_at = DeliveryState.SENT, now
            delivery.provider_id = report.provider_id
        case DeliveryOutcome.RETRY:
            _retry(delivery, report.retry_after_seconds, now)
        case DeliveryOutcome.UNREACHABLE:
            delivery.state = DeliveryState.DEAD
            _mark_unreachable(session, delivery, now)
        case DeliveryOutcome.FAILED:
            delivery.state = DeliveryState.DEAD
    publish_after_commit(session, deliveries_topic(delivery.channel))


def _sent_ids(session: Session, corrected: Iterable[str | None]) -> dict[str, str]:
    """Return the channel's ids of messages that were sent, by message."""
    wanted = {each for each in corrected if each is not None}
    if not wanted:
        return {}
    statement = select(Delivery.message_id, Delivery.provider_id).where(
        Delivery.message_id.in_(wanted), Delivery.provider_id.is_not(None)
    )
    return {row.message_id: row.provider_id for row in session.execute(statement)}


def _next(channel: Channel, now: datetime) -> Select[Delivery, Message, str]:
    return (
        select(Delivery, Message, Conversation.language)
        .join(Message, Message.id == Delivery.message_id)
        .join(Conversation, Conversation.id == Delivery.conversation_id)
        .options(joinedload(Message.staff))
        .where(
            Delivery.channel == channel,
            Delivery.state.in_(_READY),
            Delivery.next_at <= now,
            ~exists().where(
                _EARLIER.conversation_id == Delivery.conversation_id,
                _EARLIER.state.in_(UNSENT),
                _EARLIER.seq < Delivery.seq,
            ),
        )
        .order_by((Message.author != Author.MEDIATOR), Delivery.next_at, Delivery.seq)
    )


def _abandoned(claim: DeliveryClaim, now: datetime, from_others: bool) -> Select[str]:
    return select(Delivery.id).where(
        Delivery.channel == claim.channel,
        Delivery.state == DeliveryState.SENDING,
        _is_abandoned(claim.worker, now, from_others),
    )


def _is_abandoned(worker: str, now: datetime, from_others: bool) -> ColumnElement[bool]:
    late = Delivery.next_at <= now
    if not from_others:
        late = and_(late, Delivery.worker == worker)
    name, marked, _boot = worker.partition("#")
    if not marked:
        return late
    return or_(late, and_(Delivery.worker.startswith(f"{name}#", autoescape=True), Delivery.worker != worker))


def _release_abandoned(session: Session, claim: DeliveryClaim, now: datetime, from_others: bool) -> None:
    ids = session.scalars(_abandoned(claim, now, from_others)).all()
    if not ids:
        return
    # Asked once more: whoever looked at the same time may have taken them since, and holds them now.
    lost = and_(
        Delivery.id.in_(ids),
        Delivery.state == DeliveryState.SENDING,
        _is_abandoned(claim.worker, now, from_others),
    )
    too_often = Delivery.unconfirmed >= MOST_UNCONFIRMED - 1
    values = {"unconfirmed": Delivery.unconfirmed + 1, "next_at": now}
    session.execute(update(Delivery).where(lost, ~too_often).values(state=DeliveryState.UNCERTAIN, **values))
    session.execute(
        update(Delivery)
        .where(lost, too_often)
        .values(state=DeliveryState.DEAD, error="unconfirmed", **values)
    )


def _retry(delivery: Delivery, after_seconds: float | None, now: datetime) -> None:
    seconds = after_seconds if after_seconds is not None else min(2.0 ** (delivery.attempts - 1), 60.0)
    if after_seconds is None and delivery.attempts >= MOST_ATTEMPTS:
        delivery.state = DeliveryState.DEAD
        return
    delivery.state = DeliveryState.PENDING
    delivery.next_at = now + timedelta(seconds=seconds)


def _mark_unreachable(session: Session, delivery: Delivery, now: datetime) -> None:
    session.execute(
        update(ChannelAddress)
        .where(ChannelAddress.channel == delivery.channel, ChannelAddress.address == str(delivery.chat_id))
        .values(unreachable_at=now)
    )


def _out(
    delivery: Delivery,
    message: Message,
    person_language: str,
    buttons: Sequence[ButtonLink],
    sent: Mapping[str, str],
) -> DeliveryOut:
    note, edited = note_of(message), message.edited_message_id
    return DeliveryOut(
        id=delivery.id,
        conversation_id=delivery.conversation_id,
        seq=delivery.seq,
        chat_id=delivery.chat_id,
        text=message.text,
        language=message.language,
        direction=direction(message.language),
        buttons=list(buttons),
        attempt=delivery.attempts,
        person_language=person_language,
        translated_by=note,
        staff_name=message.staff.first_name if message.staff and note else None,
        original=original_of(message),
        picture_id=message.picture_id,
        corrects=edited is not None,
        reply_to=sent.get(edited) if edited is not None else None,
    )
