"""Fill renderings: claim one that is due, and write down what came of it.

Between the two no transaction is open: the engine may take its time. A rendering that is claimed and
not finished comes again when its lease is over; the number of its try fences a late worker off.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from backoffice.client.schemas import Author, MessageKind
from backoffice.conversation.models import Conversation, Message, Rendering, RenderingState
from backoffice.conversation.renderings import ENGINE_FAILED, NO_PACKAGE, RENDERINGS
from backoffice.database import publish_after_commit
from backoffice.live.service import announce
from backoffice.person.models import Person
from backoffice.staff.models import Staff
from backoffice.translation.service import count_use, find_pair
from backoffice.translation.translator import Translated
from translations.source import source_of

LEASE = timedelta(seconds=90)
"""Longer than the engine may take for a text of a thousand letters, and once more if it dies of it."""

MOST_ATTEMPTS = 3
PHRASEBOOK = "phrasebook"
CATALOGUE = "catalogue"
"""Engines that are none: a colleague's correction, and the wording that our own text had in Italian."""

_ASKED_AGAIN_FOR = timedelta(days=7)
_BACK_OFF = timedelta(seconds=5)


@dataclass(frozen=True)
class Work:
    """One text to translate. `known`: what was found without an engine."""

    rendering_id: str
    attempt: int
    conversation_id: str
    text: str
    source: str
    target: str
    names: tuple[str, ...] = ()
    known: Translated | None = None
    pair_id: str | None = None


def has_work(session: Session, *, now: datetime) -> bool:
    """Tell whether a rendering is due; a look that locks nothing."""
    return session.execute(_due(now).with_only_columns(Rendering.id)).first() is not None


def claim_work(session: Session, *, now: datetime) -> Work | None:
    """Take the youngest rendering that is due, for a minute. One that was tried too often is refused."""
    statement = _due(now).with_for_update(of=Rendering, skip_locked=True)
    found = session.execute(statement.execution_options(populate_existing=True)).first()
    if found is None:
        return None
    rendering, message, conversation = found
    if rendering.attempts >= MOST_ATTEMPTS:
        _refuse(rendering, ENGINE_FAILED, now)
        announce(session, conversation.id)
        session.flush()
        return claim_work(session, now=now)
    rendering.attempts += 1
    rendering.next_at = now + LEASE * (1 + len(message.text) // 1000)
    session.flush()
    return _work(session, rendering, message, conversation)


def finish_work(session: Session, work: Work, result: Translated, *, now: datetime) -> None:
    """Write down what came of a text, unless another try has the rendering by now."""
    rendering = _claimed(session, work)
    if rendering is None:
        return
    rendering.state = RenderingState.REFUSED if result.text is None else RenderingState.DONE
    rendering.text, rendering.engine, rendering.version = result.text, result.engine, result.version
    rendering.flags, rendering.in_parts = list(result.flags), result.in_parts
    rendering.next_at = now
    if work.pair_id is not None:
        count_use(session, work.pair_id)
    announce(session, work.conversation_id)


def put_back(session: Session, work: Work, *, now: datetime) -> None:
    """Try again a little later: the engine broke or was silent."""
    rendering = _claimed(session, work)
    if rendering is None:
        return
    if rendering.attempts >= MOST_ATTEMPTS:
        _refuse(rendering, ENGINE_FAILED, now)
        announce(session, work.conversation_id)
    else:
        rendering.next_at = now + _BACK_OFF * 3 ** (rendering.attempts - 1)


def ask_again(session: Session, *, now: datetime) -> int:
    """Ask again for what had no package in the last days; return how many that are."""
    statement = (
        select(Rendering)
        .where(Rendering.state == RenderingState.REFUSED, Rendering.created_at > now - _ASKED_AGAIN_FOR)
        .with_for_update(skip_locked=True)
    )
    refused = [each for each in session.scalars(statement) if NO_PACKAGE in each.flags]
    for rendering in refused:
        rendering.state, rendering.flags = RenderingState.PENDING, []
        rendering.attempts, rendering.next_at = 0, now
    if refused:
        publish_after_commit(session, RENDERINGS)
    return len(refused)


def _due(now: datetime) -> Select[Rendering, Message, Conversation]:
    return (
        select(Rendering, Message, Conversation)
        .join(Message, Message.id == Rendering.message_id)
        .join(Conversation, Conversation.id == Message.conversation_id)
        .where(Rendering.state == RenderingState.PENDING, Rendering.next_at <= now)
        .order_by(Rendering.id.desc())  # the newest words first: somebody may be waiting for them
        .limit(1)
    )


def _work(session: Session, rendering: Rendering, message: Message, conversation: Conversation) -> Work:
    source, target = message.language, rendering.language
    known, pair_id = _own_words(message, target), None
    if known is None:
        pair = find_pair(session, conversation.organisation_id, message.text, source=source, target=target)
        if pair is not None:
            known, pair_id = Translated(pair.target_text, PHRASEBOOK), pair.id
    return Work(
        rendering_id=rendering.id,
        attempt=rendering.attempts,
        conversation_id=conversation.id,
        text=message.text,
        source=source,
        target=target,
        names=_names(session, conversation),
        known=known,
        pair_id=pair_id,
    )


def _names(session: Session, conversation: Conversation) -> tuple[str, ...]:
    """Return the names of those who speak here: they come out of a translation as they went in."""
    person = session.get(Person, conversation.person_id) if conversation.person_id else None
    holder = session.get(Staff, conversation.holder_id) if conversation.holder_id else None
    names = (person.name if person else None, holder.name if holder else None)
    return tuple(name for name in names if name)


def _own_words(message: Message, target: str) -> Translated | None:
    """Return the Italian wording of what the service itself said, or offered as a button."""
    is_typed = message.author is Author.CITIZEN and message.kind is not MessageKind.BUTTON
    if target != "it" or is_typed or message.author is Author.MEDIATOR:
        return None
    found = source_of(message.text, message.language)
    return Translated(found, CATALOGUE) if found is not None else None


def _claimed(session: Session, work: Work) -> Rendering | None:
    rendering = session.get(Rendering, work.rendering_id, with_for_update=True, populate_existing=True)
    if rendering is None or rendering.state is not RenderingState.PENDING:
        return None
    return rendering if rendering.attempts == work.attempt else None


def _refuse(rendering: Rendering, flag: str, now: datetime) -> None:
    rendering.state, rendering.flags, rendering.next_at = RenderingState.REFUSED, [flag], now
