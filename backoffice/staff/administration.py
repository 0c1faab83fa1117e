"""Changing accounts: who is invited, what they are and may, and that it ends."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from backoffice.audit import service as audit
from backoffice.errors import BackofficeError, Conflict, NotFound
from backoffice.staff import second_factor
from backoffice.staff.links import revoke_links, send_invitation
from backoffice.staff.models import Gender, Organisation, SignInStep, Staff, Unit
from backoffice.staff.permissions import get_own_unit, grantable_roles, may_grant
from backoffice.staff.roles import Role
from backoffice.staff.sessions import close_sessions

NO_PASSWORD = "!"  # noqa: S105  (the hash of nothing: it never verifies)

_EMAIL = re.compile(r"[^@\s<>\"(),:;\\]{1,64}@[a-z0-9](?:[a-z0-9.-]{0,180}[a-z0-9])?")


class AccountRefused(BackofficeError):
    """The account cannot be like this; the message says why."""

    status = 422


class EmailTaken(Conflict):
    """Somebody has an account with this address."""

    def __init__(self) -> None:
        super().__init__("accounts.error.email_taken")


@dataclass(frozen=True)
class NewAccount:
    """Whom to invite."""

    email: str
    name: str
    roles: frozenset[Role]
    languages: tuple[str, ...] = ()
    unit_id: str | None = None


def invite(session: Session, new: NewAccount, *, by: Staff, base_url: str, now: datetime) -> Staff:
    """Make an account of the inviter's organisation that counts once its link was used.

    Raises:
        NotFound: this person may not grant these roles, or the unit is not theirs.
        AccountRefused: no name, no role, or no e-mail address.
        EmailTaken: there is such an account.
    """
    if not new.roles <= grantable_roles(by):
        raise NotFound
    if new.unit_id is not None:
        get_own_unit(session, by, new.unit_id)
    return _make(session, new, by.organisation_id, by=by.id, base_url=base_url, now=now)


def add_organisation(
    session: Session, *, name: str, first: NewAccount, by: Staff, base_url: str, now: datetime
) -> Organisation:
    """Add a partner body and invite its first administrator. Who may do so, `permissions` says.

    Raises:
        AccountRefused: no name, or no e-mail address.
        EmailTaken: there is such an account.
    """
    name = _name(name)
    made = Organisation(name=name, slug=_free_slug(session, name))
    session.add(made)
    session.flush()
    _make(session, first, made.id, by=by.id, base_url=base_url, now=now)
    audit.record(
        session,
        by=by.id,
        action="organisation.added",
        subject_kind="organisation",
        subject_id=made.id,
        now=now,
    )
    return made


def change_account(
    session: Session, account: Staff, changes: dict[str, Any], *, by: Staff, now: datetime
) -> None:
    """Change name, languages, topics, gender, unit or roles; the whole change or nothing.

    Raises:
        NotFound: this person may not give these roles, or the unit is not theirs.
        AccountRefused: no name, or no role.
    """
    name = _name(changes["name"]) if "name" in changes else account.name
    if "roles" in changes:
        _change_roles(session, account, frozenset(changes["roles"]), by=by, now=now)
    if changes.get("unit_id") is not None:
        get_own_unit(session, by, changes["unit_id"])
    account.name = name
    if "gender" in changes:
        account.gender = Gender(changes["gender"]) if changes["gender"] else None
    if "unit_id" in changes:
        account.unit_id = changes["unit_id"]
    if "languages" in changes:
        account.languages = list(changes["languages"])
    if "topics" in changes:
        account.topics = list(changes["topics"])
    _note(session, by, "staff.changed", account, now=now)


def deactivate(session: Session, account: Staff, *, by: Staff, now: datetime) -> None:
    """End an account: sessions, links and half sign-ins end at once.

    Raises:
        NotFound: it is one's own.
    """
    if account.id == by.id:
        raise NotFound
    account.active = False
    close_sessions(session, account.id)
    session.execute(delete(SignInStep).where(SignInStep.staff_id == account.id))
    revoke_links(session, account.id)
    _note(session, by, "staff.deactivated", account, now=now)


def reactivate(session: Session, account: Staff, *, by: Staff, base_url: str, now: datetime) -> None:
    """Let an account count again; one that never had a password is invited anew."""
    if account.password_hash == NO_PASSWORD:
        send_invitation(session, account, base_url=base_url, by=by.id, now=now)
        return
    account.active = True
    _note(session, by, "staff.reactivated", account, now=now)


def end_sessions(session: Session, account: Staff, *, by: Staff, now: datetime) -> None:
    """Sign somebody out everywhere."""
    close_sessions(session, account.id)
    session.execute(delete(SignInStep).where(SignInStep.staff_id == account.id))
    _note(session, by, "staff.sessions_ended", account, now=now)


def take_second_factor(session: Session, account: Staff, *, by: Staff, now: datetime) -> None:
    """Take away the second factor of somebody else who has lost it; their sessions end.

    Raises:
        NotFound: it is one's own, which wants a code.
    """
    if account.id == by.id:
        raise NotFound
    second_factor.remove(session, account.id, by=by.id, keep_token=None, now=now)


def keep_unit(
    session: Session, unit: Unit | None, *, name: str, municipalities: list[str], by: Staff, now: datetime
) -> Unit:
    """Add a unit of the own organisation, or change one.

    Raises:
        AccountRefused: no name, or there is such a unit.
    """
    name = _name(name)
    mine = Unit.organisation_id == by.organisation_id, Unit.name == name
    twin = session.scalars(select(Unit).where(*mine)).one_or_none()
    if twin is not None and twin is not unit:
        raise AccountRefused("accounts.error.unit_there")
    if unit is None:
        unit = Unit(organisation_id=by.organisation_id, name=name, municipalities=municipalities)
        session.add(unit)
    unit.name, unit.municipalities = name, municipalities
    session.flush()
    audit.record(session, by=by.id, action="unit.kept", subject_kind="unit", subject_id=unit.id, now=now)
    return unit


def _make(
    session: Session, new: NewAccount, organisation_id: str, *, by: str, base_url: str, now: datetime
) -> Staff:
    email = new.email.strip().lower()
    if not _EMAIL.fullmatch(email):
        raise AccountRefused("accounts.error.email_wrong")
    if not new.roles:
        raise AccountRefused("accounts.error.no_role")
    if session.scalar(select(Staff.id).where(Staff.email == email)) is not None:
        raise EmailTaken
    account = Staff(
        organisation_id=organisation_id,
        email=email,
        name=_name(new.name),
        password_hash=NO_PASSWORD,
        languages=list(new.languages),
        unit_id=new.unit_id,
        active=False,
    )
    account.roles = new.roles
    session.add(account)
    session.flush()
    send_invitation(session, account, base_url=base_url, by=by, now=now)
    return account


def _change_roles(
    session: Session, account: Staff, roles: frozenset[Role], *, by: Staff, now: datetime
) -> None:
    if not may_grant(by, account, roles):
        raise NotFound
    if not roles:
        raise AccountRefused("accounts.error.no_role")
    if account.roles != roles:
        account.roles = roles
        _note(session, by, "staff.roles_changed", account, now=now)


def _name(name: str) -> str:
    clean = " ".join("".join(each for each in name if each.isprintable()).split())
    if not clean:
        raise AccountRefused("accounts.error.no_name")
    return clean


def _free_slug(session: Session, name: str) -> str:
    base = re.sub(r"[^a-z0-9]+", "-", name.casefold()).strip("-")[:60] or "ente"
    taken = set(session.scalars(select(Organisation.slug).where(Organisation.slug.startswith(base))))
    return next(slug for n in range(1, 10_000) if (slug := base if n == 1 else f"{base}-{n}") not in taken)


def _note(session: Session, by: Staff, action: str, account: Staff, *, now: datetime) -> None:
    audit.record(session, by=by.id, action=action, subject_kind="staff", subject_id=account.id, now=now)
