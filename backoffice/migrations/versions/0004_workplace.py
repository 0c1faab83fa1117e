"""The mediators' workplace: renderings, notes, presence, conflicts, call-backs, labels, ready answers."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from backoffice.database import UtcDateTime

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

# Written out, since SQLite adds a column in place only with its check inside: remaking the tables
# would lose the checks that they have.
ADDED = {
    "conversation": {
        "wishes_gender": "VARCHAR(30) CONSTRAINT ck_conversation_wishes_gender CHECK (wishes_gender IN ('woman', 'man'))",
        "closed_because": "VARCHAR(30) CONSTRAINT ck_conversation_closed_because CHECK (closed_because IN ('answered', 'no_reply', 'spam', 'other'))",
        "follow_up_on": "DATE",
    },
    "message": {
        "translated_by": "VARCHAR(30) CONSTRAINT ck_message_translated_by CHECK (translated_by IN ('machine', 'staff', 'phrasebook', 'nobody'))",
        "note_kind": "VARCHAR(30) CONSTRAINT ck_message_note_kind CHECK (note_kind IN ('internal', 'cultural'))"
        " CONSTRAINT ck_message_notes_are_for_staff CHECK (note_kind IS NULL OR audience = 'staff')",
    },
    "staff": {
        "topics": "JSON DEFAULT '[]' NOT NULL",
        "gender": "VARCHAR(30) CONSTRAINT ck_staff_staff_gender CHECK (gender IN ('woman', 'man'))",
    },
}
MOMENTS = ("paged_at", "next_told_at", "wait_told_at")
TABLES = (
    "canned_reply",
    "phrasebook_entry",
    "saved_filter",
    "callback",
    "conflict",
    "conversation_label",
    "participant",
    "presence",
    "read_mark",
    "rendering",
)


def upgrade() -> None:
    for table, columns in ADDED.items():
        for name, kind in columns.items():
            op.execute(f"ALTER TABLE {table} ADD COLUMN {name} {kind}")
    for name in MOMENTS:
        op.add_column("conversation", sa.Column(name, UtcDateTime(), nullable=True))
    op.create_index("ix_conversation_follow_up", "conversation", ["organisation_id", "follow_up_on"])
    op.create_table(
        "canned_reply",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("organisation_id", sa.String(length=36), nullable=False),
        sa.Column("code", sa.String(length=30), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("changed_by", sa.String(length=36), nullable=False),
        sa.Column("changed_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["changed_by"], ["staff.id"], name=op.f("fk_canned_reply_changed_by")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_canned_reply_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_canned_reply")),
        sa.UniqueConstraint(
            "organisation_id", "code", "language", name=op.f("uq_canned_reply_organisation_id_code_language")
        ),
    )
    op.create_table(
        "phrasebook_entry",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("organisation_id", sa.String(length=36), nullable=False),
        sa.Column("source_language", sa.String(length=2), nullable=False),
        sa.Column("target_language", sa.String(length=2), nullable=False),
        sa.Column("source_key", sa.String(length=64), nullable=False),
        sa.Column("source_text", sa.Text(), nullable=False),
        sa.Column("target_text", sa.Text(), nullable=False),
        sa.Column("machine_text", sa.Text(), nullable=True),
        sa.Column("staff_id", sa.String(length=36), nullable=False),
        sa.Column("used", sa.Integer(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_phrasebook_entry_organisation_id")
        ),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_phrasebook_entry_staff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_phrasebook_entry")),
        sa.UniqueConstraint(
            "organisation_id",
            "source_language",
            "target_language",
            "source_key",
            name="uq_phrasebook_entry_source",
        ),
    )
    op.create_table(
        "saved_filter",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("staff_id", sa.String(length=36), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("query", sa.String(length=500), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff.id"], name=op.f("fk_saved_filter_staff_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_filter")),
        sa.UniqueConstraint("staff_id", "name", name=op.f("uq_saved_filter_staff_id_name")),
    )
    op.create_table(
        "callback",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("conversation_id", sa.String(length=36), nullable=False),
        sa.Column(
            "day_part",
            sa.Enum(
                "morning",
                "afternoon",
                "any",
                name="day_part",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("asked_at", UtcDateTime(), nullable=False),
        sa.Column("due_at", UtcDateTime(), nullable=False),
        sa.Column("done_at", UtcDateTime(), nullable=True),
        sa.Column("done_by", sa.String(length=36), nullable=True),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversation.id"],
            name=op.f("fk_callback_conversation_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["done_by"], ["staff.id"], name=op.f("fk_callback_done_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_callback")),
    )
    op.create_index(
        "uq_callback_open",
        "callback",
        ["conversation_id"],
        unique=True,
        sqlite_where=sa.text("done_at IS NULL"),
        postgresql_where=sa.text("done_at IS NULL"),
    )

    op.create_table(
        "conflict",
        sa.Column("conversation_id", sa.String(length=36), nullable=False),
        sa.Column("staff_id", sa.String(length=36), nullable=False),
        sa.Column("stated_by", sa.String(length=36), nullable=True),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversation.id"],
            name=op.f("fk_conflict_conversation_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff.id"], name=op.f("fk_conflict_staff_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["stated_by"], ["staff.id"], name=op.f("fk_conflict_stated_by")),
        sa.PrimaryKeyConstraint("conversation_id", "staff_id", name=op.f("pk_conflict")),
    )
    op.create_table(
        "conversation_label",
        sa.Column("conversation_id", sa.String(length=36), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversation.id"],
            name=op.f("fk_conversation_label_conversation_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("conversation_id", "name", name=op.f("pk_conversation_label")),
    )
    op.create_index(op.f("ix_conversation_label_name"), "conversation_label", ["name"], unique=False)

    op.create_table(
        "participant",
        sa.Column("conversation_id", sa.String(length=36), nullable=False),
        sa.Column("staff_id", sa.String(length=36), nullable=False),
        sa.Column("invited_by", sa.String(length=36), nullable=False),
        sa.Column("since", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversation.id"],
            name=op.f("fk_participant_conversation_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["invited_by"], ["staff.id"], name=op.f("fk_participant_invited_by")),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff.id"], name=op.f("fk_participant_staff_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("conversation_id", "staff_id", name=op.f("pk_participant")),
    )
    op.create_table(
        "presence",
        sa.Column("conversation_id", sa.String(length=36), nullable=False),
        sa.Column("staff_id", sa.String(length=36), nullable=False),
        sa.Column(
            "activity",
            sa.Enum(
                "reading", "writing", name="activity", native_enum=False, create_constraint=True, length=30
            ),
            nullable=False,
        ),
        sa.Column("until", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversation.id"],
            name=op.f("fk_presence_conversation_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff.id"], name=op.f("fk_presence_staff_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("conversation_id", "staff_id", name=op.f("pk_presence")),
    )
    op.create_index(op.f("ix_presence_until"), "presence", ["until"], unique=False)

    op.create_table(
        "read_mark",
        sa.Column("conversation_id", sa.String(length=36), nullable=False),
        sa.Column("staff_id", sa.String(length=36), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversation.id"],
            name=op.f("fk_read_mark_conversation_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff.id"], name=op.f("fk_read_mark_staff_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("conversation_id", "staff_id", name=op.f("pk_read_mark")),
    )
    op.create_table(
        "rendering",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("message_id", sa.String(length=36), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "pending",
                "done",
                "refused",
                name="rendering_state",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("engine", sa.String(length=40), nullable=True),
        sa.Column("version", sa.String(length=120), nullable=True),
        sa.Column("flags", sa.JSON(), nullable=False),
        sa.Column("in_parts", sa.Boolean(), nullable=False),
        sa.Column("staff_id", sa.String(length=36), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_at", UtcDateTime(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["message_id"], ["message.id"], name=op.f("fk_rendering_message_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_rendering_staff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rendering")),
    )
    op.create_index("ix_rendering_due", "rendering", ["state", "next_at"], unique=False)
    op.create_index("ix_rendering_message", "rendering", ["message_id", "language"], unique=False)


def downgrade() -> None:
    for table in TABLES:
        op.drop_table(table)
    op.drop_index("ix_conversation_follow_up", "conversation")
    for name in MOMENTS:
        op.drop_column("conversation", name)
    for table, columns in ADDED.items():
        for name in reversed(columns):
            op.execute(f"ALTER TABLE {table} DROP COLUMN {name}")
