"""Forms that the assistant began, and whether they were sent."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from backoffice.database import UtcDateTime

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "form_course",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("conversation_id", sa.String(length=36), nullable=False),
        sa.Column("case_type", _case_type(), nullable=False),
        sa.Column("began_at", UtcDateTime(), nullable=False),
        sa.Column("ends_at", UtcDateTime(), nullable=False),
        sa.Column("sent", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversation.id"],
            name=op.f("fk_form_course_conversation_id_conversation"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_form_course")),
    )
    op.create_index("ix_form_course_open", "form_course", ["conversation_id", "case_type", "ends_at"])
    op.create_index("ix_form_course_ends_at", "form_course", ["ends_at"])


def downgrade() -> None:
    op.drop_table("form_course")


def _case_type() -> sa.Enum:
    kinds = ("reception", "housing", "care_work", "housing_offer", "care_request", "mediation")
    return sa.Enum(*kinds, name="case_type", native_enum=False, create_constraint=True, length=30)
