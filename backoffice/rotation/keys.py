"""New keys of the organisations: every data key is wrapped anew, in batches, and the old ones are destroyed.

What is sealed stays as it lies: only the 60 bytes that wrap each data key change. A run that was interrupted
is taken up where it was: an organisation with two keys is in the middle of it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from backoffice.database import Database
from backoffice.encryption import cipher
from backoffice.encryption.keyring import ring_in
from backoffice.encryption.models import DataKey, OrganisationKey

AT_ONCE = 500


def rotate_keys(database: Database, *, now: datetime, tell: Callable[[str], None] = print) -> int:
    """Give every organisation a new key; return how many data keys were wrapped anew.

    Nothing else may write meanwhile: a process that still holds an old key would wrap new ones with it.
    """
    with database.read() as session:
        owners = session.scalars(select(OrganisationKey.organisation_id).distinct()).all()
    total = 0
    for owner in sorted(owners, key=lambda each: each or ""):
        with database.transaction() as session:
            if len(_active(session, owner)) < 2:
                ring_in(session).make_organisation_key(session, owner)
        while done := _wrap_batch(database, owner):
            total += done
            tell(f"{total} keys wrapped anew")
        with database.transaction() as session:
            _retire(session, owner, now)
            ring_in(session).forget()
    return total


def _active(session: Session, owner: str | None) -> Sequence[OrganisationKey]:
    """Return the keys that are not retired, the newest first."""
    mine = (
        OrganisationKey.organisation_id.is_(None)
        if owner is None
        else OrganisationKey.organisation_id == owner
    )
    statement = select(OrganisationKey).where(mine, OrganisationKey.retired_at.is_(None))
    newest = (OrganisationKey.created_at.desc(), OrganisationKey.id.desc())
    return session.scalars(statement.order_by(*newest)).all()


def _wrap_batch(database: Database, owner: str | None) -> int:
    with database.transaction() as session:
        new, *old = _active(session, owner)
        ring = ring_in(session)
        keys = {each.id: ring.unwrap_organisation_key(each.wrapped, key_id=each.id) for each in (new, *old)}
        rows = session.scalars(
            select(DataKey).where(DataKey.organisation_key_id.in_([each.id for each in old])).limit(AT_ONCE)
        ).all()
        for row in rows:
            if row.wrapped is not None:
                key = cipher.unwrap(row.wrapped, keys[row.organisation_key_id], key_id=row.id)
                row.wrapped = cipher.wrap(key, keys[new.id], key_id=row.id)
            row.organisation_key_id = new.id  # of destroyed keys too: nothing hangs on the old one any more
        return len(rows)


def _retire(session: Session, owner: str | None, now: datetime) -> None:
    """Destroy the old keys: whoever had one has nothing."""
    old = [each.id for each in _active(session, owner)[1:]]
    session.execute(
        update(OrganisationKey).where(OrganisationKey.id.in_(old)).values(retired_at=now, wrapped=b"")
    )
