"""What a start of the process looks after: the first administrator, and that no demo account stays behind."""

from __future__ import annotations

import sys

from sqlalchemy import select
from sqlalchemy.orm import Session

from backoffice.database import Database
from backoffice.settings import Settings
from backoffice.staff.models import Organisation, Staff
from backoffice.staff.passwords import SHORTEST, hash_password
from backoffice.staff.roles import Role

DEMO_DOMAIN = "@demo.sportello"


def prepare(database: Database, settings: Settings) -> None:
    """Make the administrator of the settings where there is none; end the process where it must not start.

    Accounts of the demo have a password that everybody knows: with `SPORTELLO_DEMO` off there must be none.
    """
    with database.read() as session:
        if not settings.is_demo and _has_demo_accounts(session):
            sys.exit(
                f"SPORTELLO_DEMO: it is off, but the database has accounts of {DEMO_DOMAIN}; use another one"
            )
        is_needed = settings.admin_email is not None and not _has_administrator(session)
    if not is_needed or settings.admin_email is None:
        return
    password = settings.admin_password.get_secret_value() if settings.admin_password else ""
    if len(password) < SHORTEST:
        sys.exit(f"SPORTELLO_ADMIN_PASSWORD: at least {SHORTEST} characters")
    with database.transaction() as session:
        _create_administrator(session, settings.admin_email.strip().lower(), hash_password(password))


def _has_demo_accounts(session: Session) -> bool:
    statement = select(Staff.id).where(Staff.email.endswith(DEMO_DOMAIN, autoescape=True), Staff.active)
    return session.execute(statement.limit(1)).first() is not None


def _has_administrator(session: Session) -> bool:
    return any(
        staff.has_role(Role.ADMINISTRATOR) for staff in session.scalars(select(Staff).where(Staff.active))
    )


def _create_administrator(session: Session, email: str, password_hash: str) -> None:
    organisation = session.scalar(select(Organisation).where(Organisation.is_front_door))
    if organisation is None:
        organisation = Organisation(name="Sportello", slug="sportello", is_front_door=True)
        session.add(organisation)
        session.flush()
    staff = Staff(
        organisation_id=organisation.id,
        email=email,
        name=email.partition("@")[0],
        password_hash=password_hash,
        role_names=[Role.ADMINISTRATOR.value],
    )
    session.add(staff)
