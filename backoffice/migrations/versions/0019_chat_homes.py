"""A message of ours may show a picture that lies elsewhere: the first one of a home."""

from __future__ import annotations

from alembic import op

revision = "0019"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("ALTER TABLE message ADD COLUMN picture_id VARCHAR(36)")


def downgrade() -> None:
    op.execute("ALTER TABLE message DROP COLUMN picture_id")
