"""The household of a conversation, what is said to it, and its matches."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from backoffice.case.models import Case
from backoffice.case.queries import cases_of_person
from backoffice.client.schemas import CHOICE_PAYLOAD, Author, CaseType, Phase, ReplyButton
from backoffice.conversation.messages import Draft, write
from backoffice.conversation.models import Conversation
from backoffice.housing_match.models import HousingMatch
from translations.catalog import text

SERVICE = "service"
"""Who acts in the history of a match and of a search: the person in the chat."""


def housing_case(session: Session, conversation: Conversation) -> Case | None:
    """Return the open search of the person of a conversation, the newest."""
    if conversation.person_id is None:
        return None
    cases = cases_of_person(session, conversation.person_id)
    return next((c for c in cases if c.type is CaseType.HOUSING and c.phase is not Phase.CLOSED), None)


def own_match(session: Session, conversation: Conversation, match_id: str) -> HousingMatch | None:
    """Return a match of the open search of a conversation's person."""
    match, case = session.get(HousingMatch, match_id), housing_case(session, conversation)
    return match if match is not None and case is not None and match.case_id == case.id else None


def tell(
    session: Session,
    conversation: Conversation,
    sentence: str,
    *,
    now: datetime,
    buttons: Sequence[ReplyButton] = (),
    picture_id: str | None = None,
) -> None:
    """Say a whole text in the conversation; `picture_id`: the attachment that is shown with it."""
    draft = Draft(Author.SYSTEM, sentence, buttons=buttons, picture_id=picture_id)
    write(session, conversation, draft, now=now)


def choice(key: str, language: str, *parts: str) -> ReplyButton:
    """Return a lasting button of ours: its title is `homes.button.<key>`, its answer `homes:<parts>`."""
    payload = ":".join((f"{CHOICE_PAYLOAD}homes", *parts))
    return ReplyButton(title=text(f"homes.button.{key}", language), payload=payload, lasting=True)


def topic(intent: str, language: str) -> ReplyButton:
    """Return a lasting button that opens a topic of the assistant's."""
    return ReplyButton(
        title=text(f"bot.button.intent_{intent}", language), payload=f"/{intent}", lasting=True
    )
