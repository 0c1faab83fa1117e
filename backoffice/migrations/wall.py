"""The policies of the second wall (`backoffice/wall.py`), and how they are put up and taken down.

A policy looks at bodies, not at roles or parts: a row is there for staff whose body is responsible for its
case, was offered or given it, or was asked for a mediator for it, and for who opened it in need. It is one
text for reading and writing. Each has the cheap answer first: for rows of the own body nothing else is
looked up.

Migrations call `raise_wall`, so does whoever makes the tables from the models (`backoffice/tables.py`), and
so does each upgrade: a backup carries neither the role nor its grants. A table that is not there yet is
passed over. Before a migration alters the type of a column that is named here it has to call `lower_wall`.
"""

from __future__ import annotations

import hashlib

from sqlalchemy import Connection, inspect, text
from sqlalchemy.exc import ProgrammingError

from backoffice.wall import ROLE

_BODY = "(SELECT current_setting('sportello.body', true))"
_STAFF = "(SELECT current_setting('sportello.staff', true))"
_AT = "(SELECT nullif(current_setting('sportello.at', true), '')::timestamptz)"

_CASE = f"""
    organisation_id = {_BODY}
    OR EXISTS (
        SELECT FROM share s WHERE s.case_id = case_record.id AND s.organisation_id = {_BODY}
        AND s.state IN ('offered', 'accepted') AND s.until > {_AT}
    )
    OR EXISTS (
        SELECT FROM break_glass b WHERE b.case_id = case_record.id AND b.staff_id = {_STAFF}
        AND b.until > {_AT}
    )
    OR EXISTS (
        SELECT FROM mediation_request m WHERE m.case_id = case_record.id AND m.organisation_id = {_BODY}
        AND m.state <> 'draft'
    )
"""  # noqa: S608 (nothing that anybody sent)

_OWN_CASE = f"sportello_is_case_of(case_id, {_BODY})"
"""Asked of a function: a policy on `share` that looked at `case_record` would go round in a circle."""

_BY_OWN_STAFF = f"author_id IN (SELECT id FROM staff WHERE organisation_id = {_BODY})"  # noqa: S608


def _through(column: str, table: str, key: str = "id") -> str:
    """Return the condition that the row which a column points to is there: its own policy says so.

    Not by EXISTS: for a list that ends after some rows PostgreSQL would still gather all cases of the body.
    """
    return f"(SELECT true FROM {table} above WHERE above.{key} = {column})"  # noqa: S608


def _of_body(*columns: str) -> str:
    return " OR ".join(f"{column} = {_BODY}" for column in columns)


_ON_CASE = (
    "accompaniment_step",
    "care_absence",
    "care_available_time",
    "care_enrolment",
    "care_request",
    "care_request_step",
    "care_work_period",
    "care_worker",
    "care_worker_reference",
    "care_worker_skill",
    "care_worker_step",
    "care_worker_trait",
    "case_answer_choice",
    "case_answers",
    "case_coworker",
    "case_document",
    "case_event",
    "case_link",
    "case_progress",
    "eligibility_proof",
    "follow_up_check",
    "housing_match",
    "housing_need",
    "plan_action",
    "plan_goal",
    "search_step",
    "tenancy",
    "viewing",
)
"""Tables that are of one case: a row is there where its case is."""

_THROUGH = {
    "care_attendance": ("enrolment_id", "care_enrolment"),
    "care_match_event": ("match_id", "care_match"),
    "engagement_check": ("engagement_id", "engagement"),
    "engagement_event": ("engagement_id", "engagement"),
    "engagement_step": ("engagement_id", "engagement"),
    "engagement_terms": ("engagement_id", "engagement"),
    "family_link": ("request_id", "case_record"),
    "housing_hold": ("match_id", "housing_match"),
    "match_event": ("match_id", "housing_match"),
    "owner_link": ("match_id", "housing_match"),
    "payslip_check": ("engagement_id", "engagement"),
    "share_part": ("share_id", "share"),
}
"""Tables whose rows are there where the row above them is."""

POLICIES: dict[str, str] = {
    "case_record": _CASE,
    **{table: _through(f"{table}.case_id", "case_record") for table in _ON_CASE},
    "case_note": f"{_through('case_note.case_id', 'case_record')} OR {_BY_OWN_STAFF}",
    "share": f"{_of_body('organisation_id', 'from_organisation_id')} OR {_OWN_CASE}",
    **{table: _of_body("organisation_id") for table in ("care_match", "engagement")},
    **{table: _through(f"{table}.{column}", above) for table, (column, above) in _THROUGH.items()},
    "break_glass": f"staff_id = {_STAFF} OR {_of_body('organisation_id')} OR {_OWN_CASE}",
}
"""By table: the condition under which a row of it is there for staff."""

LEFT_OUT = (
    "appointment",
    "listing",
    "mediation_conflict",
    "mediation_request",
    "refused_care_wish",
    "reminder",
)
"""Tables that name a case and stand outside, being of a body first: decision 0017 says what is left."""

