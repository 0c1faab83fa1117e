"""Why a viewing cannot be changed as asked."""

from __future__ import annotations

from backoffice.errors import BackofficeError, Conflict


class ViewingMoveRefused(Conflict):
    """The viewing is not so far, or over already."""

    def __init__(self) -> None:
        super().__init__("viewings.error.move", way_out="viewings.error.move.way_out")


class MomentRefused(BackofficeError):
    """A moment at which nobody can look at a home; `why` is `past`, `far`, `night` or `none`."""

    status = 422

    def __init__(self, why: str) -> None:
        super().__init__(f"viewings.error.moment_{why}", way_out="viewings.error.moment.way_out")
        self.why = why
