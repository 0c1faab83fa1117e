"""The cases of a word lie in the order of a list: of a common name the first page is found without all others."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from backoffice.case_words.models import follow_words, unfollow_words, write_missing_words

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "case_word",
        sa.Column("token", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("case_id", sa.String(length=36), nullable=False),
        sa.PrimaryKeyConstraint("token", "opened_at", "case_id", name=op.f("pk_case_word")),
        sqlite_with_rowid=False,
    )
    follow_words(op.get_bind())
    write_missing_words(op.get_bind())


def downgrade() -> None:
    unfollow_words(op.get_bind())
    op.drop_table("case_word")
