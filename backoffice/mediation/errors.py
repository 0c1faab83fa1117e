"""Why something with a request for a mediator cannot be done as asked."""

from __future__ import annotations

from backoffice.errors import Conflict


class MediationMoveRefused(Conflict):
    """No rule leads from the state that the request has to the one that was asked for."""

    def __init__(self) -> None:
        super().__init__("mediation.error.move", way_out="mediation.error.move.way_out")


class NoHoursLeft(Conflict):
    """The service has not enough hours left this year."""

    def __init__(self, left_hours: str) -> None:
        super().__init__("mediation.error.hours", way_out="mediation.error.hours.way_out", left=left_hours)


class OfferGone(Conflict):
    """Somebody else was first, the time to answer is over, or the request was called off."""

    def __init__(self) -> None:
        super().__init__("mediation.error.offer_gone", way_out="mediation.error.offer_gone.way_out")


class MediatorBusy(Conflict):
    """The mediator has another appointment at that time."""

    def __init__(self) -> None:
        super().__init__("mediation.error.busy", way_out="mediation.error.busy.way_out")
