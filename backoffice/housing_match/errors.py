"""Why a match or a hold cannot be made as asked."""

from __future__ import annotations

from backoffice.errors import BackofficeError, Conflict


class HomeIsHeld(Conflict):
    """The home is kept for another household just now."""

    def __init__(self) -> None:
        super().__init__("housing.error.home_is_held", way_out="housing.error.home_is_held.way_out")


class HomeNotFree(Conflict):
    """The home is not published any more."""

    def __init__(self) -> None:
        super().__init__("housing.error.home_not_free", way_out="housing.error.home_not_free.way_out")


class MatchMoveRefused(Conflict):
    """No rule leads from the state that the match has to the one that was asked for."""

    def __init__(self) -> None:
        super().__init__("housing.error.match_move", way_out="housing.error.match_move.way_out")


class RefusalReasonMissing(BackofficeError):
    """A no without its reason, or with one that only another side can give."""

    status = 422

    def __init__(self) -> None:
        super().__init__("housing.error.refusal_reason", way_out="housing.error.refusal_reason.way_out")
