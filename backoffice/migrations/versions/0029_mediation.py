"""Mediators for services: requests, offers, hours, rosters; reminders to staff, who have no conversation."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from backoffice.database import UtcDateTime

revision = "0029"
down_revision = "0028"
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
    "training_changed", "permit_expires", "appointment_changed",
)  # fmt: skip
EVENTS_ADDED = ("mediation_changed", "mediation_confirmed")
REMINDERS_BEFORE = (
    "viewing_tomorrow", "viewing_soon", "tenancy_follow_up", "engagement_check", "care_interview_tomorrow",
    "care_interview_soon", "permit_expires", "appointment_tomorrow", "appointment_soon",
)  # fmt: skip
REMINDERS_ADDED = (
    "mediation_tomorrow", "mediation_soon", "mediation_staff_tomorrow", "mediation_staff_soon",
)  # fmt: skip
TABLES = (
    "mediation_budget",
    "mediator_absence",
    "mediator_profile",
    "mediator_roster",
    "mediation_conflict",
    "mediation_request",
    "mediation_offer",
    "mediation_step",
)
MUST = "conversation_id VARCHAR(36) NOT NULL"
MAY = "conversation_id VARCHAR(36)"


def upgrade() -> None:
    _allow("case_event", "kind", "case_event_kind", EVENTS_BEFORE + EVENTS_ADDED)
    _allow("reminder", "kind", "reminder_kind", REMINDERS_BEFORE + REMINDERS_ADDED)
    _alter_reminder("DROP NOT NULL", MUST, MAY)
    op.create_table(
        "mediation_budget",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("organisation_id", sa.String(length=36), nullable=False),
        sa.Column("asking_id", sa.String(length=36), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("quarters", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_by", sa.String(length=36), nullable=False),
        sa.CheckConstraint("quarters >= 0", name=op.f("ck_mediation_budget_quarters")),
        sa.ForeignKeyConstraint(
            ["asking_id"], ["organisation.id"], name=op.f("fk_mediation_budget_asking_id")
        ),
        sa.ForeignKeyConstraint(["changed_by"], ["staff.id"], name=op.f("fk_mediation_budget_changed_by")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_mediation_budget_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mediation_budget")),
        sa.UniqueConstraint(
            "organisation_id",
            "asking_id",
            "year",
            name=op.f("uq_mediation_budget_organisation_id_asking_id_year"),
        ),
    )
    op.create_table(
        "mediator_absence",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("staff_id", sa.String(length=36), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=False),
        sa.CheckConstraint("until_on >= from_on", name=op.f("ck_mediator_absence_ends_after_start")),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff.id"], name=op.f("fk_mediator_absence_staff_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mediator_absence")),
    )
    op.create_index(op.f("ix_mediator_absence_staff_id"), "mediator_absence", ["staff_id"])
    op.create_table(
        "mediator_profile",
        sa.Column("staff_id", sa.String(length=36), nullable=False),
        sa.Column("organisation_id", sa.String(length=36), nullable=False),
        sa.Column("varieties", sa.JSON(), nullable=False),
        sa.Column("levels", sa.JSON(), nullable=False),
        sa.Column("settings", sa.JSON(), nullable=False),
        sa.Column("modes", sa.JSON(), nullable=False),
        sa.Column("municipalities", sa.JSON(), nullable=False),
        sa.Column("certificate", sa.String(length=200)),
        sa.Column("most_hours_month", sa.Integer()),
        sa.Column("phone", sa.Text()),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_mediator_profile_organisation_id")
        ),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff.id"], name=op.f("fk_mediator_profile_staff_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("staff_id", name=op.f("pk_mediator_profile")),
    )
    op.create_index(op.f("ix_mediator_profile_organisation_id"), "mediator_profile", ["organisation_id"])
    op.create_table(
        "mediator_roster",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("staff_id", sa.String(length=36), nullable=False),
        sa.Column("weekday", sa.Integer(), nullable=False),
        sa.Column("begins", sa.Time(), nullable=False),
        sa.Column("ends", sa.Time(), nullable=False),
        sa.CheckConstraint("begins < ends", name=op.f("ck_mediator_roster_begins_before_it_ends")),
        sa.CheckConstraint("weekday BETWEEN 0 AND 6", name=op.f("ck_mediator_roster_weekday")),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff.id"], name=op.f("fk_mediator_roster_staff_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mediator_roster")),
        sa.UniqueConstraint(
            "staff_id", "weekday", "begins", name=op.f("uq_mediator_roster_staff_id_weekday_begins")
        ),
    )
    op.create_table(
        "mediation_conflict",
        sa.Column("case_id", sa.String(length=36), nullable=False),
        sa.Column("staff_id", sa.String(length=36), nullable=False),
        sa.Column("stated_by", sa.String(length=36), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"], ["case_record.id"], name=op.f("fk_mediation_conflict_case_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff.id"], name=op.f("fk_mediation_conflict_staff_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["stated_by"], ["staff.id"], name=op.f("fk_mediation_conflict_stated_by")),
        sa.PrimaryKeyConstraint("case_id", "staff_id", name=op.f("pk_mediation_conflict")),
    )
    op.create_table(
        "mediation_request",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("organisation_id", sa.String(length=36), nullable=False),
        sa.Column("asking_id", sa.String(length=36), nullable=False),
        sa.Column("asked_by", sa.String(length=36), nullable=False),
        sa.Column("case_id", sa.String(length=36)),
        sa.Column(
            "state",
            _enum(
                "mediation_state",
                "draft",
                "requested",
                "approved",
                "refused",
                "assigned",
                "done",
                "no_show",
                "cancelled",
                "cancelled_late",
                "disputed",
                "confirmed",
            ),
            nullable=False,
        ),
        sa.Column("state_since", UtcDateTime(), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("variety", sa.String(length=40)),
        sa.Column(
            "setting",
            _enum("mediation_setting", "social", "health", "school", "housing", "care", "other"),
            nullable=False,
        ),
        sa.Column("mode", _enum("mediation_mode", "presence", "phone", "video", "chat"), nullable=False),
        sa.Column("municipality", sa.String(length=80)),
        sa.Column("place", sa.Text()),
        sa.Column("starts_at", UtcDateTime(), nullable=False),
        sa.Column("is_latest", sa.Boolean(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("gender_wished", _enum("mediation_gender", "woman", "man")),
        sa.Column("topic", sa.Text()),
        sa.Column("contact", sa.Text()),
        sa.Column("urgent", sa.Boolean(), nullable=False),
        sa.Column("confidential", sa.Boolean(), nullable=False),
        sa.Column(
            "refusal",
            _enum(
                "mediation_refusal", "no_mediator", "no_hours_left", "setting_not_served", "too_late", "other"
            ),
        ),
        sa.Column("decided_by", sa.String(length=36)),
        sa.Column("mediator_id", sa.String(length=36)),
        sa.Column("worked_quarters", sa.Integer()),
        sa.Column("travel_quarters", sa.Integer()),
        sa.Column("report", sa.Text()),
        sa.Column("follow_up_wanted", sa.Boolean()),
        sa.Column("missing", _enum("mediation_missing", "person", "service", "mediator")),
        sa.Column("disputed_words", sa.Text()),
        sa.Column("confirmed_by", sa.String(length=36)),
        sa.Column("calendar_sequence", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint(
            "(state = 'refused') = (refusal IS NOT NULL)",
            name=op.f("ck_mediation_request_refused_with_reason"),
        ),
        sa.CheckConstraint("minutes BETWEEN 15 AND 480", name=op.f("ck_mediation_request_minutes")),
        sa.ForeignKeyConstraint(["asked_by"], ["staff.id"], name=op.f("fk_mediation_request_asked_by")),
        sa.ForeignKeyConstraint(
            ["asking_id"], ["organisation.id"], name=op.f("fk_mediation_request_asking_id")
        ),
        sa.ForeignKeyConstraint(
            ["case_id"], ["case_record.id"], name=op.f("fk_mediation_request_case_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["confirmed_by"], ["staff.id"], name=op.f("fk_mediation_request_confirmed_by")
        ),
        sa.ForeignKeyConstraint(["decided_by"], ["staff.id"], name=op.f("fk_mediation_request_decided_by")),
        sa.ForeignKeyConstraint(["mediator_id"], ["staff.id"], name=op.f("fk_mediation_request_mediator_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_mediation_request_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mediation_request")),
    )
    op.create_index("ix_mediation_request_asking", "mediation_request", ["asking_id", "created_at", "id"])
    op.create_index(op.f("ix_mediation_request_case_id"), "mediation_request", ["case_id"])
    op.create_index(op.f("ix_mediation_request_mediator_id"), "mediation_request", ["mediator_id"])
    op.create_index(
        "ix_mediation_request_state", "mediation_request", ["organisation_id", "state", "starts_at"]
    )
    op.create_table(
        "mediation_offer",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("request_id", sa.String(length=36), nullable=False),
        sa.Column("staff_id", sa.String(length=36), nullable=False),
        sa.Column(
            "state",
            _enum("mediation_offer_state", "offered", "accepted", "declined", "expired", "taken"),
            nullable=False,
        ),
        sa.Column("reasons", sa.JSON(), nullable=False),
        sa.Column("because", _enum("mediation_decline", "no_time", "too_far", "topic", "conflict", "other")),
        sa.Column("until", UtcDateTime(), nullable=False),
        sa.Column("offered_by", sa.String(length=36), nullable=False),
        sa.Column("offered_at", UtcDateTime(), nullable=False),
        sa.Column("answered_at", UtcDateTime()),
        sa.Column("told_at", UtcDateTime()),
        sa.ForeignKeyConstraint(
            ["request_id"],
            ["mediation_request.id"],
            name=op.f("fk_mediation_offer_request_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_mediation_offer_staff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mediation_offer")),
        sa.UniqueConstraint("request_id", "staff_id", name=op.f("uq_mediation_offer_request_id_staff_id")),
    )
    op.create_index("ix_mediation_offer_staff", "mediation_offer", ["staff_id", "state"])
    op.create_index("ix_mediation_offer_told", "mediation_offer", ["told_at"])
    op.create_index("ix_mediation_offer_until", "mediation_offer", ["state", "until"])
    op.create_index(
        "uq_mediation_offer_accepted",
        "mediation_offer",
        ["request_id"],
        unique=True,
        sqlite_where=sa.text("state = 'accepted'"),
        postgresql_where=sa.text("state = 'accepted'"),
    )
    op.create_table(
        "mediation_step",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("request_id", sa.String(length=36), nullable=False),
        sa.Column("before", sa.String(length=30)),
        sa.Column("after", sa.String(length=30), nullable=False),
        sa.Column("actor", sa.String(length=36), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("told_at", UtcDateTime()),
        sa.ForeignKeyConstraint(
            ["request_id"],
            ["mediation_request.id"],
            name=op.f("fk_mediation_step_request_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mediation_step")),
    )
    op.create_index("ix_mediation_step_told", "mediation_step", ["told_at"])
    op.create_index(op.f("ix_mediation_step_request_id"), "mediation_step", ["request_id"])


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
    _forget("reminder", REMINDERS_ADDED)
    _alter_reminder("SET NOT NULL", MAY, MUST)
    _allow("reminder", "kind", "reminder_kind", REMINDERS_BEFORE)
    _forget("case_event", EVENTS_ADDED)
    _allow("case_event", "kind", "case_event_kind", EVENTS_BEFORE)


def _enum(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=30)


def _forget(table: str, kinds: tuple[str, ...]) -> None:
    listed = ", ".join(f"'{kind}'" for kind in kinds)
    op.execute(f"DELETE FROM {table} WHERE kind IN ({listed})")  # noqa: S608  (our own names)


def _allow(table: str, column: str, check: str, values: tuple[str, ...]) -> None:
    """Replace the list of values of a column."""
    constraint, listed = f"ck_{table}_{check}", ", ".join(f"'{value}'" for value in values)
    if op.get_bind().dialect.name != "sqlite":
        op.execute(f"ALTER TABLE {table} DROP CONSTRAINT {constraint}")
        op.execute(f"ALTER TABLE {table} ADD CONSTRAINT {constraint} CHECK ({column} IN ({listed}))")
        return
    made = _sql_of(table)
    before, found, rest = made.partition(f"CONSTRAINT {constraint} CHECK (")
    _old, _end, after = rest.partition("))")
    _write_sql(table, made, f"{before}{found}{column} IN ({listed})){after}")


def _alter_reminder(change: str, before: str, after: str) -> None:
    """Let a reminder be without a conversation, or no longer."""
    if op.get_bind().dialect.name != "sqlite":
        op.execute(f"ALTER TABLE reminder ALTER COLUMN conversation_id {change}")
        return
    made = _sql_of("reminder")
    _write_sql("reminder", made, made.replace(f"{before},", f"{after},"))


def _sql_of(table: str) -> str:
    statement = sa.text("SELECT sql FROM sqlite_master WHERE type = 'table' AND name = :name")
    return str(op.get_bind().execute(statement, {"name": table}).scalar_one())


def _write_sql(table: str, before: str, after: str) -> None:
    """Change the text of the schema in SQLite, as its own documentation has it for a check and a NOT NULL.

    Writing the table again would empty what points at its rows.
    """
    if before == after:
        raise RuntimeError(f"{table} is not as it was expected")
    connection = op.get_bind()
    version = connection.execute(sa.text("PRAGMA schema_version")).scalar_one()
    connection.execute(sa.text("PRAGMA writable_schema = ON"))
    connection.execute(
        sa.text("UPDATE sqlite_master SET sql = :after WHERE type = 'table' AND name = :name"),
        {"after": after, "name": table},
    )
    connection.execute(sa.text(f"PRAGMA schema_version = {version + 1}"))
    connection.execute(sa.text("PRAGMA writable_schema = OFF"))
