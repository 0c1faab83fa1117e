"""What goes wrong when a consent is asked for."""

from __future__ import annotations

from backoffice.errors import BackofficeError, Conflict


class NoConversation(Conflict):
    """The case did not come by the chat: there is nobody to be asked there."""

    def __init__(self) -> None:
        super().__init__("consents.error.no_conversation", way_out="consents.error.no_conversation.way_out")


class BodyUnknown(BackofficeError):
    """No other body of that id."""

    status = 422

    def __init__(self) -> None:
        super().__init__("consents.error.body", way_out="consents.error.body.way_out")


class RequestIncomplete(BackofficeError):
    """Parts, purpose, end or witness are missing."""

    status = 422

    def __init__(self) -> None:
        super().__init__("consents.error.incomplete", way_out="consents.error.incomplete.way_out")


class NotAsked(Conflict):
    """The person has not asked to be erased, or it was done already."""

    def __init__(self) -> None:
        super().__init__("consents.error.not_asked", way_out="consents.error.not_asked.way_out")


class TextChanged(Conflict):
    """The sheet that was signed has another text than the one of today."""

    def __init__(self) -> None:
        super().__init__("own_copy.error.text_changed", way_out="own_copy.error.text_changed.way_out")


class LaterAnswer(Conflict):
    """The ledger has a later word of the person about the same body: the older paper does not undo it."""

    def __init__(self) -> None:
        super().__init__("own_copy.error.later", way_out="own_copy.error.later.way_out")
