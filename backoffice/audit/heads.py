"""Signs the end of each chain now and then and keeps it outside of the database.

Whoever may change the database could cut off the end of a chain together with its head. The signed heads
lie in `audit-heads.jsonl` of the data folder; copied to another machine they are out of reach.
"""

from __future__ import annotations

import asyncio
import json
from base64 import b64decode, b64encode
from datetime import datetime
from pathlib import Path
from typing import Any

import structlog
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError
from starlette.concurrency import run_in_threadpool

from backoffice.audit.models import AuditHead
from backoffice.clock import Clock
from backoffice.database import Database
from backoffice.encryption.cipher import derived_key
from backoffice.metrics.counters import succeeded

HEADS_FILE = "audit-heads.jsonl"
EVERY_SECONDS = 600.0
_PURPOSE = "audit heads 1"

log = structlog.get_logger(__name__)


async def sign_heads_regularly(database: Database, data_dir: Path, secret: str, clock: Clock) -> None:
    """Sign now and then every ten minutes, until cancelled."""
    while True:
        try:
            await run_in_threadpool(sign_heads, database, data_dir / HEADS_FILE, secret, now=clock())
        except (SQLAlchemyError, OSError) as error:
            log.error("audit_heads_failed", error=type(error).__name__)
        else:
            succeeded("audit_heads")
        await asyncio.sleep(EVERY_SECONDS)


def sign_heads(database: Database, path: Path, secret: str, *, now: datetime) -> int:
    """Append the heads that have moved since; return how many."""
    known = _last_signed(path)
    key = _private_key(secret)
    with database.read() as session:
        heads = session.scalars(select(AuditHead).order_by(AuditHead.chain)).all()
    moved = [head for head in heads if head.seq > known.get(head.chain, 0)]
    if moved:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a", encoding="utf-8") as file:
            for head in moved:
                file.write(json.dumps(_signed(head, key, now)) + "\n")
    return len(moved)


def is_signed(head: dict[str, Any], key: Ed25519PublicKey) -> bool:
    """Tell whether a kept head bears our signature."""
    try:
        key.verify(
            b64decode(head["signature"]), _message(head["chain"], head["seq"], head["hash"], head["at"])
        )
    except (InvalidSignature, KeyError, ValueError):
        return False
    return True


def sign_anew(path: Path, *, old_secret: str, secret: str) -> int:
    """Sign the kept heads with another secret; return how many. One that we never signed stays as it is."""
    if not path.exists():
        return 0
    old, key = public_key_of(old_secret), _private_key(secret)
    kept, count = [], 0
    for line in path.read_text(encoding="utf-8").splitlines():
        head = json.loads(line)
        if is_signed(head, old):
            signature = key.sign(_message(head["chain"], head["seq"], head["hash"], head["at"]))
            head["signature"] = b64encode(signature).decode()
            count += 1
        kept.append(json.dumps(head))
    fresh = path.with_name(f"{path.name}.new")
    fresh.write_text("".join(f"{line}\n" for line in kept), encoding="utf-8")
    fresh.replace(path)
    return count


def public_key_of(secret: str) -> Ed25519PublicKey:
    """Return the key that signatures are checked with."""
    return _private_key(secret).public_key()


def _private_key(secret: str) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(derived_key(secret.encode(), _PURPOSE))


def _signed(head: AuditHead, key: Ed25519PrivateKey, now: datetime) -> dict[str, Any]:
    at = now.isoformat(timespec="seconds")
    signature = key.sign(_message(head.chain, head.seq, head.hash, at))
    return {
        "chain": head.chain,
        "seq": head.seq,
        "hash": head.hash,
        "at": at,
        "signature": b64encode(signature).decode(),
    }


def _message(chain: str, seq: int, hash: str, at: str) -> bytes:
    return f"{chain}\n{seq}\n{hash}\n{at}".encode()


def _last_signed(path: Path) -> dict[str, int]:
    last: dict[str, int] = {}
    if path.exists():
        for line in path.read_text(encoding="utf-8").splitlines():
            head = json.loads(line)
            last[head["chain"]] = head["seq"]
    return last
