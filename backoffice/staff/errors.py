"""Why a request of a member of staff is turned away."""

from __future__ import annotations

from backoffice.errors import BackofficeError


class NotSignedIn(BackofficeError):
    """No session, or one that has ended. Pages answer it with the sign-in page."""

    status = 401

    def __init__(self) -> None:
        super().__init__("staff.error.not_signed_in", way_out="staff.error.not_signed_in.way_out")


class FormExpired(BackofficeError):
    """The form's CSRF token is missing or of another session."""

    status = 403

    def __init__(self) -> None:
        super().__init__("staff.error.form_expired", way_out="staff.error.form_expired.way_out")


class RoleRefused(BackofficeError):
    """None of the person's roles opens this part: 404, as for what does not exist at all."""

    status = 404

    def __init__(self) -> None:
        super().__init__("staff.error.role_refused", way_out="staff.error.role_refused.way_out")
