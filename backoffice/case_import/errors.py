"""Why a file cannot be imported."""

from __future__ import annotations

from backoffice.errors import Conflict


class RowsAreWrong(Conflict):
    """A file is imported only when every row is right."""

    def __init__(self) -> None:
        super().__init__("caselists.import_error.wrong_rows", way_out="caselists.import_error.way_out")
