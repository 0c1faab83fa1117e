"""What people still have to be told of their courses."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0023"
branch_labels = None
depends_on = None

NEWS = ("offered", "taken", "offer_over", "changed", "enrolment_cancelled", "course_cancelled")


def upgrade() -> None:
    codes = ", ".join(f"'{code}'" for code in NEWS)
    # In SQL: SQLite adds a column together with its check, not a check to a column.
    op.execute(
        "ALTER TABLE care_enrolment ADD COLUMN to_tell VARCHAR(30) "
        f"CONSTRAINT ck_care_enrolment_course_news CHECK (to_tell IN ({codes}))"
    )
    op.add_column("care_enrolment", sa.Column("start_told_for", sa.Date()))
    op.create_index("ix_care_enrolment_to_tell", "care_enrolment", ["to_tell"])


def downgrade() -> None:
    op.drop_index("ix_care_enrolment_to_tell", "care_enrolment")
    op.drop_column("care_enrolment", "start_told_for")
    op.drop_column("care_enrolment", "to_tell")
