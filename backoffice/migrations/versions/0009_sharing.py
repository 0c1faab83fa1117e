"""Shares of cases with other bodies, and openings in need."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from backoffice.database import UtcDateTime

revision = "0009"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "share",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("case_id", sa.String(length=36), nullable=False),
        sa.Column("organisation_id", sa.String(length=36), nullable=False),
        sa.Column("from_organisation_id", sa.String(length=36), nullable=False),
        sa.Column("kind", _enum("share_kind", "share", "referral", "transfer"), nullable=False),
        sa.Column("restricted", sa.Boolean(), nullable=False),
        sa.Column("left_parts", sa.JSON(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("request", sa.Text(), nullable=True),
        sa.Column("ground", _enum("share_ground", "consent", "law", "urgent_protection"), nullable=False),
        sa.Column("ground_words", sa.Text(), nullable=True),
        sa.Column("consent_id", sa.String(length=36), nullable=True),
        sa.Column("starts_at", UtcDateTime(), nullable=False),
        sa.Column("until", UtcDateTime(), nullable=False),
        sa.Column(
            "state",
            _enum("share_state", "offered", "accepted", "rejected", "done", "revoked", "expired"),
            nullable=False,
        ),
        sa.Column("offered_by", sa.String(length=36), nullable=False),
        sa.Column("offered_at", UtcDateTime(), nullable=False),
        sa.Column("answer_by", UtcDateTime(), nullable=False),
        sa.Column("alarmed_at", UtcDateTime(), nullable=True),
        sa.Column("answered_by", sa.String(length=36), nullable=True),
        sa.Column("answered_at", UtcDateTime(), nullable=True),
        sa.Column("answer_words", sa.Text(), nullable=True),
        sa.Column("ended_by", sa.String(length=36), nullable=True),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "organisation_id <> from_organisation_id", name=op.f("ck_share_between_two_bodies")
        ),
        sa.CheckConstraint(
            "ground <> 'consent' OR consent_id IS NOT NULL", name=op.f("ck_share_consent_is_named")
        ),
        sa.CheckConstraint("starts_at < until", name=op.f("ck_share_begins_before_it_ends")),
        sa.ForeignKeyConstraint(
            ["case_id"], ["case_record.id"], name=op.f("fk_share_case_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["consent_id"], ["consent.id"], name=op.f("fk_share_consent_id"), ondelete="CASCADE"
        ),
        *(
            sa.ForeignKeyConstraint([column], [f"{table}.id"], name=op.f(f"fk_share_{column}"))
            for column, table in (
                ("organisation_id", "organisation"),
                ("from_organisation_id", "organisation"),
                ("offered_by", "staff"),
                ("answered_by", "staff"),
            )
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_share")),
    )
    op.create_index("ix_share_live", "share", ["case_id", "organisation_id", "state", "until"])
    op.create_index("ix_share_received", "share", ["organisation_id", "state", "id"])
    op.create_index("ix_share_sent", "share", ["from_organisation_id", "state", "id"])
    op.create_index("ix_share_due", "share", ["state", "until"])
    op.create_index(op.f("ix_share_consent_id"), "share", ["consent_id"])
    op.create_table(
        "share_part",
        sa.Column("share_id", sa.String(length=36), nullable=False),
        sa.Column("part", sa.String(length=30), nullable=False),
        sa.ForeignKeyConstraint(
            ["share_id"], ["share.id"], name=op.f("fk_share_part_share_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("share_id", "part", name=op.f("pk_share_part")),
    )
    op.create_table(
        "break_glass",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("case_id", sa.String(length=36), nullable=False),
        sa.Column("staff_id", sa.String(length=36), nullable=False),
        sa.Column("organisation_id", sa.String(length=36), nullable=False),
        sa.Column(
            "reason",
            _enum(
                "break_glass_reason", "life_or_health", "minor_at_risk", "violence", "shelter", "authority"
            ),
            nullable=False,
        ),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("opened_at", UtcDateTime(), nullable=False),
        sa.Column("until", UtcDateTime(), nullable=False),
        sa.Column("acknowledged_by", sa.String(length=36), nullable=True),
        sa.Column("acknowledged_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["case_id"], ["case_record.id"], name=op.f("fk_break_glass_case_id"), ondelete="CASCADE"
        ),
        *(
            sa.ForeignKeyConstraint([column], [f"{table}.id"], name=op.f(f"fk_break_glass_{column}"))
            for column, table in (
                ("staff_id", "staff"),
                ("organisation_id", "organisation"),
                ("acknowledged_by", "staff"),
            )
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_break_glass")),
    )
    op.create_index("ix_break_glass_case", "break_glass", ["case_id", "staff_id", "until"])
    op.create_index("ix_break_glass_staff", "break_glass", ["staff_id", "opened_at"])
    op.create_index("ix_case_opened", "case_record", ["opened_at", "id"])


def downgrade() -> None:
    op.drop_index("ix_case_opened", "case_record")
    for table in ("break_glass", "share_part", "share"):
        op.drop_table(table)


def _enum(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=30)
