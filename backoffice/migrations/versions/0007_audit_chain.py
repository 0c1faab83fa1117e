"""The audit trail is chained, and the database refuses to change it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.orm import Session

from backoffice.audit.chain import chain_entries
from backoffice.audit.models import GUARDS, AuditEntry

revision = "0007"
down_revision = "0014"
branch_labels = None
depends_on = None

_AT_ONCE = 1000


def upgrade() -> None:
    seq = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    for column in (
        sa.Column("roles", sa.String(length=200), nullable=True),
        sa.Column("reason", sa.String(length=40), nullable=True),
        sa.Column("chain", sa.String(length=36), nullable=True),
        sa.Column("seq", seq, nullable=True),
        sa.Column("previous", sa.String(length=64), nullable=True),
        sa.Column("hash", sa.String(length=64), nullable=True),
    ):
        op.add_column("audit_entry", column)
    op.create_index("uq_audit_entry_chain_seq", "audit_entry", ["chain", "seq"], unique=True)
    op.create_table(
        "audit_head",
        sa.Column("chain", sa.String(length=36), nullable=False),
        sa.Column("seq", seq, nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("chain", name=op.f("pk_audit_head")),
    )
    _chain_what_is_there()
    for statement in GUARDS[op.get_bind().dialect.name]:
        op.execute(statement)


def downgrade() -> None:
    postgres = op.get_bind().dialect.name == "postgresql"
    for name in ("audit_entry_is_final", "audit_entry_stays"):
        op.execute(f"DROP TRIGGER {name} ON audit_entry" if postgres else f"DROP TRIGGER {name}")
    if postgres:
        op.execute("DROP FUNCTION audit_entry_stays()")
    op.drop_table("audit_head")
    op.drop_index("uq_audit_entry_chain_seq", "audit_entry")
    for column in ("hash", "previous", "seq", "chain", "reason", "roles"):
        op.drop_column("audit_entry", column)


def _chain_what_is_there() -> None:
    with Session(bind=op.get_bind(), join_transaction_mode="create_savepoint") as session:
        unchained = sa.select(AuditEntry).where(AuditEntry.hash.is_(None)).order_by(AuditEntry.id)
        while rows := session.scalars(unchained.limit(_AT_ONCE)).all():
            chain_entries(session, rows)
            session.expunge_all()
        session.commit()
