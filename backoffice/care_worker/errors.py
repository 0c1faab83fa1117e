"""Why something in the register cannot be done as asked."""

from __future__ import annotations

from backoffice.errors import Conflict


class WorkerMoveRefused(Conflict):
    """No rule leads from the state that the family assistant has to the one that was asked for."""

    def __init__(self) -> None:
        super().__init__("care.error.worker_move", way_out="care.error.worker_move.way_out")


class WorkerReasonMissing(Conflict):
    """Who is refused, suspended or removed is told why."""

    def __init__(self) -> None:
        super().__init__("care.error.worker_reason", way_out="care.error.worker_reason.way_out")
