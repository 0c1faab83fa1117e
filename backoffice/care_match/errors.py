"""Why something with a match cannot be done as asked."""

from __future__ import annotations

from backoffice.errors import Conflict


class CareMoveRefused(Conflict):
    """No rule leads from the state that the match has to the one that was asked for."""

    def __init__(self) -> None:
        super().__init__("care.error.match_move", way_out="care.error.match_move.way_out")


class CareReasonMissing(Conflict):
    """It is not a reason that this side can give."""

    def __init__(self) -> None:
        super().__init__("care.error.match_reason", way_out="care.error.match_reason.way_out")


class WorkerNotFree(Conflict):
    """The worker is not in the register, or may not be proposed now."""

    def __init__(self) -> None:
        super().__init__("care.error.worker_not_free", way_out="care.error.worker_not_free.way_out")
