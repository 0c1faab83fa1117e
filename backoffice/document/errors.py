"""Why a document cannot be taken."""

from __future__ import annotations

from backoffice.errors import BackofficeError


class FileMissing(BackofficeError):
    """A document comes with a file, or names one that the person sent."""

    status = 422

    def __init__(self) -> None:
        super().__init__("document.error.file_missing", way_out="document.error.file_missing.way_out")
