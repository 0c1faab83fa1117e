"""Conversations in Ukrainian, and a translator that knows what it was told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from backoffice.client.schemas import Channel, WaitingReason
from backoffice.conversation.floor import make_wait
from backoffice.conversation.models import Conversation, Message, Rendering
from backoffice.conversation.renderings import NO_PACKAGE
from backoffice.handoff.service import claim
from backoffice.staff.models import Staff
from backoffice.translation.translator import EngineDown, Translated
from tests.backoffice.factories import NOW, create_conversation, create_staff, send

HELLO, HELLO_IT = "Добрий день", "Buongiorno"
PERMIT_IT, PERMIT = "Serve il permesso di soggiorno.", "Потрібна посвідка на проживання."


class KnownTranslator:
    """Translates what it was told, and refuses everything else as if there were no package."""

    def __init__(self, pairs: Mapping[tuple[str, str], Mapping[str, str]] | None = None) -> None:
        known = {("uk", "it"): {HELLO: HELLO_IT, PERMIT: PERMIT_IT}, ("it", "uk"): {PERMIT_IT: PERMIT}}
        self.words = dict(known if pairs is None else pairs)
        self.flags: tuple[str, ...] = ()
        self.is_down = False
        self.asked: list[str] = []
        self.names: list[tuple[str, ...]] = []

    async def translate_soon(
        self, text: str, *, source: str, target: str, names: Sequence[str] = (), seconds: float
    ) -> Translated:
        return self.translate(text, source=source, target=target, names=names)

    def translate(self, text: str, *, source: str, target: str, names: Sequence[str] = ()) -> Translated:
        self.asked.append(text)
        self.names.append(tuple(names))
        if self.is_down:
            raise EngineDown("tests")
        if self.flags:
            return Translated(None, "known", "1", self.flags)
        found = self.words.get((source, target), {}).get(text)
        if found is None:
            return Translated(None, flags=(NO_PACKAGE,))
        return Translated(found, "known", "1")

    def packages(self) -> frozenset[str]:
        return frozenset(f"{source}-{target}" for source, target in self.words)

    def close(self) -> None:
        """Nothing runs."""


def waiting(session: Session, *, language: str = "uk", channel: Channel = Channel.WEB) -> Conversation:
    """A person who has written to the assistant and now waits for somebody."""
    conversation = create_conversation(session, language=language, channel=channel)
    send(session, conversation, "хочу людину", language="uk")
    make_wait(session, conversation, reason=WaitingReason.ASKED, now=NOW)
    session.flush()
    return conversation


def held(
    session: Session, *, languages: tuple[str, ...] = ("it",), channel: Channel = Channel.WEB
) -> tuple[Conversation, Staff]:
    """The same, taken by a caseworker."""
    conversation = waiting(session, channel=channel)
    staff = create_staff(session, name="Carla Neri", languages=languages)
    claim(session, conversation.id, staff=staff, epoch=conversation.epoch, now=NOW)
    session.flush()
    return conversation, staff


def renderings(session: Session, conversation: Conversation) -> list[tuple[str, Rendering]]:
    """What was said, with its renderings, in order."""
    statement = (
        select(Message.text, Rendering)
        .join(Rendering, Rendering.message_id == Message.id)
        .where(Message.conversation_id == conversation.id)
        .order_by(Message.seq, Rendering.created_at, Rendering.id)
        .execution_options(populate_existing=True)
    )
    return [(text, rendering) for text, rendering in session.execute(statement)]
