"""Requests behind the second wall: with the wall of the code removed, PostgreSQL alone says no."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import httpx
import psycopg
import pytest
from fastapi import FastAPI
from sqlalchemy import create_engine, select, text, true
from sqlalchemy.orm import Session

from backoffice import wall
from backoffice.case import permissions
from backoffice.case.models import Case, CaseNote
from backoffice.case.queries import notes_of
from backoffice.database import Database
from backoffice.migrations.wall import RoleMissing, lower_wall, raise_wall
from backoffice.staff.models import Organisation
from backoffice.staff.roles import Role
from backoffice.wall import ROLE, Caller, beyond_the_wall
from tests.backoffice.case.cases import create_case
from tests.backoffice.databases import POSTGRES, FrozenClock, kept_connection
from tests.backoffice.factories import create_organisation, create_staff, sign_in

ROOT = Path(wall.__file__).parent

DOORS = {
    "care_training/queries.py": 1,
    "case/permissions.py": 1,
    "mediation/candidates.py": 1,
    "people/merging.py": 2,
    "referral/break_glass.py": 1,
    "referral/permissions.py": 1,
    "referral/queries.py": 3,
    "referral/service.py": 1,
    "sharing/service.py": 1,
}
"""Where staff look beyond the wall. A new door needs its reason beside it, and a row here."""


@pytest.mark.parametrize("backend", [POSTGRES])
async def test_a_request_that_forgets_to_ask_for_rights_gets_no_case_of_another_body(
    app: FastAPI, http: httpx.AsyncClient, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = create_case(session)
    owner = create_staff(session, roles=frozenset({Role.COORDINATOR}))
    elsewhere = create_organisation(session, name="Altrove")
    stranger = create_staff(session, roles=frozenset({Role.COORDINATOR}), organisation=elsewhere)
    by_owner, by_stranger = sign_in(session, owner), sign_in(session, stranger)
    session.commit()
    monkeypatch.setattr(permissions, "is_readable", lambda _staff: true())
    address = f"/api/v1/cases/{case.id}"
    assert (await http.get(address, headers=by_owner)).status_code == 200
    assert (await http.get(address, headers=by_stranger)).status_code == 404
    assert (await http.get("/api/v1/cases", headers=by_stranger)).json()["items"] == []
    with app.state.database.engine.begin() as connection:
        lower_wall(connection)
    try:  # so that it is the wall which refused
        assert (await http.get(address, headers=by_stranger)).status_code == 200
    finally:
        with app.state.database.engine.begin() as connection:
            raise_wall(connection)
    assert (await http.get(address, headers=by_stranger)).status_code == 404


@pytest.mark.parametrize("backend", ["sqlite", POSTGRES])
def test_a_request_of_nobody_sees_no_case_and_jobs_see_all(
    backend: str, database: Database, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    create_case(session)
    session.commit()
    with monkeypatch.context() as request:
        request.setattr(wall, "_caller", Always(Caller()))
        with database.read() as asked:
            found = len(asked.scalars(select(Case)).all())
            assert found == (0 if backend == "postgres" else 1)
            with beyond_the_wall(asked):
                assert len(asked.scalars(select(Case)).all()) == 1
            assert len(asked.scalars(select(Case.id)).all()) == found
    with database.read() as asked:
        assert len(asked.scalars(select(Case)).all()) == 1
        if backend == "postgres":
            assert asked.scalar(text("SELECT current_user")) != ROLE


@pytest.mark.parametrize("backend", [POSTGRES])
def test_the_wall_stands_again_after_an_error_in_a_door(
    database: Database, session: Session, clock: FrozenClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = create_case(session)
    body = session.scalars(select(Organisation.id)).first() or ""
    session.commit()
    monkeypatch.setattr(wall, "_caller", Always(Caller(organisation_id="another", clock=clock)))
    with database.writing() as asked:
        with pytest.raises(LookupError), beyond_the_wall(asked):
            raise LookupError
        assert asked.scalar(select(Case.id)) is None
        assert notes_of(asked, case.id, CaseNote.id.is_not(None)) == []
    monkeypatch.setattr(wall, "_caller", Always(Caller(organisation_id=body, clock=clock)))
    with database.writing() as asked:
        assert asked.scalar(select(Case.id)) == case.id
        with asked.begin_nested():
            assert asked.scalar(text("SELECT current_user")) == ROLE


def test_every_door_in_the_wall_is_known() -> None:
    found = Counter(
        path.relative_to(ROOT).as_posix()
        for path in ROOT.rglob("*.py")
        for _ in re.finditer(r"^\s+with beyond_the_wall\(session\):  # \w", path.read_text(), re.MULTILINE)
    )
    uses = Counter(
        path.relative_to(ROOT).as_posix()
        for path in ROOT.rglob("*.py")
        for _ in re.finditer(r"(?<!def )beyond_the_wall\(", path.read_text())
    )
    assert found == uses == DOORS


@pytest.mark.postgres
def test_a_user_of_the_database_who_may_not_make_the_role_is_told_what_to_do(postgres_url: str) -> None:
    kept = kept_connection(postgres_url)
    kept.execute("CREATE ROLE plain LOGIN; CREATE SCHEMA plain AUTHORIZATION plain")
    address = psycopg.conninfo.make_conninfo(postgres_url, user="plain", options="-csearch_path=plain")
    engine = create_engine("postgresql+psycopg://", creator=lambda: psycopg.connect(address))
    try:
        with engine.connect() as connection, pytest.raises(RoleMissing, match=f"GRANT {ROLE} TO plain"):
            raise_wall(connection)
        kept.execute(f"GRANT {ROLE} TO plain")
        with engine.connect() as connection:
            raise_wall(connection)
    finally:
        engine.dispose()
        kept.execute("DROP SCHEMA plain; DROP ROLE plain")


class Always:
    """A context variable that says the same wherever it is asked."""

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def get(self) -> Caller:
        return self._caller
