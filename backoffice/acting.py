"""What every form that is sent needs: who sent it to which page, what was typed, and when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import Depends, Request
from sqlalchemy.orm import Session

from backoffice.clock import ClockDep
from backoffice.database import DbSession
from backoffice.posted import Fields
from backoffice.question.forms import PostedFields
from backoffice.staff.models import Staff
from backoffice.staff.sign_in import SignedIn


@dataclass(frozen=True)
class Acting:
    """Somebody who acts on a page; `now` is one moment for all that the act writes."""

    request: Request
    session: Session
    staff: Staff
    now: datetime
    fields: Fields


async def acting(
    request: Request, session: DbSession, staff: SignedIn, clock: ClockDep, fields: PostedFields
) -> Acting:
    """Return who acts, in the transaction of the request."""
    return Acting(request, session, staff, clock(), fields)


ActingDep = Annotated[Acting, Depends(acting)]
"""The parameter of a route to which a form is posted; fields that are declared beside it are there too."""
