"""Case work: what each phase needs, plan, documents, follow-up checks, notes with kind and language."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from backoffice.database import UtcDateTime

revision = "0008"
down_revision = "0009"
branch_labels = None
depends_on = None

EVENTS_BEFORE = (
    "opened",
    "moved",
    "closed",
    "reopened",
    "assigned",
    "noted",
    "needs_changed",
    "municipality_changed",
)
EVENTS = (
    *EVENTS_BEFORE, "urgency_changed", "outcome_set", "ground_set", "accepted", "interviewed", "reviewed",
    "coworker_added", "coworker_removed", "linked", "goal_added", "goal_changed", "action_added",
    "action_changed", "action_overdue", "plan_agreed", "check_planned", "check_done", "check_overdue",
    "document_added", "document_removed",
)  # fmt: skip
NOTES_BEFORE = ("internal", "shared")
NOTES = (*NOTES_BEFORE, "cultural")

# Written out, since SQLite adds a column in place only with its check inside.
ADDED = {
    "case_record": {"version": "INTEGER DEFAULT 0 NOT NULL"},
    "case_note": {
        "contact": "VARCHAR(30) CONSTRAINT ck_case_note_note_contact CHECK (contact IN ('interview', 'phone', 'visit', 'other'))",
        "language": "VARCHAR(2)",
    },
    "attachment": {"is_document": "BOOLEAN DEFAULT false NOT NULL"},
}
TABLES = (
    "case_document", "case_link", "case_coworker", "follow_up_check", "plan_action", "plan_goal", "case_progress"
)  # fmt: skip


def upgrade() -> None:
    for table, columns in ADDED.items():
        for name, kind in columns.items():
            op.execute(f"ALTER TABLE {table} ADD COLUMN {name} {kind}")
    _allow("case_event", "kind", "case_event_kind", EVENTS)
    _allow("case_note", "kind", "note_kind", NOTES)
    op.execute(
        "UPDATE case_record SET version = COALESCE("
        "(SELECT MAX(id) FROM case_event WHERE case_event.case_id = case_record.id), 0)"
    )
    op.create_table(
        "case_progress",
        sa.Column("case_id", sa.String(length=36), nullable=False),
        sa.Column(
            "outcome", _enum("reception_outcome", "answered", "referred", "to_take_charge", "lost_contact")
        ),
        sa.Column(
            "ground", _enum("charge_ground", "law", "urgent_protection", "public_task", "oral_consent")
        ),
        sa.Column("ground_words", sa.Text()),
        sa.Column("accepted_by", sa.String(length=36)),
        sa.Column("accepted_at", UtcDateTime()),
        sa.Column("interviewed_on", sa.Date()),
        sa.Column("agreed_on", sa.Date()),
        sa.Column("agreed_language", sa.String(length=2)),
        sa.Column("agreed_how", _enum("agreement_form", "signature", "oral", "chat")),
        sa.Column("mediator_present", sa.Boolean()),
        sa.Column("review", sa.Text()),
        sa.Column("reviewed_by", sa.String(length=36)),
        sa.Column("reviewed_at", UtcDateTime()),
        _of_case("case_progress"),
        _of_staff("case_progress", "accepted_by"),
        _of_staff("case_progress", "reviewed_by"),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_case_progress")),
    )
    op.create_table(
        "plan_goal",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("case_id", sa.String(length=36), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("measure", sa.Text()),
        sa.Column("outcome", sa.Text()),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_by", sa.String(length=36), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        _of_case("plan_goal"),
        _of_staff("plan_goal", "created_by"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_goal")),
    )
    op.create_index(op.f("ix_plan_goal_case_id"), "plan_goal", ["case_id"])
    op.create_table(
        "plan_action",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("case_id", sa.String(length=36), nullable=False),
        sa.Column("goal_id", sa.String(length=36), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("organisation_id", sa.String(length=36), nullable=False),
        sa.Column("operator_id", sa.String(length=36)),
        sa.Column("due_on", sa.Date()),
        sa.Column(
            "state", _enum("action_state", "todo", "doing", "done", "dropped", "moved"), nullable=False
        ),
        sa.Column("outcome", sa.Text()),
        sa.Column("overdue_told_at", UtcDateTime()),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_by", sa.String(length=36), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        _of_case("plan_action"),
        sa.ForeignKeyConstraint(
            ["goal_id"], ["plan_goal.id"], name=op.f("fk_plan_action_goal_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_plan_action_organisation_id")
        ),
        _of_staff("plan_action", "operator_id"),
        _of_staff("plan_action", "created_by"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_action")),
    )
    op.create_index(op.f("ix_plan_action_case_id"), "plan_action", ["case_id"])
    op.create_index("ix_plan_action_open", "plan_action", ["state", "due_on"])
    op.create_table(
        "follow_up_check",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("case_id", sa.String(length=36), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("done_on", sa.Date()),
        sa.Column("done_by", sa.String(length=36)),
        sa.Column("outcome", sa.Text()),
        sa.Column("overdue_told_at", UtcDateTime()),
        _of_case("follow_up_check"),
        _of_staff("follow_up_check", "done_by"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_follow_up_check")),
    )
    op.create_index(op.f("ix_follow_up_check_case_id"), "follow_up_check", ["case_id"])
    op.create_index("ix_follow_up_check_open", "follow_up_check", ["done_on", "due_on"])
    op.create_table(
        "case_coworker",
        sa.Column("case_id", sa.String(length=36), nullable=False),
        sa.Column("staff_id", sa.String(length=36), nullable=False),
        sa.Column("added_by", sa.String(length=36), nullable=False),
        sa.Column("added_at", UtcDateTime(), nullable=False),
        _of_case("case_coworker"),
        _of_staff("case_coworker", "staff_id"),
        _of_staff("case_coworker", "added_by"),
        sa.PrimaryKeyConstraint("case_id", "staff_id", name=op.f("pk_case_coworker")),
    )
    op.create_index(op.f("ix_case_coworker_staff_id"), "case_coworker", ["staff_id"])
    op.create_table(
        "case_link",
        sa.Column("case_id", sa.String(length=36), nullable=False),
        sa.Column("other_id", sa.String(length=36), nullable=False),
        sa.Column("linked_by", sa.String(length=36), nullable=False),
        sa.Column("linked_at", UtcDateTime(), nullable=False),
        _of_case("case_link"),
        sa.ForeignKeyConstraint(
            ["other_id"], ["case_record.id"], name=op.f("fk_case_link_other_id"), ondelete="CASCADE"
        ),
        _of_staff("case_link", "linked_by"),
        sa.PrimaryKeyConstraint("case_id", "other_id", name=op.f("pk_case_link")),
    )
    op.create_index(op.f("ix_case_link_other_id"), "case_link", ["other_id"])
    op.create_table(
        "case_document",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("case_id", sa.String(length=36), nullable=False),
        sa.Column("attachment_id", sa.String(length=36), nullable=False),
        sa.Column(
            "kind",
            _enum(
                "document_kind", "permit", "passport", "codice_fiscale", "isee", "pay_slip", "contract",
                "hosting_declaration", "certificate", "other",
            ),
            nullable=False,
        ),
        sa.Column("title", sa.Text()),
        sa.Column("expires_on", sa.Date()),
        sa.Column("seen_in_original", sa.Boolean(), nullable=False),
        sa.Column("is_from_chat", sa.Boolean(), nullable=False),
        sa.Column("added_by", sa.String(length=36), nullable=False),
        sa.Column("added_at", UtcDateTime(), nullable=False),
        _of_case("case_document"),
        sa.ForeignKeyConstraint(["attachment_id"], ["attachment.id"], name=op.f("fk_case_document_attachment_id")),
        _of_staff("case_document", "added_by"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_document")),
        sa.UniqueConstraint("case_id", "attachment_id", name=op.f("uq_case_document_case_id_attachment_id")),
    )  # fmt: skip
    op.create_index(op.f("ix_case_document_attachment_id"), "case_document", ["attachment_id"])
    op.create_index("ix_case_document_expires_on", "case_document", ["expires_on"])


def downgrade() -> None:
    for table in TABLES:
        op.drop_table(table)
    new = ", ".join(f"'{kind}'" for kind in EVENTS if kind not in EVENTS_BEFORE)
    op.execute(f"DELETE FROM case_event WHERE kind IN ({new})")  # noqa: S608  (our own names)
    op.execute("UPDATE case_note SET kind = 'internal' WHERE kind = 'cultural'")
    _allow("case_event", "kind", "case_event_kind", EVENTS_BEFORE)
    _allow("case_note", "kind", "note_kind", NOTES_BEFORE)
    for table, columns in ADDED.items():
        for name in reversed(columns):
            op.execute(f"ALTER TABLE {table} DROP COLUMN {name}")


def _enum(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=30)


def _of_case(table: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_case_id")
    return sa.ForeignKeyConstraint(["case_id"], ["case_record.id"], name=name, ondelete="CASCADE")


def _of_staff(table: str, column: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], ["staff.id"], name=op.f(f"fk_{table}_{column}"))


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
