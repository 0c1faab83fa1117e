"""Accounts: units, second factors, links by mail, sign-in at a provider, mail that waits."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from backoffice.database import UtcDateTime

revision = "0006"
down_revision = "0008"
branch_labels = None
depends_on = None

TABLES = (
    "mail",
    "provider_sign_in",
    "account_link",
    "sign_in_step",
    "recovery_code",
    "second_factor",
    "unit",
)


def upgrade() -> None:
    op.create_table(
        "unit",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("organisation_id", sa.String(length=36), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("municipalities", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_unit_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unit")),
        sa.UniqueConstraint("organisation_id", "name", name=op.f("uq_unit_organisation_id_name")),
    )
    # Written out: SQLite adds a column in place only with its constraint inside.
    op.execute(
        "ALTER TABLE staff ADD COLUMN unit_id VARCHAR(36) CONSTRAINT fk_staff_unit_id REFERENCES unit (id)"
    )
    op.execute("ALTER TABLE staff_session ADD COLUMN device VARCHAR(60) DEFAULT '' NOT NULL")
    _of_staff(
        "second_factor",
        sa.Column("organisation_id", sa.String(length=36), nullable=False),
        sa.Column("secret", sa.Text(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("confirmed_at", UtcDateTime(), nullable=True),
        sa.Column("last_counter", sa.BigInteger(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("tries_since", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_second_factor_organisation_id")
        ),
        key="staff_id",
    )
    _of_staff("recovery_code", sa.Column("code_sha256", sa.String(length=64), nullable=False))
    _of_staff(
        "sign_in_step",
        sa.Column("token_sha256", sa.String(length=64), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
    )
    _of_staff(
        "account_link",
        sa.Column("token_sha256", sa.String(length=64), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "invitation",
                "reset",
                name="account_link_kind",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
    )
    op.create_table(
        "provider_sign_in",
        sa.Column("state_sha256", sa.String(length=64), nullable=False),
        sa.Column("nonce", sa.String(length=64), nullable=False),
        sa.Column("code_verifier", sa.String(length=128), nullable=False),
        sa.Column("next_path", sa.String(length=2000), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("state_sha256", name=op.f("pk_provider_sign_in")),
    )
    op.create_table(
        "mail",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("organisation_id", sa.String(length=36), nullable=False),
        sa.Column("recipient", sa.Text(), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_mail_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mail")),
    )
    op.create_index(op.f("ix_mail_next_at"), "mail", ["next_at"], unique=False)


def _of_staff(table: str, *columns: sa.schema.SchemaItem, key: str | None = None) -> None:
    """Make a table whose rows belong to an account and go with it; without `key` its first column is it."""
    first = columns[0]
    assert isinstance(first, sa.Column)
    op.create_table(
        table,
        sa.Column("staff_id", sa.String(length=36), nullable=False),
        *columns,
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff.id"], name=op.f(f"fk_{table}_staff_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint(key or first.name, name=op.f(f"pk_{table}")),
    )
    if key is None:
        op.create_index(op.f(f"ix_{table}_staff_id"), table, ["staff_id"], unique=False)


def downgrade() -> None:
    op.execute("ALTER TABLE staff_session DROP COLUMN device")
    op.execute("ALTER TABLE staff DROP COLUMN unit_id")
    for table in TABLES:
        op.drop_table(table)
