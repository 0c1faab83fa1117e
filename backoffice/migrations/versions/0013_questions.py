"""Further questions of a case type, in versions, and what was answered."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from backoffice.database import UtcDateTime

revision = "0013"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "question_set",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("organisation_id", sa.String(length=36), nullable=False),
        sa.Column(
            "case_type",
            sa.Enum(
                "reception",
                "housing",
                "care_work",
                "care_request",
                "housing_offer",
                "mediation",
                name="question_case_type",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "published",
                "retired",
                name="question_set_state",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("questions", sa.JSON(), nullable=False),
        sa.Column("answer_schema", sa.JSON(), nullable=False),
        sa.Column("created_by", sa.String(length=36), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("changed_at", UtcDateTime(), nullable=False),
        sa.Column("published_by", sa.String(length=36), nullable=True),
        sa.Column("published_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["created_by"], ["staff.id"], name=op.f("fk_question_set_created_by")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_question_set_organisation_id")
        ),
        sa.ForeignKeyConstraint(["published_by"], ["staff.id"], name=op.f("fk_question_set_published_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_question_set")),
        sa.UniqueConstraint(
            "organisation_id",
            "case_type",
            "version",
            name=op.f("uq_question_set_organisation_id_case_type_version"),
        ),
    )
    for state in ("draft", "published"):
        op.create_index(
            f"uq_question_set_{state}",
            "question_set",
            ["organisation_id", "case_type"],
            unique=True,
            sqlite_where=sa.text(f"state = '{state}'"),
            postgresql_where=sa.text(f"state = '{state}'"),
        )
    op.create_table(
        "case_answers",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("case_id", sa.String(length=36), nullable=False),
        sa.Column("set_id", sa.String(length=36), nullable=False),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.Column("answered_by", sa.String(length=36), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"], ["case_record.id"], name=op.f("fk_case_answers_case_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["set_id"], ["question_set.id"], name=op.f("fk_case_answers_set_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_answers")),
    )
    op.create_index(op.f("ix_case_answers_case_id"), "case_answers", ["case_id"], unique=False)
    op.create_table(
        "case_answer_choice",
        sa.Column("case_id", sa.String(length=36), nullable=False),
        sa.Column("question_code", sa.String(length=40), nullable=False),
        sa.Column("option_code", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"], ["case_record.id"], name=op.f("fk_case_answer_choice_case_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint(
            "case_id", "question_code", "option_code", name=op.f("pk_case_answer_choice")
        ),
    )
    op.create_index(
        "ix_case_answer_choice_option", "case_answer_choice", ["question_code", "option_code"], unique=False
    )


def downgrade() -> None:
    op.drop_table("case_answer_choice")
    op.drop_table("case_answers")
    op.drop_table("question_set")
