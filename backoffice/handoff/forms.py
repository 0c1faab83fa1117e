"""What comes of a mediator's forms."""

from __future__ import annotations

from pydantic import BaseModel


class Sent(BaseModel):
    """The number of the message that was written."""

    seq: int
