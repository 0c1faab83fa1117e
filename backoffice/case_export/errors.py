"""Why a list does not become a file."""

from __future__ import annotations

from backoffice.errors import BackofficeError, Conflict


class ExportTooLong(BackofficeError):
    """More cases than one file may hold."""

    status = 422

    def __init__(self, most: int) -> None:
        super().__init__("caselists.error.export", way_out="caselists.error.export.way_out", most=str(most))


class ExportNotReady(Conflict):
    """Nobody has agreed yet, somebody has refused, or the time to fetch the file is over."""

    def __init__(self) -> None:
        super().__init__("caselists.error.not_ready", way_out="caselists.error.not_ready.way_out")


class ExportDecided(Conflict):
    """Somebody has already decided."""

    def __init__(self) -> None:
        super().__init__("caselists.error.decided", way_out="caselists.error.decided.way_out")
