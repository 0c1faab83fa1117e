"""Homes: the owner's own reference, words that are no discriminating wish, and files with homes."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from backoffice.database import UtcDateTime

revision = "0018"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("ALTER TABLE listing ADD COLUMN reference VARCHAR(40)")
    op.create_table(
        "wish_clearance",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("listing_id", sa.String(length=36), nullable=False),
        sa.Column("phrase", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("cleared_by", sa.String(length=36), nullable=False),
        sa.Column("cleared_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["listing_id"], ["listing.id"], name=op.f("fk_wish_clearance_listing_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wish_clearance")),
    )
    op.create_index(op.f("ix_wish_clearance_listing_id"), "wish_clearance", ["listing_id"])
    op.create_table(
        "listing_import",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("organisation_id", sa.String(length=36), nullable=False),
        sa.Column("staff_id", sa.String(length=36), nullable=False),
        sa.Column("rows", sa.JSON(), nullable=True),
        sa.Column("added", sa.Integer(), nullable=False),
        sa.Column("changed", sa.Integer(), nullable=False),
        sa.Column("asked_at", UtcDateTime(), nullable=False),
        sa.Column("done_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_listing_import_organisation_id")
        ),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_listing_import_staff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_listing_import")),
    )
    waiting = sa.text("done_at IS NULL")
    op.create_index(
        "ix_listing_import_waiting",
        "listing_import",
        ["asked_at"],
        sqlite_where=waiting,
        postgresql_where=waiting,
    )


def downgrade() -> None:
    op.drop_table("listing_import")
    op.drop_table("wish_clearance")
    op.execute("ALTER TABLE listing DROP COLUMN reference")
