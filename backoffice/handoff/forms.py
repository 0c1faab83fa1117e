"""What a mediator's forms post, and what comes of them."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, Field

from backoffice.client.schemas import LanguageCode
from backoffice.translation.outgoing import Proposal, Translation


class Sent(BaseModel):
    """The number of the message that was written."""

    seq: int


class Dialog(StrEnum):
    """What a dialog of the floor asks for; each is a page of its own too."""

    CLAIM = "claim"
    TRANSFER = "transfer"
    INVITE = "invite"
    CLOSE = "close"
    TAKE_OVER = "take-over"
    CONFLICT = "conflict"


class ReplyForm(BaseModel):
    """A reply: as it was written, and where it is in another language as the person shall get it.

    `proposed` is what the machine had made of it. `untranslated`: the mediator has been told that there is
    no translation, and sends it as it is.
    """

    epoch: int
    text: Annotated[str, Field(max_length=4000)]
    language: LanguageCode | None = None
    key: Annotated[str, Field(max_length=200)] = ""
    translation: Annotated[str, Field(max_length=8000)] = ""
    translation_language: Annotated[str, Field(max_length=2)] = ""
    proposed: Annotated[str, Field(max_length=8000)] = ""
    engine: Annotated[str, Field(max_length=40)] = ""
    version: Annotated[str, Field(max_length=120)] = ""
    in_parts: bool = False
    untranslated: bool = False

    def as_translation(self) -> Translation | None:
        """Return the words for the person, where there are any."""
        if not self.translation.strip():
            return None
        proposal = None
        if self.proposed and self.engine:
            proposal = Proposal(self.proposed, self.engine, self.version or None, self.in_parts)
        return Translation(self.translation, self.translation_language, proposal)
