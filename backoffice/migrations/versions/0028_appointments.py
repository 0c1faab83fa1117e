"""Appointments: desks with their hours, who comes when, and who waits for one."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from backoffice.database import UtcDateTime

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

EVENTS_BEFORE = (
    "opened", "moved", "closed", "reopened", "assigned", "noted", "needs_changed", "municipality_changed",
    "urgency_changed", "outcome_set", "ground_set", "accepted", "interviewed", "reviewed",
    "coworker_added", "coworker_removed", "linked", "goal_added", "goal_changed", "action_added",
    "action_changed", "action_overdue", "plan_agreed", "check_planned", "check_done", "check_overdue",
    "document_added", "document_removed", "intake_changed", "search_moved", "match_changed",
    "viewing_changed", "checklist_changed", "checklist_overdue", "tenancy_changed", "worker_moved",
    "worker_changed", "request_moved", "care_match_changed", "engagement_changed", "engagement_overdue",
    "training_changed", "permit_expires",
)  # fmt: skip
EVENTS = (*EVENTS_BEFORE, "appointment_changed")
REMINDERS_BEFORE = (
    "viewing_tomorrow", "viewing_soon", "tenancy_follow_up", "engagement_check", "care_interview_tomorrow",
    "care_interview_soon", "permit_expires",
)  # fmt: skip
REMINDERS = (*REMINDERS_BEFORE, "appointment_tomorrow", "appointment_soon")
TABLES = (
    "appointment_desk",
    "appointment_hours",
    "appointment_exception",
    "appointment",
    "appointment_waiting",
)


def upgrade() -> None:
    _allow("case_event", "kind", "case_event_kind", EVENTS)
    _allow("reminder", "kind", "reminder_kind", REMINDERS)
    _create_desks()
    op.create_table(
        "appointment",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("organisation_id", sa.String(length=36), nullable=False),
        sa.Column("desk_id", sa.String(length=36), nullable=False),
        sa.Column("person_id", sa.String(length=36), nullable=False),
        sa.Column("case_id", sa.String(length=36)),
        sa.Column("conversation_id", sa.String(length=36)),
        sa.Column("starts_at", UtcDateTime(), nullable=False),
        sa.Column("ends_at", UtcDateTime(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            _enum("appointment_state", "booked", "moved", "cancelled", "done", "no_show"),
            nullable=False,
        ),
        sa.Column("topic", sa.String(length=40), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("interpreter", sa.String(length=2)),
        sa.Column("moved_to_id", sa.String(length=36)),
        sa.Column("cancelled_reason", sa.Text()),
        sa.Column("note", sa.Text()),
        sa.Column("calendar_link", sa.Text()),
        sa.Column("calendar_sha256", sa.String(length=64)),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_by", sa.String(length=36), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_appointment_ends_after_start")),
        sa.ForeignKeyConstraint(
            ["case_id"], ["case_record.id"], name=op.f("fk_appointment_case_id"), ondelete="SET NULL"
        ),
        _reference("appointment", "organisation_id", "organisation"),
        _reference("appointment", "desk_id", "appointment_desk"),
        _reference("appointment", "person_id", "person"),
        _reference("appointment", "conversation_id", "conversation"),
        _reference("appointment", "moved_to_id", "appointment"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appointment")),
        sa.UniqueConstraint("calendar_sha256", name=op.f("uq_appointment_calendar_sha256")),
    )
    is_booked = sa.text("state = 'booked'")
    op.create_index(
        "uq_appointment_place",
        "appointment",
        ["desk_id", "starts_at", "place"],
        unique=True,
        sqlite_where=is_booked,
        postgresql_where=is_booked,
    )
    op.create_index("ix_appointment_person_state", "appointment", ["person_id", "state", "starts_at"])
    op.create_index("ix_appointment_desk_day", "appointment", ["desk_id", "starts_at"])
    for column in ("person_id", "case_id", "conversation_id"):
        op.create_index(op.f(f"ix_appointment_{column}"), "appointment", [column])
    op.create_table(
        "appointment_waiting",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("organisation_id", sa.String(length=36), nullable=False),
        sa.Column("desk_id", sa.String(length=36)),
        sa.Column("person_id", sa.String(length=36), nullable=False),
        sa.Column("conversation_id", sa.String(length=36)),
        sa.Column("topic", sa.String(length=40), nullable=False),
        sa.Column("since", UtcDateTime(), nullable=False),
        sa.Column("offered_at", UtcDateTime()),
        sa.Column("offered_starts_at", UtcDateTime()),
        sa.Column("offer_until", UtcDateTime()),
        sa.Column("ended_at", UtcDateTime()),
        sa.Column("end_reason", _enum("appointment_wait_end", "booked", "given_up", "no_answer")),
        sa.CheckConstraint(
            "(ended_at IS NULL) = (end_reason IS NULL)", name=op.f("ck_appointment_waiting_ended_with_reason")
        ),
        _reference("appointment_waiting", "organisation_id", "organisation"),
        _reference("appointment_waiting", "desk_id", "appointment_desk"),
        _reference("appointment_waiting", "person_id", "person"),
        _reference("appointment_waiting", "conversation_id", "conversation"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appointment_waiting")),
    )
    op.create_index(
        "ix_appointment_waiting_open", "appointment_waiting", ["organisation_id", "ended_at", "since"]
    )
    for column in ("person_id", "conversation_id"):
        op.create_index(op.f(f"ix_appointment_waiting_{column}"), "appointment_waiting", [column])


def _create_desks() -> None:
    op.create_table(
        "appointment_desk",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("organisation_id", sa.String(length=36), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("address", sa.String(length=300), nullable=False),
        sa.Column("municipality", sa.String(length=80)),
        sa.Column("phone", sa.String(length=40)),
        sa.Column("languages", sa.JSON(), nullable=False),
        sa.Column("topics", sa.JSON(), nullable=False),
        sa.Column("slot_minutes", sa.Integer(), nullable=False),
        sa.Column("places", sa.Integer(), nullable=False),
        sa.Column("step_free", sa.Boolean()),
        sa.Column("is_open", sa.Boolean(), nullable=False),
        sa.Column("source", sa.String(length=300)),
        sa.Column("verified_on", sa.Date()),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_by", sa.String(length=36), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("slot_minutes BETWEEN 5 AND 240", name=op.f("ck_appointment_desk_slot_minutes")),
        sa.CheckConstraint("places BETWEEN 1 AND 20", name=op.f("ck_appointment_desk_places")),
        _reference("appointment_desk", "organisation_id", "organisation"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appointment_desk")),
    )
    op.create_index(op.f("ix_appointment_desk_organisation_id"), "appointment_desk", ["organisation_id"])
    op.create_table(
        "appointment_hours",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("desk_id", sa.String(length=36), nullable=False),
        sa.Column("weekday", sa.Integer(), nullable=False),
        sa.Column("opens", sa.Time(), nullable=False),
        sa.Column("closes", sa.Time(), nullable=False),
        sa.Column("valid_from", sa.Date()),
        sa.Column("valid_to", sa.Date()),
        sa.CheckConstraint("weekday BETWEEN 0 AND 6", name=op.f("ck_appointment_hours_weekday")),
        sa.CheckConstraint("opens < closes", name=op.f("ck_appointment_hours_opens_before_it_closes")),
        _of_desk("appointment_hours"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appointment_hours")),
    )
    op.create_index(op.f("ix_appointment_hours_desk_id"), "appointment_hours", ["desk_id"])
    op.create_table(
        "appointment_exception",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("desk_id", sa.String(length=36), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("opens", sa.Time()),
        sa.Column("closes", sa.Time()),
        sa.Column("reason", sa.String(length=200)),
        sa.CheckConstraint(
            "(opens IS NULL) = (closes IS NULL)", name=op.f("ck_appointment_exception_closed_or_hours")
        ),
        _of_desk("appointment_exception"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appointment_exception")),
        sa.UniqueConstraint(
            "desk_id", "day", "opens", name=op.f("uq_appointment_exception_desk_id_day_opens")
        ),
    )
    op.create_index(op.f("ix_appointment_exception_desk_id"), "appointment_exception", ["desk_id"])


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
    added = ", ".join(f"'{kind}'" for kind in EVENTS if kind not in EVENTS_BEFORE)
    op.execute(f"DELETE FROM case_event WHERE kind IN ({added})")  # noqa: S608  (our own names)
    _allow("case_event", "kind", "case_event_kind", EVENTS_BEFORE)
    added = ", ".join(f"'{kind}'" for kind in REMINDERS if kind not in REMINDERS_BEFORE)
    op.execute(f"DELETE FROM reminder WHERE kind IN ({added})")  # noqa: S608  (our own names)
    _allow("reminder", "kind", "reminder_kind", REMINDERS_BEFORE)


def _reference(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}"))


def _of_desk(table: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_desk_id")
    return sa.ForeignKeyConstraint(["desk_id"], ["appointment_desk.id"], name=name, ondelete="CASCADE")


def _enum(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=30)


def _allow(table: str, column: str, check: str, values: tuple[str, ...]) -> None:
    """Replace the list of values of a column. SQLite cannot: there the table is written again, as it stands."""
    constraint, listed = f"ck_{table}_{check}", ", ".join(f"'{value}'" for value in values)
    if op.get_bind().dialect.name != "sqlite":
        op.execute(f"ALTER TABLE {table} DROP CONSTRAINT {constraint}")
        op.execute(f"ALTER TABLE {table} ADD CONSTRAINT {constraint} CHECK ({column} IN ({listed}))")
        return
    connection = op.get_bind()
    rows = connection.execute(
        sa.text("SELECT type, sql FROM sqlite_master WHERE tbl_name = :name AND sql IS NOT NULL"),
        {"name": table},
    ).all()
    (made,) = [sql for kind, sql in rows if kind == "table"]
    others = [sql for kind, sql in rows if kind != "table"]
    before, found, rest = made.partition(f"CONSTRAINT {constraint} CHECK (")
    if not found:
        raise RuntimeError(f"{table} has no check {constraint}")
    _old, _end, after = rest.partition("))")
    made = f"{before}{found}{column} IN ({listed})){after}"
    head, _name, body = made.partition(table)
    connection.execute(sa.text(f"{head}{table}_anew{body}".replace('"' + table + '_anew"', table + "_anew")))
    connection.execute(sa.text(f"INSERT INTO {table}_anew SELECT * FROM {table}"))  # noqa: S608  (our own names)
    connection.execute(sa.text(f"DROP TABLE {table}"))
    connection.execute(sa.text(f"ALTER TABLE {table}_anew RENAME TO {table}"))
    for sql in others:
        connection.execute(sa.text(sql))
