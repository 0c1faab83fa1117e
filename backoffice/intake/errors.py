"""Why a form cannot be taken."""

from __future__ import annotations

from backoffice.errors import BackofficeError


class IntakeIncomplete(BackofficeError):
    """Exactly one form belongs into a submission."""

    status = 422

    def __init__(self) -> None:
        super().__init__("intake.error.one_form")
