"""The guide as staff keep it: sentences with their history, checks of topics, tasks, and what it lacks."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from backoffice.database import UtcDateTime

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

ORIGINS = ("delivered", "person", "machine")
ACTS = ("delivered", "edited", "drafted", "reviewed", "undone")


def upgrade() -> None:
    op.create_table(
        "guide_sentence",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("source_hash", sa.String(length=64), nullable=False),
        sa.Column("is_reviewed", sa.Boolean(), nullable=False),
        sa.Column("is_ours", sa.Boolean(), nullable=False),
        sa.Column("origin", _enum("guide_text_origin", ORIGINS), nullable=False),
        sa.Column("written_by", sa.String(length=36), nullable=True),
        sa.Column("reviewed_by", sa.String(length=36), nullable=True),
        sa.Column("changed_at", UtcDateTime(), nullable=False),
        sa.Column("draft", sa.Text(), nullable=True),
        sa.Column("draft_origin", _enum("guide_draft_origin", ORIGINS), nullable=True),
        sa.Column("draft_by", sa.String(length=36), nullable=True),
        sa.Column("draft_at", UtcDateTime(), nullable=True),
        sa.Column("draft_source_hash", sa.String(length=64), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(draft IS NULL) = (draft_origin IS NULL)", name=op.f("ck_guide_sentence_draft_with_an_origin")
        ),
        *(_to_staff("guide_sentence", name) for name in ("written_by", "reviewed_by", "draft_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_guide_sentence")),
        sa.UniqueConstraint("key", "language", name=op.f("uq_guide_sentence_key_language")),
    )
    _create_revisions()
    _create_verifications()
    _create_tasks()
    op.add_column("review_item", sa.Column("guide_gap", sa.String(length=60), nullable=True))


def downgrade() -> None:
    op.drop_column("review_item", "guide_gap")
    for table in ("guide_task", "guide_verification", "guide_revision", "guide_sentence"):
        op.drop_table(table)


def _create_revisions() -> None:
    op.create_table(
        "guide_revision",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("sentence_id", sa.String(length=36), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("act", _enum("guide_sentence_act", ACTS), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("by", sa.String(length=36), nullable=True),
        sa.Column("organisation_id", sa.String(length=36), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("before", sa.Text(), nullable=True),
        sa.Column("after", sa.Text(), nullable=False),
        sa.Column("source_hash", sa.String(length=64), nullable=False),
        sa.Column("is_reviewed", sa.Boolean(), nullable=False),
        sa.Column("origin", _enum("guide_revision_origin", ORIGINS), nullable=False),
        sa.ForeignKeyConstraint(
            ["sentence_id"],
            ["guide_sentence.id"],
            name=op.f("fk_guide_revision_sentence_id"),
            ondelete="CASCADE",
        ),
        _to_staff("guide_revision", "by"),
        _to_organisation("guide_revision"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_guide_revision")),
        sa.UniqueConstraint("sentence_id", "version", name=op.f("uq_guide_revision_sentence_id_version")),
    )


def _create_verifications() -> None:
    op.create_table(
        "guide_verification",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("topic", sa.String(length=60), nullable=False),
        sa.Column("verified_on", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=False),
        sa.Column("by", sa.String(length=36), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("organisation_id", sa.String(length=36), nullable=False),
        sa.Column("source_note", sa.Text(), nullable=False),
        sa.CheckConstraint("valid_to >= verified_on", name=op.f("ck_guide_verification_dates_in_order")),
        _to_staff("guide_verification", "by"),
        _to_organisation("guide_verification"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_guide_verification")),
    )
    op.create_index("ix_guide_verification_topic", "guide_verification", ["topic", "verified_on", "id"])


def _create_tasks() -> None:
    op.create_table(
        "guide_task",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("kind", _enum("guide_task_kind", ("translate", "verify")), nullable=False),
        sa.Column("subject", sa.String(length=120), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("opened_at", UtcDateTime(), nullable=False),
        sa.Column("closed_at", UtcDateTime(), nullable=True),
        sa.Column("closed_by", sa.String(length=36), nullable=True),
        _to_staff("guide_task", "closed_by"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_guide_task")),
    )
    is_open = sa.text("closed_at IS NULL")
    op.create_index(
        "uq_guide_task_open",
        "guide_task",
        ["kind", "subject", "language"],
        unique=True,
        sqlite_where=is_open,
        postgresql_where=is_open,
    )


def _enum(name: str, values: tuple[str, ...]) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=30)


def _to_staff(table: str, column: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], ["staff.id"], name=op.f(f"fk_{table}_{column}"))


def _to_organisation(table: str) -> sa.ForeignKeyConstraint:
    column = "organisation_id"
    return sa.ForeignKeyConstraint([column], ["organisation.id"], name=op.f(f"fk_{table}_{column}"))
