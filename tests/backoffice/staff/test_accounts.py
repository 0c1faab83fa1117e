from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import SecretStr
from sqlalchemy import select
from sqlalchemy.orm import Session

from backoffice.database import Database
from backoffice.settings import Settings
from backoffice.staff.accounts import prepare_accounts
from backoffice.staff.models import Organisation, Staff
from backoffice.staff.passwords import verify_password
from backoffice.staff.roles import Role
from tests.backoffice.factories import create_staff

PASSWORD = "correct horse battery"
ADMINISTRATOR = frozenset({Role.ADMINISTRATOR})


def told(settings: Settings, password: str = PASSWORD, *, demo: bool = True) -> Settings:
    changes = {"admin_email": "Capo@Ente.example", "admin_password": SecretStr(password), "demo": demo}
    return settings.model_copy(update=changes)


def test_the_first_administrator_is_made_once(
    database: Database, session: Session, settings: Settings
) -> None:
    prepare_accounts(database, told(settings))
    prepare_accounts(database, told(settings))
    made = session.scalars(select(Staff)).one()
    assert (made.email, made.roles) == ("capo@ente.example", ADMINISTRATOR)
    assert verify_password(made.password_hash, PASSWORD)
    assert session.scalars(select(Organisation)).one().is_front_door


@pytest.mark.parametrize(("email", "made"), [("anna@ente.example", 0), ("admin@demo.sportello", 1)])
def test_where_there_is_one_no_other_is_made_unless_it_is_the_demo_s(
    database: Database, session: Session, settings: Settings, email: str, made: int
) -> None:
    create_staff(session, roles=ADMINISTRATOR).email = email
    session.commit()
    prepare_accounts(database, told(settings))
    assert len(session.scalars(select(Staff).where(Staff.email == "capo@ente.example")).all()) == made


def test_a_password_that_is_too_short_stops_the_start(database: Database, settings: Settings) -> None:
    with pytest.raises(SystemExit, match="SPORTELLO_ADMIN_PASSWORD"):
        prepare_accounts(database, told(settings, "short"))


def test_demo_accounts_stop_the_start_where_the_demo_is_off(
    database: Database, session: Session, settings: Settings
) -> None:
    create_staff(session).email = "coordinator@demo.sportello"
    session.commit()
    with pytest.raises(SystemExit, match="SPORTELLO_DEMO"):
        prepare_accounts(database, told(settings, demo=False))
    prepare_accounts(database, told(settings))


def test_a_database_without_tables_is_left_alone(tmp_path: Path, settings: Settings) -> None:
    empty = Database(f"sqlite:///{tmp_path / 'none.db'}")
    prepare_accounts(empty, told(settings))
    empty.close()
