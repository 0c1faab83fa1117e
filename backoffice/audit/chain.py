"""Chains the audit trail as its transaction commits: so late, because the head of the chain stays locked."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import UTC
from typing import Any

from sqlalchemy import event, inspect, select, update
from sqlalchemy.orm import Session

from backoffice.audit.models import AuditEntry, AuditHead
from backoffice.database import Base
from backoffice.idempotency.service import insert_unless_there

INSTALLATION = "installation"
"""The chain of what no member of staff did: the service on a citizen's behalf, the regular jobs."""

BEGINNING = "0" * 64
"""What the first entry of a chain has as the hash before it."""

PENDING = "audit_entries"


def entry_hash(entry: Any, *, chain: str, seq: int, previous: str) -> str:
    """Return the hash of an entry at its place: SHA-256 of the hash before and of its canonical JSON."""
    told = {
        "action": entry.action,
        "actor": entry.actor,
        "at": entry.at.astimezone(UTC).isoformat(timespec="microseconds"),
        "chain": chain,
        "reason": entry.reason,
        "roles": entry.roles,
        "seq": seq,
        "subject_id": entry.subject_id,
        "subject_kind": entry.subject_kind,
    }
    canonical = json.dumps(told, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(f"{previous}{canonical}".encode()).hexdigest()


@event.listens_for(Session, "before_commit")
def _chain_what_happened(session: Session) -> None:
    if session.in_nested_transaction():
        return
    pending: list[AuditEntry] | None = session.info.pop(PENDING, None)
    if pending:
        session.flush()
        chain_entries(session, pending)


@event.listens_for(Session, "after_rollback")
def _forget(session: Session) -> None:
    if not session.in_nested_transaction():  # a savepoint's entries are missed when they are looked for
        session.info.pop(PENDING, None)


def chain_entries(session: Session, pending: Iterable[AuditEntry]) -> None:
    """Give entries their place. A savepoint that was rolled back took its entries with it."""
    places = [inspect(entry).identity for entry in pending]  # an expired entry would be read once more
    numbers = [place[0] for place in places if place is not None]
    found = session.execute(
        select(*AuditEntry.__table__.columns)
        .where(AuditEntry.id.in_(numbers), AuditEntry.hash.is_(None))
        .order_by(AuditEntry.id)
    ).all()
    chains = _chains_of(session, {row.actor for row in found})
    by_chain: dict[str, list[Any]] = defaultdict(list)
    for row in found:
        by_chain[chains.get(row.actor, INSTALLATION)].append(row)
    for chain in sorted(by_chain):  # always in this order: two transactions never wait for each other
        _append(session, chain, by_chain[chain])


def _append(session: Session, chain: str, entries: Sequence[Any]) -> None:
    first = {"chain": chain, "seq": 0, "hash": BEGINNING}
    session.execute(insert_unless_there(session, AuditHead).values(first))
    at_head = select(AuditHead.seq, AuditHead.hash).where(AuditHead.chain == chain)
    seq, previous = session.execute(at_head.with_for_update()).one()
    for entry in entries:
        seq += 1
        found = entry_hash(entry, chain=chain, seq=seq, previous=previous)
        place = {"chain": chain, "seq": seq, "previous": previous, "hash": found}
        _run(session, update(AuditEntry).where(AuditEntry.id == entry.id).values(place))
        previous = found
    _run(session, update(AuditHead).where(AuditHead.chain == chain).values(seq=seq, hash=previous))


def _chains_of(session: Session, actors: set[str]) -> dict[str, str]:
    staff = Base.metadata.tables["staff"]
    rows = session.execute(select(staff.c.id, staff.c.organisation_id).where(staff.c.id.in_(actors)))
    return {row.id: row.organisation_id for row in rows}


def _run(session: Session, statement: Any) -> None:
    session.execute(statement, execution_options={"synchronize_session": False})
