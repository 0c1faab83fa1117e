"""People, conversations and messages for tests: every argument has a default."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from backoffice.client.schemas import (
    Channel,
    IncomingAccepted,
    IncomingRequest,
    MessageKind,
    Mode,
    Reply,
    ReplyButton,
    TelegramSender,
    Turn,
    TurnAnswer,
    TurnAnswered,
)
from backoffice.conversation.incoming import Budget, record_message
from backoffice.conversation.models import Conversation
from backoffice.conversation.turns import answer_turn, claim_turn
from backoffice.handoff.waiting_room import answer_while_waiting
from backoffice.housing_chat.saved_search import end_on_word
from backoffice.rights.choices import answer_choice
from backoffice.staff.models import Gender, Organisation, Staff
from backoffice.staff.roles import Role
from backoffice.staff.sessions import open_session

NOW = datetime(2026, 12, 2, 10, 0, tzinfo=UTC)
PLENTY = Budget(per_minute=10_000)

_numbers = itertools.count(1)


def create_front_door(session: Session) -> Organisation:
    """Return the organisation that runs the chat; make it when there is none yet."""
    found = session.scalar(select(Organisation).where(Organisation.is_front_door))
    if found is None:
        found = Organisation(name="Comunità Sociale Cremasca", slug="csc", is_front_door=True)
        session.add(found)
        session.flush()
    return found


def create_organisation(session: Session, *, name: str = "Cooperativa") -> Organisation:
    """Make a partner."""
    made = Organisation(name=name, slug=f"partner-{next(_numbers)}")
    session.add(made)
    session.flush()
    return made


def create_staff(
    session: Session,
    *,
    name: str = "Amina Rossi",
    roles: frozenset[Role] = frozenset({Role.MEDIATOR}),
    languages: tuple[str, ...] = ("it",),
    organisation: Organisation | None = None,
    active: bool = True,
    gender: Gender | None = None,
    topics: tuple[str, ...] = (),
) -> Staff:
    """Make a member of staff, of the front door unless told otherwise. Nobody knows the password."""
    made = Staff(
        organisation_id=(organisation or create_front_door(session)).id,
        email=f"staff{next(_numbers)}@test.example",
        name=name,
        password_hash="!",
        languages=list(languages),
        active=active,
        gender=gender,
        topics=list(topics),
    )
    made.roles = roles
    session.add(made)
    session.flush()
    return made


def sign_in(session: Session, staff: Staff, *, now: datetime = NOW) -> dict[str, str]:
    """Return the headers of somebody who is signed in."""
    return {"Authorization": f"Bearer {open_session(session, staff.id, now=now)}"}


def create_conversation(
    session: Session,
    *,
    channel: Channel = Channel.WEB,
    language: str = "it",
    organisation: Organisation | None = None,
    now: datetime = NOW,
) -> Conversation:
    """Make an empty conversation that the assistant holds."""
    made = Conversation(
        organisation_id=(organisation or create_front_door(session)).id,
        channel=channel,
        chat_id=1000 + next(_numbers) if channel is Channel.TELEGRAM else None,
        language=language,
        mode=Mode.ASSISTANT,
        created_at=now,
        last_message_at=now,
    )
    session.add(made)
    session.flush()
    return made


def incoming(conversation: Conversation, text: str | None = "ciao", **changes: Any) -> IncomingRequest:
    """Return what a channel would hand in for a conversation."""
    number = next(_numbers)
    values: dict[str, object] = {
        "channel": conversation.channel,
        "external_id": f"test:{number}",
        "kind": MessageKind.TEXT,
        "text": text,
    }
    if conversation.channel is Channel.TELEGRAM:
        assert conversation.chat_id is not None
        values["telegram"] = TelegramSender(chat_id=conversation.chat_id, user_id=conversation.chat_id)
    else:
        values["conversation_id"] = conversation.id
    return IncomingRequest.model_validate({**values, **changes})


def send(
    session: Session,
    conversation: Conversation,
    text: str | None = "ciao",
    *,
    now: datetime = NOW,
    budget: Budget = PLENTY,
    **changes: Any,
) -> IncomingAccepted:
    """Let the person send something."""
    request = incoming(conversation, text, **changes)
    accepted = record_message(
        session,
        request,
        allowance=budget,
        while_waiting=answer_while_waiting,
        on_choice=answer_choice,
        on_words=end_on_word,
        now=now,
    )
    session.flush()
    return accepted


def take_turn(session: Session, *, worker: str = "bot", now: datetime = NOW) -> Turn:
    """Claim the next turn, which there must be."""
    turn = claim_turn(session, worker, now=now)
    assert turn is not None
    return turn


def answer(
    session: Session,
    turn: Turn,
    text: str = "Buongiorno!",
    *,
    buttons: tuple[ReplyButton, ...] = (),
    now: datetime = NOW,
) -> TurnAnswered:
    """Let the assistant answer a turn with one message."""
    said = TurnAnswer(
        epoch=turn.epoch, lease_token=turn.lease_token, replies=[Reply(text=text, buttons=list(buttons))]
    )
    return answer_turn(session, turn.turn_id, said, now=now)
