"""Why a file cannot be read."""

from __future__ import annotations

from backoffice.errors import BackofficeError


class FileRefused(BackofficeError):
    """The file as a whole cannot be read. `why`: `kind`, `size`, `rows`, `unpacked`, `empty`, `heads`."""

    status = 422

    def __init__(self, why: str, **values: str) -> None:
        super().__init__(f"caselists.import_error.{why}", way_out="caselists.import_error.way_out")
        self.values = values
