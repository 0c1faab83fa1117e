"""One person in two chats: linked by a code that works once, never by a guess.

Who types a right code goes on as the person who asked for it. A wrong, used or old one and too many tries
get the same answer, so that nothing can be learnt by trying.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backoffice.audit import service as audit
from backoffice.case.models import Case
from backoffice.checklist.service import leave_to
from backoffice.client.schemas import Channel
from backoffice.conversation.models import Conversation
from backoffice.conversation.queries import lock_conversation
from backoffice.live.service import announce
from backoffice.person.models import ChannelAddress, LinkCode, LinkTry, Person
from backoffice.person.standing import standing_person

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""Without signs that look alike."""

CODE_LENGTH = 8
VALID_FOR = timedelta(minutes=15)
TRIES_AN_HOUR = 5


def issue_link_code(
    session: Session,
    person: Person,
    *,
    conversation_id: str | None = None,
    key: bytes,
    by: str,
    now: datetime,
) -> str:
    """Return a new code for a person; the codes that they had before end.

    Args:
        session: the transaction.
        person: who shall go on elsewhere.
        conversation_id: where the person asked for it; none when staff give it.
        key: of the digests.
        by: a staff id, or `service`.
        now: the present moment.
    """
    for earlier in session.scalars(
        select(LinkCode).where(LinkCode.person_id == person.id, LinkCode.used_at.is_(None))
    ):
        session.delete(earlier)
    code = _new_code()
    session.add(
        LinkCode(
            digest=_digest(code, key),
            person_id=person.id,
            conversation_id=conversation_id,
            issued_by=by,
            issued_at=now,
            expires_at=now + VALID_FOR,
        )
    )
    audit.record(
        session, by=by, action="person.link_code", subject_kind="person", subject_id=person.id, now=now
    )
    session.flush()
    return code


def redeem_link_code(
    session: Session, conversation_id: str, typed: str, *, key: bytes, by: str, now: datetime
) -> bool:
    """Let a conversation go on as the person whose code was typed; return whether it does.

    The try is counted in any case: the caller commits whatever the answer is.

    Raises:
        ConversationNotFound: there is no such conversation.
    """
    conversation = lock_conversation(session, conversation_id)
    recent = select(func.count()).where(
        LinkTry.conversation_id == conversation.id, LinkTry.at > now - timedelta(hours=1)
    )
    tries = session.scalar(recent) or 0
    if tries >= TRIES_AN_HOUR:
        return False
    session.add(LinkTry(conversation_id=conversation.id, at=now))
    session.flush()
    found = session.scalars(
        select(LinkCode).where(LinkCode.digest == _digest(typed, key)).with_for_update()
    ).one_or_none()
    if found is None or found.expires_at <= now or found.conversation_id == conversation.id:
        return False  # the chat that asked for it needs no link
    person = standing_person(session, session.get_one(Person, found.person_id))
    if found.used_at is not None:
        return conversation.person_id == person.id  # the call came twice
    if person.organisation_id != conversation.organisation_id:
        return False
    if found.conversation_id is not None and _would_lose_cases(session, conversation, person):
        return False
    found.used_at = now
    _point(session, conversation, person)
    audit.record(session, by=by, action="person.linked", subject_kind="person", subject_id=person.id, now=now)
    session.flush()
    announce(session, conversation.id)
    return True


def begin_as_somebody_else(session: Session, conversation_id: str, *, by: str, now: datetime) -> Person:
    """Let a shared telephone's chat go on for another person, of whom nothing is known yet.

    Raises:
        ConversationNotFound: there is no such conversation.
    """
    conversation = lock_conversation(session, conversation_id)
    leave_to(session, conversation, conversation.person_id)
    # The address stays with whom it had: the telephone is shared.
    person = begin_person(session, conversation, by=by, now=now)
    conversation.summary, conversation.topic = [], None
    # The assistant's answers come along from the session before (nlu/hand_back.py): here there is none.
    conversation.rasa_session += 2
    session.flush()
    announce(session, conversation.id)
    return person


def begin_person(session: Session, conversation: Conversation, *, by: str, now: datetime) -> Person:
    """Give a conversation a person of whom nothing is known yet."""
    person = Person(
        organisation_id=conversation.organisation_id, languages=[conversation.language], created_at=now
    )
    session.add(person)
    session.flush()
    conversation.person_id = person.id
    audit.record(session, by=by, action="person.begun", subject_kind="person", subject_id=person.id, now=now)
    return person


def telegram_link(bot: str, code: str) -> str:
    """Return the address that opens the bot with a code."""
    return f"https://t.me/{bot}?start={code}"


def web_link(origin: str, code: str) -> str:
    """Return the address that opens the chat page with a code."""
    return f"{origin.rstrip('/')}/?code={code}"


def _new_code() -> str:
    """Return a code with a letter and a digit at least, so that no word and no number looks like one."""
    while True:
        code = "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))
        if not (code.isalpha() or code.isdigit()):
            return code


def _point(session: Session, conversation: Conversation, person: Person) -> None:
    conversation.person_id = person.id
    if conversation.channel is not Channel.TELEGRAM:
        return
    address = session.scalars(
        select(ChannelAddress).where(
            ChannelAddress.channel == Channel.TELEGRAM, ChannelAddress.address == str(conversation.chat_id)
        )
    ).one_or_none()
    if address is not None:
        address.person_id = person.id


def _would_lose_cases(session: Session, conversation: Conversation, person: Person) -> bool:
    """Tell whether a chat with cases would go on as somebody without any: the code is for the other way."""
    own = conversation.person_id
    return own is not None and _has_cases(session, own) and not _has_cases(session, person.id)


def _has_cases(session: Session, person_id: str) -> bool:
    return session.scalar(select(Case.id).where(Case.person_id == person_id).limit(1)) is not None


def _digest(code: str, key: bytes) -> str:
    bare = "".join(code.split()).replace("-", "").upper()
    return hmac.new(key, f"link\0{bare}".encode("utf-8", "replace"), hashlib.sha256).hexdigest()
