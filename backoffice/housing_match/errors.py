"""Why a match or a hold cannot be made as asked."""

from __future__ import annotations

from backoffice.errors import BackofficeError, Conflict


class HomeDoesNotFit(Conflict):
    """A hard rule says no, or nothing may be proposed to this household now."""

    def __init__(self) -> None:
        super().__init__("housing.error.does_not_fit", way_out="housing.error.does_not_fit.way_out")


class HoldIsPast(BackofficeError):
    """A home cannot be kept until a moment that is over."""

    status = 422

    def __init__(self) -> None:
        super().__init__("housing.error.hold_is_past", way_out="housing.error.hold_is_past.way_out")


class NoChatToShowIn(Conflict):
    """The household has no conversation in which the home could be shown."""

    def __init__(self) -> None:
        super().__init__("housing.error.no_chat", way_out="housing.error.no_chat.way_out")


class WeightsInvalid(BackofficeError):
    """A preference that there is not, or a weight that is not from 0 to 10."""

    status = 422

    def __init__(self) -> None:
        super().__init__("housing.error.weights", way_out="housing.error.weights.way_out")


class WeightsChangedMeanwhile(Conflict):
    """Somebody else has set the weights since they were read."""

    def __init__(self) -> None:
        super().__init__("housing.error.weights_changed", way_out="housing.error.weights_changed.way_out")


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
