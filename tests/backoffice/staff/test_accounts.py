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
from backoffice.staff.roles import Role
from tests.backoffice.factories import create_staff

PASSWORD = SecretStr("correct horse battery")


def administrator(settings: Settings, password: SecretStr = PASSWORD) -> Settings:
    return settings.model_copy(update={"admin_email": "Capo@Ente.example", "admin_password": password})


def test_the_administrator_of_the_settings_is_made_once(
    database: Database, session: Session, settings: Settings
) -> None:
    prepare_accounts(database, administrator(settings))
    prepare_accounts(database, administrator(settings))
    made = session.scalars(select(Staff)).one()
    assert (made.email, made.roles) == ("capo@ente.example", {Role.ADMINISTRATOR})
    assert session.scalars(select(Organisation)).one().is_front_door


def test_a_password_that_is_too_short_stops_the_start(database: Database, settings: Settings) -> None:
    with pytest.raises(SystemExit, match="SPORTELLO_ADMIN_PASSWORD"):
        prepare_accounts(database, administrator(settings, SecretStr("short")))


def test_demo_accounts_stop_the_start_where_the_demo_is_off(
    database: Database, session: Session, settings: Settings
) -> None:
    create_staff(session).email = "admin@demo.sportello"
    session.commit()
    with pytest.raises(SystemExit, match="SPORTELLO_DEMO"):
        prepare_accounts(database, settings.model_copy(update={"demo": False}))
    prepare_accounts(database, settings.model_copy(update={"demo": True}))


def test_a_database_without_tables_is_left_alone(tmp_path: Path, settings: Settings) -> None:
    empty = Database(f"sqlite:///{tmp_path / 'none.db'}")
    prepare_accounts(empty, administrator(settings))
    empty.close()
