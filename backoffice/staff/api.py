"""Signing in for programs: a bearer token for e-mail address and password."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Form, Request
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel

from backoffice.client.senders import counted_address
from backoffice.clock import ClockDep
from backoffice.database import DbSession, ReadSession
from backoffice.error_handlers import Problem
from backoffice.staff.device import device_of
from backoffice.staff.second_factor import CodeCheck, check_code, has_second_factor
from backoffice.staff.service import (
    check_credentials,
    forget_failures,
    record_failure,
    sign_in,
    sign_out,
)
from backoffice.staff.sign_in import SignedIn, bearer_token

router = APIRouter(prefix="/api/v1/auth", tags=["auth"])


class AccessToken(BaseModel):
    """A token to be sent as `Authorization: Bearer <access_token>`; good for 12 hours, 1 hour unused."""

    access_token: str
    token_type: Literal["bearer"] = "bearer"  # noqa: S105  (a scheme, no secret)


@router.post("/token", response_model=AccessToken)
def create_token(
    request: Request,
    reading: ReadSession,
    session: DbSession,
    clock: ClockDep,
    username: Annotated[str, Form(max_length=254)],
    password: Annotated[str, Form(max_length=1024)],
    totp: Annotated[str | None, Form(max_length=40)] = None,
) -> AccessToken | Response:
    """Sign in with e-mail address and password; the form of OAuth 2's password grant.

    An account with a second factor also wants `totp`, a code of its app or a recovery code: without it the
    answer to the right password is a 401 with the code `accounts.error.code_needed`.
    """
    now = clock()
    address = client_address(request)
    attempt = check_credentials(reading, email=username, password=password, address=address, now=now)
    if attempt.staff is None:
        record_failure(session, attempt, now=now)  # so the answer is returned, not raised: it must commit
        return _refused(Problem(401, "staff.error.credentials"))
    who = attempt.staff.id
    forget_failures(session, attempt)
    if has_second_factor(session, who):
        if not totp:
            return _refused(Problem(401, "accounts.error.code_needed"))
        outcome = check_code(session, who, totp, now=now)
        if outcome is CodeCheck.TOO_MANY:
            return _refused(Problem(429, "accounts.error.code_too_many"))
        if outcome is CodeCheck.WRONG:
            return _refused(Problem(401, "accounts.error.code_wrong"))
    device = device_of(request.headers.get("User-Agent", ""))
    return AccessToken(access_token=sign_in(session, who, old_token=None, now=now, device=device))


def _refused(problem: Problem) -> Response:
    """Answer without raising: the try that was counted must be committed."""
    headers = {"Retry-After": "600"} if problem.status == 429 else {"WWW-Authenticate": "Bearer"}
    return JSONResponse(problem.document(), problem.status, headers, media_type="application/problem+json")


@router.delete("/token", status_code=204)
def delete_token(request: Request, session: DbSession, clock: ClockDep, _staff: SignedIn) -> None:
    """End the session of the bearer token that the call carries."""
    token = bearer_token(request)
    if token is not None:
        sign_out(session, token, now=clock())


def client_address(request: Request) -> str:
    """Return the address that a request came from, as limits count it."""
    return counted_address(request.client.host) if request.client else "unknown"
