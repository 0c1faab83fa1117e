"""The calendar file of a viewing has an address of its own."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("viewing", sa.Column("calendar_link", sa.Text()))
    op.add_column("viewing", sa.Column("calendar_sha256", sa.String(length=64)))
    with op.batch_alter_table("viewing") as batch:
        batch.create_unique_constraint(op.f("uq_viewing_calendar_sha256"), ["calendar_sha256"])


def downgrade() -> None:
    with op.batch_alter_table("viewing") as batch:
        batch.drop_constraint(op.f("uq_viewing_calendar_sha256"), type_="unique")
    op.drop_column("viewing", "calendar_sha256")
    op.drop_column("viewing", "calendar_link")
