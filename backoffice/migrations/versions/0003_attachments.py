"""Attachments: encrypted, scanned, with a preview. Files that are there stay as they lie, marked plain."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

STORAGES = ("plain", "sealed", "erased")
SCAN_STATES = ("not_scanned", "clean", "infected", "scan_failed")


def upgrade() -> None:
    with op.batch_alter_table("attachment", schema=None) as batch_op:
        batch_op.add_column(_codes("storage", "attachment_storage", STORAGES))
        batch_op.add_column(_codes("scan_state", "attachment_scan_state", SCAN_STATES))
        batch_op.add_column(sa.Column("wrapped_key", sa.LargeBinary(), nullable=True))
        batch_op.add_column(sa.Column("width", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("height", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("preview_bytes", sa.Integer(), nullable=True))
    with op.batch_alter_table("attachment", schema=None) as batch_op:
        batch_op.alter_column("storage", server_default=None)
        batch_op.alter_column("scan_state", server_default=None)
        batch_op.create_check_constraint(op.f("ck_attachment_attachment_storage"), f"storage IN {STORAGES!r}")
        batch_op.create_check_constraint(
            op.f("ck_attachment_attachment_scan_state"), f"scan_state IN {SCAN_STATES!r}"
        )
        batch_op.create_check_constraint(
            op.f("ck_attachment_key_if_sealed"), "(storage = 'sealed') = (wrapped_key IS NOT NULL)"
        )


def downgrade() -> None:
    sealed = op.get_bind().scalar(sa.text("SELECT count(*) FROM attachment WHERE storage = 'sealed'"))
    if sealed:
        raise RuntimeError(
            f"{sealed} attachments are encrypted: going back would destroy their keys. Restore the back-up "
            "that was made before 0003 instead, or delete these rows first."
        )
    with op.batch_alter_table("attachment", schema=None) as batch_op:
        for name in ("key_if_sealed", "attachment_scan_state", "attachment_storage"):
            batch_op.drop_constraint(op.f(f"ck_attachment_{name}"), type_="check")
    with op.batch_alter_table("attachment", schema=None) as batch_op:
        for name in ("preview_bytes", "height", "width", "wrapped_key", "scan_state", "storage"):
            batch_op.drop_column(name)


def _codes(column: str, name: str, values: tuple[str, ...]) -> sa.Column[str]:
    kind = sa.Enum(*values, name=name, native_enum=False, create_constraint=False, length=30)
    return sa.Column(column, kind, nullable=False, server_default=values[0])
