"""Why a request of a member of staff is turned away."""

from __future__ import annotations

from backoffice.errors import BackofficeError, NotFound, Unauthorised

SECOND_FACTOR_MISSING = "accounts.error.factor_missing"


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


class SecondFactorMissing(BackofficeError):
    """One of the person's roles has to have a second factor, and there is none yet."""

    status = 403

    def __init__(self) -> None:
        super().__init__(SECOND_FACTOR_MISSING, way_out="accounts.error.factor_missing.way_out")
