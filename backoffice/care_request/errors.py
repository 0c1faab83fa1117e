"""Why something with a family's request cannot be done as asked."""

from __future__ import annotations

from backoffice.errors import Conflict


class RequestMoveRefused(Conflict):
    """No rule leads from the state that the request has to the one that was asked for."""

    def __init__(self) -> None:
        super().__init__("care.error.request_move", way_out="care.error.request_move.way_out")


class RequestReasonMissing(Conflict):
    """A request is closed with the reason why: the coordinator counts what could not be met."""

    def __init__(self) -> None:
        super().__init__("care.error.request_reason", way_out="care.error.request_reason.way_out")
