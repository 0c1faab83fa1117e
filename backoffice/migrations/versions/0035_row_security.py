"""The second wall on PostgreSQL: the role of staff, and the policies that bind it. Nothing on SQLite."""

from __future__ import annotations

from alembic import op

from backoffice.migrations.wall import lower_wall, raise_wall

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None


def upgrade() -> None:
    raise_wall(op.get_bind())


def downgrade() -> None:
    lower_wall(op.get_bind())
