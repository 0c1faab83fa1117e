"""The same request twice has its effect once, and gets the first answer again.

A key belongs to one caller and one operation. The row is written before the effect, in its
transaction: a twin at the same moment waits for it on the row's key (PostgreSQL) or on the write
lock (SQLite), then reads the result. The source of the rules: the contract (another body: 409) and
draft-ietf-httpapi-idempotency-key-header-07.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, TypeVar

from pydantic import BaseModel
from pydantic_core import to_jsonable_python
from sqlalchemy import FromClause, Insert, delete, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from backoffice.encryption.columns import mark
from backoffice.encryption.sealing import installation_key_id
from backoffice.errors import Conflict
from backoffice.idempotency.models import Effect

KEPT = timedelta(days=7)
"""Longer than Telegram keeps an update (24 hours) and than a browser keeps an unsent form."""

Result = TypeVar("Result", bound=BaseModel)


class KeyReused(Conflict):
    """The key came before with another body."""

    def __init__(self) -> None:
        super().__init__("error.key_reused", way_out="error.key_reused.way_out")


def once(
    session: Session,
    act: Callable[[], Result],
    *,
    result_type: type[Result],
    principal: str,
    operation: str,
    key: str | None,
    request: Any,
    now: datetime,
) -> Result:
    """Act, unless this caller did so before under this key: then return what came of it.

    Args:
        session: the transaction that the effect belongs to.
        act: has the effect and returns the answer.
        result_type: the answer's model, to read a stored one with.
        principal: whose key it is.
        operation: what the key is for; the same key may serve two operations.
        key: the `Idempotency-Key`; without one there is no memory.
        request: everything that the answer depends on, as JSON can hold it.
        now: the present moment.

    Raises:
        KeyReused: the key came before with another body.
    """
    if key is None:
        return act()
    body = fingerprint(request)
    if _is_first(session, principal, operation, key, body, now):
        result = act()
        session.flush()
        session.execute(
            update(Effect)
            .where(Effect.principal == principal, Effect.operation == operation, Effect.key == key)
            .values(result=mark(result.model_dump(mode="json", by_alias=True), installation_key_id(session)))
        )
        return result
    stored = session.execute(
        select(Effect.fingerprint, Effect.result).where(
            Effect.principal == principal, Effect.operation == operation, Effect.key == key
        )
    ).one()
    if stored.fingerprint != body:
        raise KeyReused
    return result_type.model_validate(stored.result)


def fingerprint(request: Any) -> str:
    """Return the SHA-256 of a request's canonical JSON."""
    plain = to_jsonable_python(request)
    return hashlib.sha256(
        json.dumps(plain, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode(
            "utf-8", "surrogatepass"
        )
    ).hexdigest()


def purge_effects(session: Session, *, now: datetime) -> None:
    """Delete what is older than a week."""
    session.execute(delete(Effect).where(Effect.created_at < now - KEPT))


def _is_first(session: Session, principal: str, operation: str, key: str, mark: str, now: datetime) -> bool:
    row = {
        "principal": principal, "operation": operation, "key": key, "fingerprint": mark, "created_at": now
    }  # fmt: skip
    written = session.execute(insert_unless_there(session, Effect).values(row).returning(Effect.key))
    return written.first() is not None


def insert_unless_there(session: Session, table: type[Any] | FromClause) -> Any:
    """Return `INSERT ... ON CONFLICT DO NOTHING` in the database's own dialect."""
    insert: Callable[[Any], Insert] = (
        postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    )
    return insert(table).on_conflict_do_nothing()  # type: ignore[attr-defined]  # both dialects have it
