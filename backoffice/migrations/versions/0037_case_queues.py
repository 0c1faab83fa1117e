"""Indexes for what is looked at first: the urgent cases of a language, and what nobody has taken yet."""

from __future__ import annotations

from alembic import op

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_case_language_urgent", "case_record", ["language", "urgent", "opened_at", "id"])
    op.create_index("ix_case_status_assignee", "case_record", ["status", "assignee_id", "opened_at", "id"])


def downgrade() -> None:
    op.drop_index("ix_case_status_assignee", "case_record")
    op.drop_index("ix_case_language_urgent", "case_record")
