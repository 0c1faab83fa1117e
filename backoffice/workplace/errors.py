"""What can go wrong with ready answers and kept filters."""

from __future__ import annotations

from backoffice.errors import BackofficeError, NotFound


class CannedReplyNotFound(NotFound):
    """There is no such ready answer in the caller's organisation."""

    def __init__(self) -> None:
        super().__init__("error.canned_reply_not_found")


class SavedFilterNotFound(NotFound):
    """The caller has no such filter."""

    def __init__(self) -> None:
        super().__init__("error.saved_filter_not_found")


class ReplyRefused(BackofficeError):
    """A ready answer cannot be kept so; its writer gets it back with the reason."""

    status = 422


class BadCode(ReplyRefused):
    """A short code that is not 2 to 30 small letters of a to z."""

    def __init__(self) -> None:
        super().__init__("error.bad_code")


class UnknownVariable(ReplyRefused):
    """A ready answer asks for something in braces that nobody fills in."""

    def __init__(self, variable: str) -> None:
        super().__init__("error.unknown_variable", variable=variable)


class EmptyCannedReply(ReplyRefused):
    """A ready answer without words."""

    def __init__(self) -> None:
        super().__init__("error.empty_canned_reply")


class CodeTaken(ReplyRefused):
    """There is an answer under this code in this language."""

    status = 409

    def __init__(self, code: str) -> None:
        super().__init__("error.code_taken", code=code)


class FilterRefused(BackofficeError):
    """A filter without a name, or one that narrows nothing."""

    status = 422

    def __init__(self) -> None:
        super().__init__("error.filter_refused")
