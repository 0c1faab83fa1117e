"""What comes of a mediator's forms."""

from __future__ import annotations

from enum import StrEnum

from pydantic import BaseModel


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
