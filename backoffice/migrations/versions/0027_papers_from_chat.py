"""A document that nobody of the staff added: a picture that its person sent when the chat asked for a paper."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

MUST = "added_by VARCHAR(36) NOT NULL"
MAY = "added_by VARCHAR(36)"


def upgrade() -> None:
    _alter("DROP NOT NULL", MUST, MAY)


def downgrade() -> None:
    op.execute("DELETE FROM case_document WHERE added_by IS NULL")
    _alter("SET NOT NULL", MAY, MUST)


def _alter(change: str, before: str, after: str) -> None:
    """Let the column be empty, or no longer.

    In SQLite the text of the schema is changed, as its own documentation has it for this case: writing the
    table again would empty what points at its rows.
    """
    connection = op.get_bind()
    if connection.dialect.name != "sqlite":
        op.execute(f"ALTER TABLE case_document ALTER COLUMN added_by {change}")
        return
    version = connection.execute(sa.text("PRAGMA schema_version")).scalar_one()
    connection.execute(sa.text("PRAGMA writable_schema = ON"))
    changed = connection.execute(
        sa.text(
            "UPDATE sqlite_master SET sql = replace(sql, :before, :after)"
            " WHERE type = 'table' AND name = 'case_document' AND instr(sql, :before) > 0"
        ),
        {"before": before, "after": after},
    )
    if changed.rowcount != 1:
        raise RuntimeError("case_document has no such column")
    connection.execute(sa.text(f"PRAGMA schema_version = {version + 1}"))
    connection.execute(sa.text("PRAGMA writable_schema = OFF"))
