"""Lists of cases: kept filters of cases, exports, imports, and what long lists are read by."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from backoffice.database import UtcDateTime

revision = "0012"
down_revision = "0013"
branch_labels = None
depends_on = None

KIND = (
    "VARCHAR(30) DEFAULT 'conversation' NOT NULL"
    " CONSTRAINT ck_saved_filter_filter_kind CHECK (kind IN ('conversation', 'case'))"
)
INDEXES = {
    "ix_case_updated": ["updated_at", "id"],
    "ix_case_status": ["status", "opened_at", "id"],
    "ix_case_town": ["municipality", "opened_at", "id"],
    "ix_case_language": ["language", "opened_at", "id"],
    "ix_case_assignee": ["assignee_id", "opened_at", "id"],
}


def upgrade() -> None:
    op.execute(f"ALTER TABLE saved_filter ADD COLUMN kind {KIND}")
    for name, columns in INDEXES.items():
        op.create_index(name, "case_record", columns)
    op.create_table(
        "case_export",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("organisation_id", sa.String(length=36), nullable=False),
        sa.Column("asked_by", sa.String(length=36), nullable=False),
        sa.Column("asked_at", UtcDateTime(), nullable=False),
        sa.Column(
            "format",
            sa.Enum(
                "csv", "xlsx", name="export_format", native_enum=False, create_constraint=True, length=30
            ),
            nullable=False,
        ),
        sa.Column("query", sa.Text(), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "waiting",
                "approved",
                "refused",
                name="export_state",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("decided_by", sa.String(length=36), nullable=True),
        sa.Column("decided_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint("decided_by <> asked_by", name=op.f("ck_case_export_two_people")),
        sa.ForeignKeyConstraint(["asked_by"], ["staff.id"], name=op.f("fk_case_export_asked_by")),
        sa.ForeignKeyConstraint(["decided_by"], ["staff.id"], name=op.f("fk_case_export_decided_by")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_case_export_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_export")),
    )
    op.create_index("ix_case_export_asked", "case_export", ["organisation_id", "asked_at"])
    op.create_table(
        "case_import",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("organisation_id", sa.String(length=36), nullable=False),
        sa.Column("staff_id", sa.String(length=36), nullable=False),
        sa.Column("file_sha256", sa.String(length=64), nullable=False),
        sa.Column("rows", sa.JSON(), nullable=True),
        sa.Column("created", sa.Integer(), nullable=False),
        sa.Column("asked_at", UtcDateTime(), nullable=False),
        sa.Column("done_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_case_import_organisation_id")
        ),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_case_import_staff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_import")),
    )
    op.create_index(
        "uq_case_import_done",
        "case_import",
        ["organisation_id", "file_sha256"],
        unique=True,
        sqlite_where=sa.text("done_at IS NOT NULL"),
        postgresql_where=sa.text("done_at IS NOT NULL"),
    )


def downgrade() -> None:
    op.drop_table("case_import")
    op.drop_table("case_export")
    for name in INDEXES:
        op.drop_index(name, "case_record")
    op.execute("ALTER TABLE saved_filter DROP COLUMN kind")
