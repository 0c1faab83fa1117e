"""The register of family assistants: the interview, what is still wanted, and by what lists are narrowed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from backoffice.database import UtcDateTime

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

COLUMNS = (
    ("shows_profile_on", sa.Date()),
    ("documents_wanted", sa.JSON()),
    ("interview_at", UtcDateTime()),
    ("interview_place", sa.Text()),
    ("interview_draft", sa.JSON()),
)


def upgrade() -> None:
    for name, kind in COLUMNS:
        op.add_column("care_worker", sa.Column(name, kind, nullable=True))
    op.create_table(
        "care_worker_trait",
        sa.Column(
            "kind",
            sa.Enum(
                "skill",
                "language",
                "schedule",
                "town",
                name="trait_kind",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("code", sa.String(length=80), nullable=False),
        sa.Column("case_id", sa.String(length=36), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"],
            ["case_record.id"],
            name=op.f("fk_care_worker_trait_case_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("kind", "code", "case_id", name=op.f("pk_care_worker_trait")),
    )
    op.create_index(op.f("ix_care_worker_trait_case_id"), "care_worker_trait", ["case_id"])


def downgrade() -> None:
    op.drop_table("care_worker_trait")
    for name, _ in reversed(COLUMNS):
        op.drop_column("care_worker", name)
