"""Indexes for lists of a million cases: the urgent ones, and the order by town."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_case_urgent", "case_record", ["urgent", "opened_at", "id"])
    if op.get_bind().dialect.name == "postgresql":
        op.create_index("ix_case_by_town", "case_record", [sa.text("coalesce(municipality, '')"), "id"])


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.drop_index("ix_case_by_town", "case_record")
    op.drop_index("ix_case_urgent", "case_record")
