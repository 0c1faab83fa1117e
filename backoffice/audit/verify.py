"""`make audit-verify`: walks every chain and names the first place that is not as it was written."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backoffice.audit.chain import BEGINNING, entry_hash
from backoffice.audit.heads import is_signed, public_key_of
from backoffice.audit.models import AuditEntry, AuditHead

_AT_ONCE = 5000


@dataclass(frozen=True)
class Broken:
    """The first place of a chain that is not as it was written: `seq`, and the row that stands there."""

    chain: str
    seq: int
    entry_id: int | None
    what: str

    def __str__(self) -> str:
        row = "" if self.entry_id is None else f", row {self.entry_id}"
        return f"chain {self.chain}, entry {self.seq}{row}: {self.what}"


@dataclass(frozen=True)
class Verified:
    """What was looked at, and what is wrong."""

    entries: int
    chains: int
    broken: list[Broken]


def verify(
    session: Session, *, heads: Path | None = None, secret: str = "", tell: Callable[[str], None] = print
) -> Verified:
    """Check every chain, and the signed heads that were kept of it."""
    chains = session.scalars(select(AuditEntry.chain).where(AuditEntry.chain.is_not(None)).distinct()).all()
    kept = {row.chain: row for row in session.scalars(select(AuditHead))}
    signed = dict(_signed_heads(heads, secret)) if heads is not None else {}
    broken, count = [], 0
    for chain in sorted({*(each for each in chains if each), *kept, *signed}):
        walked = _walk(session, chain, kept.get(chain), signed.get(chain, []), tell)
        count += walked[0]
        broken += [walked[1]] if walked[1] is not None else []
    loose = session.execute(
        select(func.count(), func.min(AuditEntry.id)).where(AuditEntry.hash.is_(None))
    ).one()
    if loose[0]:
        broken.append(Broken("none", 0, loose[1], f"{loose[0]} entries belong to no chain"))
    return Verified(count, len(kept), broken)


def _walk(
    session: Session,
    chain: str,
    head: AuditHead | None,
    signed: list[tuple[int, str]],
    tell: Callable[[str], None],
) -> tuple[int, Broken | None]:
    expected, previous, waiting = 1, BEGINNING, sorted(signed)
    for row in _entries(session, chain):
        wrong = _wrong(row, chain, expected, previous)
        if wrong is not None:
            return expected - 1, Broken(chain, expected, row.id, wrong)
        previous = row.hash
        while waiting and waiting[0][0] == expected:
            if waiting.pop(0)[1] != previous:
                return expected, Broken(chain, expected, row.id, "is not what its signed head says")
        if expected % 50_000 == 0:
            tell(f"{chain}: {expected} entries")
        expected += 1
    if waiting:
        return expected - 1, Broken(
            chain, expected, None, f"is missing: a signed head knows {waiting[-1][0]} entries"
        )
    if head is None or (head.seq, head.hash) != (expected - 1, previous):
        return expected - 1, Broken(
            chain, expected, None, "the chain ends here, but its head stands elsewhere"
        )
    return expected - 1, None


def _wrong(row: Any, chain: str, expected: int, previous: str) -> str | None:
    if row.seq != expected:
        return f"is missing: the next one there is number {row.seq}"
    if row.previous != previous:
        return "does not follow the entry before it"
    if row.hash != entry_hash(row, chain=chain, seq=row.seq, previous=previous):
        return "was changed"
    return None


def _entries(session: Session, chain: str) -> Iterator[Any]:
    after = 0
    while True:
        rows = session.execute(
            select(*AuditEntry.__table__.columns)
            .where(AuditEntry.chain == chain, AuditEntry.seq > after)
            .order_by(AuditEntry.seq)
            .limit(_AT_ONCE)
        ).all()
        yield from rows
        if len(rows) < _AT_ONCE:
            return
        after = rows[-1].seq


def _signed_heads(path: Path, secret: str) -> Iterator[tuple[str, list[tuple[int, str]]]]:
    found: dict[str, list[tuple[int, str]]] = {}
    key = public_key_of(secret)
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    for number, line in enumerate(lines, start=1):
        head = json.loads(line)
        if not is_signed(head, key):
            sys.exit(f"{path.name}, line {number}: the signature does not fit")
        found.setdefault(head["chain"], []).append((head["seq"], head["hash"]))
    yield from found.items()
