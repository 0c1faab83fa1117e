"""What is personal is encrypted: keys, wider columns, and a blind index instead of readable search text."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from backoffice.database import UtcDateTime

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

HOLDERS = ("organisation", "person", "conversation")

# Sealed values are longer than these columns allowed. SQLite changes no type in place: a new column
# takes the values over, and then the name.
WIDENED = {
    "person": {"name": 200, "phone": 20},
    "saved_filter": {"query": 500},
}


def upgrade() -> None:
    op.create_table(
        "organisation_key",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("organisation_id", sa.String(length=36), nullable=True),
        sa.Column("wrapped", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("retired_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation_key")),
    )
    op.create_index("ix_organisation_key_organisation_id", "organisation_key", ["organisation_id"])
    op.create_table(
        "data_key",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("organisation_key_id", sa.String(length=36), nullable=False),
        sa.Column("wrapped", sa.LargeBinary(), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("destroyed_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint(
            "(wrapped IS NULL) = (destroyed_at IS NOT NULL)", name=op.f("ck_data_key_destroyed")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_key_id"], ["organisation_key.id"], name=op.f("fk_data_key_organisation_key_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_data_key")),
    )
    op.create_index("ix_data_key_organisation_key_id", "data_key", ["organisation_key_id"])
    op.create_table(
        "search_token",
        sa.Column("token", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("subject_id", sa.String(length=36), nullable=False),
        sa.PrimaryKeyConstraint("token", "subject_id", name=op.f("pk_search_token")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_search_token_subject_id", "search_token", ["subject_id"])
    for table in HOLDERS:
        op.add_column(table, sa.Column("data_key_id", sa.String(length=36), nullable=True))
    op.add_column("phrasebook_entry", sa.Column("conversation_id", sa.String(length=36), nullable=True))
    for table, columns in WIDENED.items():
        for column in columns:
            _retype(table, column, "TEXT")
    op.drop_column("case_record", "search_text")


def downgrade() -> None:
    """The words stay encrypted: what reads them again is this version or a later one."""
    op.execute("ALTER TABLE case_record ADD COLUMN search_text TEXT DEFAULT '' NOT NULL")
    for table, columns in WIDENED.items():
        for column, length in columns.items():
            _retype(table, column, f"VARCHAR({length})")
    op.drop_column("phrasebook_entry", "conversation_id")
    for table in HOLDERS:
        op.drop_column(table, "data_key_id")
    for table in ("search_token", "data_key", "organisation_key"):
        op.drop_table(table)


def _retype(table: str, column: str, kind: str) -> None:
    if op.get_bind().dialect.name == "postgresql":
        shorter = f" USING left({column}, {kind[8:-1]})" if "(" in kind else ""
        op.execute(f"ALTER TABLE {table} ALTER COLUMN {column} TYPE {kind}{shorter}")
        return
    needed = "NOT NULL DEFAULT ''" if column == "query" else ""
    op.execute(f"ALTER TABLE {table} ADD COLUMN {column}_wider {kind} {needed}")
    op.execute(f"UPDATE {table} SET {column}_wider = {column}")  # noqa: S608  (names of this file)
    op.execute(f"ALTER TABLE {table} DROP COLUMN {column}")
    op.execute(f"ALTER TABLE {table} RENAME COLUMN {column}_wider TO {column}")
