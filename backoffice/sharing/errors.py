"""Why a share cannot be offered, answered or ended as asked."""

from __future__ import annotations

from collections.abc import Mapping

from backoffice.errors import BackofficeError, Conflict, NotFound


class AccessEnded(NotFound):
    """A case that was open to whoever asks and is no longer: they are told so, for they know of it."""

    def __init__(self, how: str) -> None:
        super().__init__(f"sharing.error.over.{how}", way_out="sharing.error.over.way_out")

    @property
    def errors(self) -> tuple[Mapping[str, str], ...]:
        """The way to what stays with them."""
        return ({"field": "case_id", "message": "sharing.contributions", "link": "/contributions"},)


class ShareIncomplete(BackofficeError):
    """The offer lacks a part, a purpose, or the words of its ground."""

    status = 422

    def __init__(self) -> None:
        super().__init__("sharing.error.incomplete", way_out="sharing.error.incomplete.way_out")


class ReceiverUnknown(BackofficeError):
    """There is no such body, or it is the one that offers."""

    status = 422

    def __init__(self) -> None:
        super().__init__("sharing.error.receiver", way_out="sharing.error.receiver.way_out")


class PeriodInvalid(BackofficeError):
    """The share would end before it begins, or last longer than a share may."""

    status = 422

    def __init__(self) -> None:
        super().__init__("sharing.error.period", way_out="sharing.error.period.way_out")


class ConsentMissing(Conflict):
    """The ledger has no valid consent of the person for this body and these parts."""

    def __init__(self) -> None:
        super().__init__("sharing.error.consent", way_out="sharing.error.consent.way_out")


class ShareNotOpen(Conflict):
    """The share is not in a state from which this step leads: somebody was faster, or its time is over."""

    def __init__(self) -> None:
        super().__init__("sharing.error.state", way_out="sharing.error.state.way_out")


class WordsMissing(BackofficeError):
    """A step that has to be explained, without words."""

    status = 422

    def __init__(self) -> None:
        super().__init__("sharing.error.words", way_out="sharing.error.words.way_out")
