"""What can go wrong with a conversation."""

from __future__ import annotations

from backoffice.errors import BackofficeError, Conflict, NotFound, TooManyRequests


class ConversationNotFound(NotFound):
    """There is no such conversation, or the caller may not read it."""

    def __init__(self) -> None:
        super().__init__("error.conversation_not_found")


class OtherMessageStored(Conflict):
    """A message came before under this external id, with another body."""

    def __init__(self) -> None:
        super().__init__("error.other_message_stored")


class TooManyMessages(TooManyRequests):
    """The sender's budget is used up."""

    def __init__(self, *, retry_after_seconds: int) -> None:
        super().__init__("error.too_many_messages", retry_after_seconds=retry_after_seconds)


class LeaseLost(Conflict):
    """The turn or delivery is no longer in this worker's hands."""

    def __init__(self) -> None:
        super().__init__("error.lease_lost")


class MalformedMessage(BackofficeError):
    """The parts of a message do not fit each other."""

    status = 422

    def __init__(self) -> None:
        super().__init__("error.malformed_message")


class EmptyNote(BackofficeError):
    """A note without words."""

    status = 422

    def __init__(self) -> None:
        super().__init__("error.empty_note")


class LabelRefused(BackofficeError):
    """A label without letters or with too many, or one too many on a conversation."""

    status = 422

    def __init__(self) -> None:
        super().__init__("error.label_refused")


class NotADay(BackofficeError):
    """What should be a day is none."""

    status = 422

    def __init__(self) -> None:
        super().__init__("error.not_a_day")
