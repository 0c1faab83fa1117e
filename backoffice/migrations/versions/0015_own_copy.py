"""Copies of a person's own data; a consent on paper has its day and its scan."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from backoffice.database import UtcDateTime

revision = "0015"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("consent", sa.Column("given_on", sa.Date(), nullable=True))
    op.add_column("consent", sa.Column("document_id", sa.String(length=36), nullable=True))
    op.create_table(
        "own_copy",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("person_id", sa.String(length=36), nullable=False),
        sa.Column("organisation_id", sa.String(length=36), nullable=False),
        sa.Column("conversation_id", sa.String(length=36), nullable=True),
        sa.Column("asked_by", sa.String(length=36), nullable=False),
        sa.Column("asked_at", UtcDateTime(), nullable=False),
        sa.Column("answered_by", sa.String(length=36), nullable=True),
        sa.Column("answered_at", UtcDateTime(), nullable=True),
        sa.Column(
            "identity",
            sa.Enum(
                "document",
                "known",
                name="identity_check",
                native_enum=False,
                length=30,
                create_constraint=True,
            ),
            nullable=True,
        ),
        sa.Column(
            "refused_because",
            sa.Enum(
                "not_identified",
                "repeated",
                "taken_back",
                name="refused_because",
                native_enum=False,
                length=30,
                create_constraint=True,
            ),
            nullable=True,
        ),
        sa.Column("writings", sa.JSON(), nullable=False),
        sa.Column("until", UtcDateTime(), nullable=True),
        sa.CheckConstraint(
            "identity IS NULL OR refused_because IS NULL", name=op.f("ck_own_copy_released_or_refused")
        ),
        sa.CheckConstraint(
            "(identity IS NULL) = (until IS NULL)", name=op.f("ck_own_copy_released_for_a_time")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_own_copy_person_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_own_copy_organisation_id")
        ),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversation.id"],
            name=op.f("fk_own_copy_conversation_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(["answered_by"], ["staff.id"], name=op.f("fk_own_copy_answered_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_own_copy")),
    )
    op.create_index("ix_own_copy_open", "own_copy", ["organisation_id", "answered_at", "asked_at"])
    op.create_index("ix_own_copy_person_id", "own_copy", ["person_id"])


def downgrade() -> None:
    op.drop_table("own_copy")
    op.drop_column("consent", "document_id")
    op.drop_column("consent", "given_on")
