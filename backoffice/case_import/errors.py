"""Why a file cannot be read, or not be imported."""

from __future__ import annotations

from backoffice.errors import BackofficeError, Conflict


class FileRefused(BackofficeError):
    """The file as a whole cannot be read. `why`: `kind`, `size`, `rows`, `unpacked`, `empty`, `heads`."""

    status = 422

    def __init__(self, why: str, **values: str) -> None:
        super().__init__(f"caselists.import_error.{why}", way_out="caselists.import_error.way_out")
        self.values = values


class RowsAreWrong(Conflict):
    """A file is imported only when every row is right."""

    def __init__(self) -> None:
        super().__init__("caselists.import_error.wrong_rows", way_out="caselists.import_error.way_out")
