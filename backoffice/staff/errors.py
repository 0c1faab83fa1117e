"""Why a request of a member of staff is turned away."""

from __future__ import annotations

from backoffice.errors import BackofficeError, NotFound, Unauthorised


class NotSignedIn(Unauthorised):
    """No session, or one that has ended. A browser is led to the sign-in page."""

    def __init__(self) -> None:
        super().__init__("staff.error.not_signed_in")


class FormExpired(BackofficeError):
    """The form's CSRF token is missing or of another session."""

    status = 403

    def __init__(self) -> None:
        super().__init__("staff.error.form_expired", way_out="staff.error.form_expired.way_out")


class RoleRefused(NotFound):
    """None of the person's roles opens this part: it looks as if it did not exist."""
