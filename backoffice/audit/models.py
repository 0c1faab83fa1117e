"""Who read or changed what, and when: a chain of hashes for each body. No words or names of people."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import DDL, BigInteger, Connection, Index, Integer, String, Table, event
from sqlalchemy.orm import Mapped, Mapper, mapped_column

from backoffice.database import Base, UtcDateTime


class AuditEntry(Base):
    """One act. `actor` is a staff id, or the name of a service (`service`, `system`).

    `chain` is the actor's organisation, or `installation`; `seq` counts in it from 1. `hash` is the SHA-256
    of `previous` (the hash of the entry before) and of everything else in the row (`chain.py`). These four
    are set when the transaction commits, once.
    """

    __tablename__ = "audit_entry"
    __table_args__ = (
        Index("ix_audit_entry_subject", "subject_kind", "subject_id"),
        Index("uq_audit_entry_chain_seq", "chain", "seq", unique=True),
    )

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    actor: Mapped[str] = mapped_column(String(36), index=True)
    action: Mapped[str] = mapped_column(String(60))
    subject_kind: Mapped[str] = mapped_column(String(40))
    subject_id: Mapped[str] = mapped_column(String(36))
    roles: Mapped[str | None] = mapped_column(String(200))
    """The actor's roles at that moment, separated by spaces."""
    reason: Mapped[str | None] = mapped_column(String(40))
    """A code where the act needs a reason, such as a break-glass."""
    chain: Mapped[str | None] = mapped_column(String(36))
    seq: Mapped[int | None] = mapped_column(BigInteger().with_variant(Integer, "sqlite"))
    previous: Mapped[str | None] = mapped_column(String(64))
    hash: Mapped[str | None] = mapped_column(String(64))


class AuditHead(Base):
    """The newest entry of a chain. Whoever adds to the chain holds this row's lock."""

    __tablename__ = "audit_head"

    chain: Mapped[str] = mapped_column(String(36), primary_key=True)
    seq: Mapped[int] = mapped_column(BigInteger().with_variant(Integer, "sqlite"))
    hash: Mapped[str] = mapped_column(String(64))


class AuditIsAppendOnly(RuntimeError):
    """Something tried to change or delete what has happened: a mistake of ours, never of a user."""


def _refuse(_mapper: Mapper[Any], _connection: Connection, entry: AuditEntry) -> None:
    raise AuditIsAppendOnly(f"audit entry {entry.id}")


event.listen(AuditEntry, "before_update", _refuse)
event.listen(AuditEntry, "before_delete", _refuse)

# The database itself refuses too: whoever wants to change what happened has to take these away first, and
# then the chain shows it.
GUARDS = {
    "sqlite": (
        "CREATE TRIGGER audit_entry_stays BEFORE DELETE ON audit_entry"
        " BEGIN SELECT RAISE(ABORT, 'audit entries stay'); END",
        "CREATE TRIGGER audit_entry_is_final BEFORE UPDATE ON audit_entry WHEN OLD.hash IS NOT NULL"
        " BEGIN SELECT RAISE(ABORT, 'audit entries stay'); END",
    ),
    "postgresql": (
        "CREATE OR REPLACE FUNCTION audit_entry_stays() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN RAISE EXCEPTION 'audit entries stay'; END $$",
        "CREATE TRIGGER audit_entry_stays BEFORE DELETE ON audit_entry"
        " FOR EACH ROW EXECUTE FUNCTION audit_entry_stays()",
        "CREATE TRIGGER audit_entry_is_final BEFORE UPDATE ON audit_entry"
        " FOR EACH ROW WHEN (OLD.hash IS NOT NULL) EXECUTE FUNCTION audit_entry_stays()",
    ),
}
_table = AuditEntry.__table__
assert isinstance(_table, Table)
for _dialect, _statements in GUARDS.items():
    for _statement in _statements:
        _ddl = DDL(_statement)  # type: ignore[no-untyped-call]
        event.listen(_table, "after_create", _ddl.execute_if(dialect=_dialect))
