from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from backoffice.database import Database
from backoffice.first_start import prepare
from backoffice.settings import Settings
from backoffice.staff.models import Organisation, Staff
from backoffice.staff.passwords import verify_password
from backoffice.staff.roles import Role
from tests.backoffice.factories import create_staff


def told(settings: Settings, **changes: object) -> Settings:
    return Settings(**{**settings.model_dump(), "_env_file": None, **changes})


def test_the_first_administrator_is_made_once(database: Database, settings: Settings) -> None:
    asked = told(settings, admin_email="Anna@Example.org", admin_password="a long password")
    prepare(database, asked)
    prepare(database, asked)
    with database.read() as session:
        [staff] = session.scalars(select(Staff)).all()
        assert (staff.email, staff.role_names) == ("anna@example.org", ["administrator"])
        assert verify_password(staff.password_hash, "a long password")
        assert session.scalar(select(Organisation.is_front_door))


def test_where_there_is_one_no_other_is_made(
    database: Database, settings: Settings, session: Session
) -> None:
    create_staff(session, roles=frozenset({Role.ADMINISTRATOR}))
    session.commit()
    prepare(database, told(settings, admin_email="b@example.org", admin_password="a long password"))
    with database.read() as reading:
        assert len(reading.scalars(select(Staff)).all()) == 1


def test_a_short_password_is_refused(database: Database, settings: Settings) -> None:
    with pytest.raises(SystemExit, match="SPORTELLO_ADMIN_PASSWORD"):
        prepare(database, told(settings, admin_email="b@example.org", admin_password="short"))


@pytest.mark.parametrize("is_demo", [True, False])
def test_accounts_of_the_demo_are_refused_outside_of_it(
    database: Database, settings: Settings, session: Session, is_demo: bool
) -> None:
    create_staff(session).email = "admin@demo.sportello"
    session.commit()
    if is_demo:
        prepare(database, told(settings, demo=True))
        return
    with pytest.raises(SystemExit, match="SPORTELLO_DEMO"):
        prepare(database, told(settings, demo=False))
