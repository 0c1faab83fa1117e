"""What can go wrong at the review queue."""

from __future__ import annotations

from backoffice.errors import BackofficeError, Conflict, NotFound


class ReviewItemNotFound(NotFound):
    """There is no such message in the queue, or this person may not see it."""

    def __init__(self) -> None:
        super().__init__("error.review_item_not_found", way_out="error.review_item_not_found.way_out")


class AlreadyReviewed(Conflict):
    """Somebody else has said what the message means."""

    def __init__(self) -> None:
        super().__init__("error.already_reviewed", way_out="error.already_reviewed.way_out")


class NoSuchMeaning(BackofficeError):
    """The label is none of the meanings that there are, or the text is empty."""

    status = 422

    def __init__(self) -> None:
        super().__init__("error.no_such_meaning", way_out="error.no_such_meaning.way_out")
