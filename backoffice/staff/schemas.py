"""Accounts on the wire."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from backoffice.staff.models import Gender, Staff, StaffSession
from backoffice.staff.roles import Role
from backoffice.staff.sessions import session_mark

StaffLanguage = Annotated[str, Field(pattern=r"^[a-z]{2}$")]
Topic = Annotated[str, Field(pattern=r"^[a-z_]{1,60}$")]
UnitId = Annotated[str, Field(max_length=36)]


class AccountState(StrEnum):
    """Whether an account opens anything."""

    INVITED = "invited"
    ACTIVE = "active"
    INACTIVE = "inactive"


class InvitationIn(BaseModel):
    """Whom to invite."""

    model_config = ConfigDict(extra="forbid")

    email: str = Field(min_length=3, max_length=254)
    name: str = Field(min_length=1, max_length=200)
    roles: list[Role] = Field(min_length=1, max_length=len(Role))
    languages: list[StaffLanguage] = Field(default=[], max_length=20)
    unit: UnitId | None = None


class AccountChange(BaseModel):
    """What of an account shall be different; what is left out stays."""

    model_config = ConfigDict(extra="forbid")

    name: str | None = Field(default=None, min_length=1, max_length=200)
    roles: list[Role] | None = Field(default=None, min_length=1, max_length=len(Role))
    languages: list[StaffLanguage] | None = Field(default=None, max_length=20)
    topics: list[Topic] | None = Field(default=None, max_length=40)
    gender: Gender | None = None
    unit: UnitId | None = None


class AccountOut(BaseModel):
    """One account. Nothing of cases or conversations is in it."""

    id: str
    email: str
    name: str
    roles: list[Role]
    languages: list[str]
    topics: list[str]
    gender: Gender | None
    unit: str | None
    state: AccountState
    second_factor: bool


class AccountList(BaseModel):
    """A page of accounts."""

    items: list[AccountOut]
    next: str | None


class SessionOut(BaseModel):
    """One sign-in that runs; `id` opens nothing."""

    id: str
    device: str
    created_at: datetime
    last_seen_at: datetime


class SessionList(BaseModel):
    """The sign-ins of an account."""

    items: list[SessionOut]
    next: str | None = None


def state_of(account: Staff, invited: set[str]) -> AccountState:
    """Return whether an account opens anything; `invited` are ids whose invitation is open."""
    if account.active:
        return AccountState.ACTIVE
    return AccountState.INVITED if account.id in invited else AccountState.INACTIVE


def account_out(account: Staff, *, invited: set[str], secured: set[str]) -> AccountOut:
    """Return an account as the API shows it."""
    return AccountOut(
        id=account.id,
        email=account.email,
        name=account.name,
        roles=sorted(account.roles),
        languages=account.languages,
        topics=account.topics,
        gender=account.gender,
        unit=account.unit_id,
        state=state_of(account, invited),
        second_factor=account.id in secured,
    )


def session_out(opened: StaffSession) -> SessionOut:
    """Return a session as the API shows it."""
    return SessionOut(
        id=session_mark(opened),
        device=opened.device,
        created_at=opened.created_at,
        last_seen_at=opened.last_seen_at,
    )
