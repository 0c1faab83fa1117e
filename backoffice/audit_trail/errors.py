"""What can go wrong where the audit trail is read."""

from __future__ import annotations

from backoffice.errors import BackofficeError


class TrailCursorInvalid(BackofficeError):
    """The cursor is none that the list has given."""

    status = 422

    def __init__(self) -> None:
        super().__init__("case.error.cursor", way_out="case.error.cursor.way_out")
