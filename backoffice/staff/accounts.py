"""Accounts that a start makes or refuses: the first administrator, and the accounts of the demo."""

from __future__ import annotations

import sys

from sqlalchemy import ColumnElement, inspect, select
from sqlalchemy.orm import Session

from backoffice.database import Database
from backoffice.settings import Settings
from backoffice.staff.models import Organisation, Staff
from backoffice.staff.passwords import SHORTEST, hash_password
from backoffice.staff.roles import Role
from backoffice.staff.service import normal_email

DEMO_DOMAIN = "@demo.sportello"
"""Accounts of this domain have a password that everybody knows (contract, "Demo data")."""


def prepare_accounts(database: Database, settings: Settings) -> None:
    """Make the administrator of the settings where there is none; stop where demo accounts are refused.

    The demo's administrator does not count as one. Nothing is looked at in a database without tables.

    Raises:
        SystemExit: demo accounts without `SPORTELLO_DEMO`, or a password that is too short; one line says so.
    """
    if not inspect(database.engine).has_table(Staff.__tablename__):
        return  # not migrated yet: `/health` says so
    with database.read() as session:
        if not settings.is_demo and _exists(session, _is_demo_account()):
            sys.exit(
                "SPORTELLO_DEMO: off, but the database holds demo accounts whose password is public; "
                "use another database, or deactivate them"
            )
        is_needed = settings.admin_email is not None and not _has_administrator(session)
    if not is_needed or settings.admin_email is None:
        return
    password = settings.admin_password.get_secret_value() if settings.admin_password else ""
    if len(password) < SHORTEST:
        sys.exit(f"SPORTELLO_ADMIN_PASSWORD: must have at least {SHORTEST} characters")
    password_hash = hash_password(password)
    with database.transaction() as session:
        _create_administrator(session, normal_email(settings.admin_email), password_hash)


def _is_demo_account() -> ColumnElement[bool]:
    return Staff.email.endswith(DEMO_DOMAIN, autoescape=True)


def _exists(session: Session, condition: ColumnElement[bool]) -> bool:
    return session.scalar(select(Staff.id).where(condition, Staff.active).limit(1)) is not None


def _has_administrator(session: Session) -> bool:
    active = select(Staff).where(Staff.active, ~_is_demo_account())
    return any(staff.has_role(Role.ADMINISTRATOR) for staff in session.scalars(active))


def _create_administrator(session: Session, email: str, password_hash: str) -> None:
    organisation = session.scalars(select(Organisation).where(Organisation.is_front_door)).one_or_none()
    if organisation is None:
        organisation = Organisation(
            name="Comunità Sociale Cremasca", slug="comunita-sociale-cremasca", is_front_door=True
        )
        session.add(organisation)
        session.flush()
    session.add(
        Staff(
            organisation_id=organisation.id,
            email=email,
            name=email.partition("@")[0],
            password_hash=password_hash,
            role_names=[Role.ADMINISTRATOR.value],
            languages=["it"],
        )
    )
