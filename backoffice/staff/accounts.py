"""Accounts that a start makes or refuses: the administrator of the settings, and the demo accounts."""

from __future__ import annotations

import sys

from sqlalchemy import inspect, select
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

    Raises:
        SystemExit: demo accounts without `SPORTELLO_DEMO`, or a password that is too short; one line says so.
    """
    if not inspect(database.engine).has_table(Staff.__tablename__):
        return  # not migrated yet: `/health` says so
    with database.transaction() as session:
        if not settings.is_demo:
            _refuse_demo_accounts(session)
        if settings.admin_email and settings.admin_password:
            _create_administrator(session, settings.admin_email, settings.admin_password.get_secret_value())


def _refuse_demo_accounts(session: Session) -> None:
    found = session.scalar(select(Staff.id).where(Staff.email.endswith(DEMO_DOMAIN), Staff.active).limit(1))
    if found is not None:
        sys.exit(
            "SPORTELLO_DEMO: off, but the database holds demo accounts whose password is public; "
            "use another database, or deactivate them"
        )


def _create_administrator(session: Session, email: str, password: str) -> None:
    email = normal_email(email)
    if session.scalar(select(Staff.id).where(Staff.email == email)) is not None:
        return
    if len(password) < SHORTEST:
        sys.exit(f"SPORTELLO_ADMIN_PASSWORD: must have at least {SHORTEST} characters")
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
            name="Amministrazione",
            password_hash=hash_password(password),
            role_names=[Role.ADMINISTRATOR.value],
            languages=["it"],
        )
    )