_POLICY = "bodies"

_MAKE_ROLE = f"CREATE ROLE {ROLE} NOLOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS"

_FUNCTION = """
    CREATE OR REPLACE FUNCTION sportello_is_case_of(asked text, body text) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path FROM CURRENT
    AS 'SELECT EXISTS (SELECT FROM case_record WHERE id = asked AND organisation_id = body)'
"""


class RoleMissing(RuntimeError):
    """The role of the wall is not there, and the database's user may not make it."""

    def __init__(self, user: str) -> None:
        super().__init__(
            f"The database's user may not make the role of staff. Once, as an administrator of the server:\n"
            f"    {_MAKE_ROLE};\n    GRANT {ROLE} TO {user};"
        )


def raise_wall(connection: Connection) -> None:
    """Put the wall up, or set right what of it is missing. Nothing on SQLite.

    Raises:
        RoleMissing: there is no such role, and it could not be made.
    """
    if connection.dialect.name != "postgresql":
        return
    _have_role(connection)
    there = set(inspect(connection).get_table_names())
    if not {"case_record", "share", "break_glass", "mediation_request"} <= there:
        return
    schema = connection.scalar(text("SELECT quote_ident(current_schema())"))
    for granted in (
        f"USAGE ON SCHEMA {schema}",
        f"SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {schema}",
        f"USAGE, SELECT ON ALL SEQUENCES IN SCHEMA {schema}",
    ):
        connection.execute(text(f"GRANT {granted} TO {ROLE}"))
    for kind, rights in (("TABLES", "SELECT, INSERT, UPDATE, DELETE"), ("SEQUENCES", "USAGE, SELECT")):
        connection.execute(
            text(f"ALTER DEFAULT PRIVILEGES IN SCHEMA {schema} GRANT {rights} ON {kind} TO {ROLE}")
        )
    connection.execute(text(_FUNCTION))
    standing = _standing(connection)
    for table, condition in POLICIES.items():
        if table in there and standing.get(table) != _mark(condition):
            connection.execute(text(f"DROP POLICY IF EXISTS {_POLICY} ON {table}"))
            connection.exec_driver_sql(f"CREATE POLICY {_POLICY} ON {table} USING ({condition})")
            connection.execute(text(f"COMMENT ON POLICY {_POLICY} ON {table} IS '{_mark(condition)}'"))
            connection.execute(text(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY"))


def lower_wall(connection: Connection) -> None:
    """Take the wall down. The role stays: it is the server's, and other databases may use it."""
    if connection.dialect.name != "postgresql":
        return
    there = set(inspect(connection).get_table_names())
    for table in POLICIES:
        if table in there:
            connection.execute(text(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY"))
            connection.execute(text(f"DROP POLICY IF EXISTS {_POLICY} ON {table}"))
    connection.execute(text("DROP FUNCTION IF EXISTS sportello_is_case_of(text, text)"))


def _have_role(connection: Connection) -> None:
    """Make the role if it is not there, and make sure that the database's user can act in it."""
    user = connection.scalar(text("SELECT quote_ident(current_user)"))
    made = f"DO $$ BEGIN {_MAKE_ROLE}; EXCEPTION WHEN duplicate_object THEN NULL; END $$"
    try:
        if connection.scalar(text("SELECT true FROM pg_roles WHERE rolname = :role"), {"role": ROLE}) is None:
            with connection.begin_nested():
                connection.exec_driver_sql(made)
        if not _can_act_in_it(connection):
            with connection.begin_nested():
                connection.exec_driver_sql(f"GRANT {ROLE} TO CURRENT_USER")
            if not _can_act_in_it(connection):
                raise RoleMissing(str(user))
    except ProgrammingError as refused:
        raise RoleMissing(str(user)) from refused


def _can_act_in_it(connection: Connection) -> bool:
    """Tell by trying: who made a role is not always let act in it, which not all versions can tell."""
    trial = connection.begin_nested()
    try:
        connection.exec_driver_sql(f"SET LOCAL ROLE {ROLE}")
    except ProgrammingError:
        return False
    finally:
        trial.rollback()
    return True


def _standing(connection: Connection) -> dict[str, str]:
    """Return the marks of the policies that stand, by table."""
    rows = connection.execute(
        text(
            "SELECT c.relname, obj_description(p.oid, 'pg_policy') FROM pg_policy p "
            "JOIN pg_class c ON c.oid = p.polrelid WHERE p.polname = :name AND c.relrowsecurity "
            "AND c.relnamespace = current_schema()::regnamespace"
        ),
        {"name": _POLICY},
    )
    return {row[0]: row[1] for row in rows}


def _mark(condition: str) -> str:
    """Return by what the text of a policy is known again: PostgreSQL keeps its own wording of it."""
    return hashlib.sha256(condition.encode()).hexdigest()[:16]
