"""The ledger of consents names body, parts and end; consents are asked for in the chat; erasures are granted."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from backoffice.database import UtcDateTime

revision = "0011"
down_revision = "0006"
branch_labels = None
depends_on = None

ADDED = {
    "organisation_id": "VARCHAR(36)",
    "categories": "JSON DEFAULT '[]' NOT NULL",
    "how": "VARCHAR(30) DEFAULT 'chat' NOT NULL CONSTRAINT ck_consent_consent_how"
    " CHECK (how IN ('chat', 'signature', 'oral'))",
    "witness": "TEXT",
    "request_id": "VARCHAR(36)",
}


def upgrade() -> None:
    for name, kind in ADDED.items():
        op.execute(f"ALTER TABLE consent ADD COLUMN {name} {kind}")
    op.add_column("consent", sa.Column("expires_at", UtcDateTime(), nullable=True))
    op.create_table(
        "consent_request",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("case_id", sa.String(length=36), nullable=False),
        sa.Column("person_id", sa.String(length=36), nullable=False),
        sa.Column("conversation_id", sa.String(length=36), nullable=False),
        sa.Column("organisation_id", sa.String(length=36), nullable=False),
        sa.Column("categories", sa.JSON(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("until", UtcDateTime(), nullable=False),
        sa.Column("asked_by", sa.String(length=36), nullable=False),
        sa.Column("asked_at", UtcDateTime(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("answered_at", UtcDateTime(), nullable=True),
        sa.Column("agreed", sa.Boolean(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_consent_request_person_id")),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversation.id"], name=op.f("fk_consent_request_conversation_id")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_consent_request_organisation_id")
        ),
        sa.ForeignKeyConstraint(["asked_by"], ["staff.id"], name=op.f("fk_consent_request_asked_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent_request")),
    )
    op.create_index("ix_consent_request_case", "consent_request", ["case_id", "asked_at"])
    op.create_index("ix_consent_request_person_id", "consent_request", ["person_id"])
    op.create_table(
        "erasure_order",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("number", sa.String(length=11), nullable=False),
        sa.Column("case_id", sa.String(length=36), nullable=False),
        sa.Column("person_id", sa.String(length=36), nullable=False),
        sa.Column("organisation_id", sa.String(length=36), nullable=False),
        sa.Column("granted_by", sa.String(length=36), nullable=False),
        sa.Column("granted_at", UtcDateTime(), nullable=False),
        sa.Column("due_at", UtcDateTime(), nullable=False),
        sa.Column("done_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_erasure_order")),
        sa.UniqueConstraint("case_id", name=op.f("uq_erasure_order_case_id")),
        sa.UniqueConstraint("number", name=op.f("uq_erasure_order_number")),
    )
    op.create_index("ix_erasure_order_due_at", "erasure_order", ["due_at"])


def downgrade() -> None:
    op.drop_table("erasure_order")
    op.drop_table("consent_request")
    op.drop_column("consent", "expires_at")
    for name in reversed(ADDED):
        if name == "how" and op.get_bind().dialect.name == "postgresql":
            op.execute("ALTER TABLE consent DROP CONSTRAINT ck_consent_consent_how")
        op.execute(f"ALTER TABLE consent DROP COLUMN {name}")
