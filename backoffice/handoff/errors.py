"""Why the floor is not where somebody thinks it is."""

from __future__ import annotations

from sqlalchemy.orm import Session

from backoffice.client.schemas import Mode
from backoffice.conversation.models import Conversation
from backoffice.errors import BackofficeError, Conflict, NotFound
from backoffice.staff.models import Staff


class ConversationTaken(Conflict):
    """Somebody else holds the floor. `holder` is their name."""

    def __init__(self, holder: str) -> None:
        super().__init__(
            "error.conversation_taken", way_out="error.conversation_taken.way_out", holder=holder
        )
        self.holder = holder


class FloorMoved(Conflict):
    """The conversation is no longer as the caller saw it, and nobody else holds it."""

    def __init__(self) -> None:
        super().__init__("error.floor_moved", way_out="error.floor_moved.way_out")


class NoSuchColleague(NotFound):
    """Nobody of this organisation who takes conversations over has this id."""

    def __init__(self) -> None:
        super().__init__("error.no_such_colleague")


class WishNotMet(Conflict):
    """The person would rather speak with a woman, or a man; whoever claims all the same confirms it."""

    def __init__(self) -> None:
        super().__init__("error.wish_not_met", way_out="error.wish_not_met.way_out")


class AlreadyClosed(Conflict):
    """The conversation is closed; the person's next message opens it."""

    def __init__(self) -> None:
        super().__init__("error.already_closed")


class ReasonMissing(BackofficeError):
    """Who takes a conversation from a colleague says why."""

    status = 422

    def __init__(self) -> None:
        super().__init__("error.reason_missing")


class NothingToSay(BackofficeError):
    """The reply is empty."""

    status = 422

    def __init__(self) -> None:
        super().__init__("error.nothing_to_say")


def why_not(session: Session, conversation: Conversation) -> Conflict:
    """Return the error that tells a mediator how the floor stands."""
    if conversation.mode is Mode.MEDIATOR and conversation.holder_id is not None:
        holder = session.get(Staff, conversation.holder_id)
        return ConversationTaken(holder.name if holder else "")
    return FloorMoved()
