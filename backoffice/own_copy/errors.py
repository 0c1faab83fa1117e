"""What goes wrong with a copy of one's own data."""

from __future__ import annotations

from backoffice.errors import BackofficeError, Conflict


class AlreadyAnswered(Conflict):
    """Somebody released or refused it meanwhile."""

    def __init__(self) -> None:
        super().__init__("own_copy.error.answered", way_out="own_copy.error.answered.way_out")


class AskedAlready(Conflict):
    """The person has a request that waits for its answer."""

    def __init__(self) -> None:
        super().__init__("own_copy.error.asked", way_out="own_copy.error.asked.way_out")


class NoLongerThere(BackofficeError):
    """It was not released, by somebody else, or its time is over."""

    status = 410

    def __init__(self) -> None:
        super().__init__("own_copy.error.over", way_out="own_copy.error.over.way_out")
