"""The keys of one database, unwrapped when they are needed and kept in memory for a while.

Values are sealed and opened inside of statements, where no session is at hand: the ring reads keys over
connections of its own. A key that was destroyed elsewhere is forgotten here after a minute at the latest;
who destroys it also removes what it sealed, so nothing is left for it to open.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final
from weakref import WeakKeyDictionary

from sqlalchemy import Dialect, Engine, insert, select, update
from sqlalchemy.orm import Session

from backoffice.database import access_of, make_side_engine, new_id
from backoffice.encryption import cipher
from backoffice.encryption.models import DataKey, OrganisationKey

KEPT_SECONDS = 60.0
MOST_KEPT = 20_000

_KEYS_PURPOSE = "keys 1"

INSTALLATION_KEY_ID: Final = (
    select(DataKey.id)
    .join(OrganisationKey, OrganisationKey.id == DataKey.organisation_key_id)
    .where(OrganisationKey.organisation_id.is_(None), DataKey.destroyed_at.is_(None))
    .order_by(DataKey.id)
    .limit(1)
)
"""Which key seals what belongs to no organisation: the first that there is."""


class SecretMissing(RuntimeError):
    """The database was opened without the installation's secret: a mistake of ours."""


class KeyDestroyed(Exception):
    """There is no such key any more: what it sealed is gone."""


class KeyNotAtHand(Exception):
    """A key is not in memory, or has been for too long; `key_id` says which."""

    def __init__(self, key_id: str) -> None:
        super().__init__(key_id)
        self.key_id = key_id


@dataclass(frozen=True)
class HeldKey:
    """A key in memory, or (`key` None) the knowledge that it was destroyed."""

    key: bytes | None
    since: float

    @property
    def is_fresh(self) -> bool:
        """Whether it was read so lately that nobody needs to look again."""
        return time.monotonic() - self.since <= KEPT_SECONDS


class KeyRing:
    """The keys of one database.

    Args:
        engine: for connections of the ring's own; never the one that a session holds.
        secret: `SPORTELLO_SECRET_KEY`, which the keys of organisations are wrapped by.
    """

    def __init__(self, engine: Engine, secret: str | None) -> None:
        self._engine = engine
        self._secret = secret
        self._held: OrderedDict[str, HeldKey] = OrderedDict()
        self._organisation_keys: dict[str, bytes] = {}
        self._installation_key_id: str | None = None
        self._lock = threading.Lock()

    def key(self, key_id: str) -> bytes:
        """Return a key.

        Raises:
            KeyDestroyed: it is no more.
            Unreadable: it was wrapped with another secret.
        """
        held = self._in_memory(key_id)
        if held is None or not held.is_fresh:
            # A key whose row is not committed yet is in no other connection's sight: it stays.
            held = self._read(key_id) or held or HeldKey(None, time.monotonic())
            self._keep(key_id, held)
        if held.key is None:
            raise KeyDestroyed(key_id)
        return held.key

    def key_at_hand(self, key_id: str) -> bytes:
        """Return a key without asking the database.

        Raises:
            KeyDestroyed: it is no more.
            KeyNotAtHand: that the database would have to be asked.
        """
        held = self._in_memory(key_id)
        if held is None or not held.is_fresh:
            raise KeyNotAtHand(key_id)
        if held.key is None:
            raise KeyDestroyed(key_id)
        return held.key

    def installation_key_id(self) -> str | None:
        """Return the id of the data key for what belongs to no organisation; None: none is committed yet."""
        held = self._in_memory(self._installation_key_id) if self._installation_key_id else None
        if held is None or held.key is None or not held.is_fresh:
            # Read over a connection of the ring's own: one that is not committed may yet be rolled back, and
            # what it sealed for others would be lost.
            with self._engine.connect() as connection:
                self._installation_key_id = connection.scalar(INSTALLATION_KEY_ID)
        return self._installation_key_id

    def hold(self, key_ids: Iterable[str]) -> None:
        """Read those that are not in memory with one statement: else each is asked for when it is needed."""
        held = {key_id: self._in_memory(key_id) for key_id in key_ids}
        missing = {key_id for key_id, key in held.items() if key is None or not key.is_fresh}
        for key_id, key in self._read_many(missing).items():
            self._keep(key_id, key)

    def make(self, session: Session, organisation_id: str | None) -> str:
        """Make a data key in a transaction, under its organisation's key, and return its id."""
        row = self.rows_of_new_keys(session, [organisation_id])[0]
        session.execute(insert(DataKey).values(row))
        return str(row["id"])

    def rows_of_new_keys(
        self, session: Session, organisation_ids: Iterable[str | None]
    ) -> list[dict[str, object]]:
        """Return a new data key for each, as rows to be inserted at once; the ring holds them from now on."""
        wrapping: dict[str | None, str] = {}
        rows: list[dict[str, object]] = []
        for organisation_id in organisation_ids:
            if organisation_id not in wrapping:
                wrapping[organisation_id] = self._wrapping_key(session, organisation_id)
            number, key, by = new_id(), cipher.new_key(), wrapping[organisation_id]
            self._keep(number, HeldKey(key, time.monotonic()))
            wrapped = cipher.wrap(key, self._organisation_keys[by], key_id=number)
            made = {"id": number, "organisation_key_id": by, "wrapped": wrapped}
            rows.append(made | {"created_at": datetime.now(UTC)})
        return rows

    def destroy(self, session: Session, key_ids: set[str], *, now: datetime) -> int:
        """Destroy keys; return how many there were. What they sealed can never be read again."""
        statement = (
            update(DataKey)
            .where(DataKey.id.in_(key_ids), DataKey.destroyed_at.is_(None))
            .values(wrapped=None, destroyed_at=now)
            .returning(DataKey.id)
        )
        gone = session.execute(statement, execution_options={"synchronize_session": False}).all()
        with self._lock:
            for key_id in key_ids:
                self._held.pop(key_id, None)
        return len(gone)

    def forget(self) -> None:
        """Forget every key in memory: after a rotation, and in tests."""
        with self._lock:
            self._held.clear()
            self._organisation_keys.clear()

    def wrap_organisation_key(self, key: bytes, *, key_id: str) -> bytes:
        """Return an organisation's key as its row keeps it."""
        return cipher.wrap(key, self._installation_key(), key_id=key_id)

    def unwrap_organisation_key(self, wrapped: bytes, *, key_id: str) -> bytes:
        """Return an organisation's key.

        Raises:
            Unreadable: it was wrapped with another secret.
        """
        return cipher.unwrap(wrapped, self._installation_key(), key_id=key_id)

    def _installation_key(self) -> bytes:
        if self._secret is None:
            raise SecretMissing("Database(url, secret=...) is needed to read or write what is sealed")
        return cipher.derived_key(self._secret.encode(), _KEYS_PURPOSE)

    def _wrapping_key(self, session: Session, organisation_id: str | None) -> str:
        newest = (
            select(OrganisationKey.id, OrganisationKey.wrapped)
            .where(
                OrganisationKey.organisation_id.is_(None)
                if organisation_id is None
                else OrganisationKey.organisation_id == organisation_id,
                OrganisationKey.retired_at.is_(None),
            )
            .order_by(OrganisationKey.created_at.desc(), OrganisationKey.id.desc())
            .limit(1)
        )
        with session.no_autoflush:
            found = session.execute(newest).first()
        if found is None:
            return self.make_organisation_key(session, organisation_id)
        if found.id not in self._organisation_keys:
            self._organisation_keys[found.id] = self.unwrap_organisation_key(found.wrapped, key_id=found.id)
        number: str = found.id
        return number

    def make_organisation_key(self, session: Session, organisation_id: str | None) -> str:
        """Make a wrapping key of an organisation (None: the installation's) and return its id."""
        number, key = new_id(), cipher.new_key()
        row = {
            "id": number,
            "organisation_id": organisation_id,
            "wrapped": self.wrap_organisation_key(key, key_id=number),
            "created_at": datetime.now(UTC),
        }
        session.execute(insert(OrganisationKey).values(row))
        self._organisation_keys[number] = key
        return number

    def _read(self, key_id: str) -> HeldKey | None:
        return self._read_many({key_id}).get(key_id)

    def _read_many(self, key_ids: set[str]) -> dict[str, HeldKey]:
        if not key_ids:
            return {}
        statement = (
            select(DataKey.id, DataKey.wrapped, DataKey.organisation_key_id, OrganisationKey.wrapped)
            .join(OrganisationKey, OrganisationKey.id == DataKey.organisation_key_id)
            .where(DataKey.id.in_(key_ids))
        )
        with self._engine.connect() as connection:
            rows = connection.execute(statement).all()
        return {
            key_id: self._opened(key_id, wrapped, by, wrapped_by) for key_id, wrapped, by, wrapped_by in rows
        }

    def _opened(self, key_id: str, wrapped: bytes | None, by: str, wrapped_by: bytes) -> HeldKey:
        if wrapped is None:
            return HeldKey(None, time.monotonic())
        if by not in self._organisation_keys:
            self._organisation_keys[by] = self.unwrap_organisation_key(wrapped_by, key_id=by)
        key = cipher.unwrap(wrapped, self._organisation_keys[by], key_id=key_id)
        return HeldKey(key, time.monotonic())

    def _in_memory(self, key_id: str) -> HeldKey | None:
        with self._lock:
            return self._held.get(key_id)

    def _keep(self, key_id: str, held: HeldKey) -> None:
        with self._lock:
            self._held[key_id] = held
            self._held.move_to_end(key_id)
            while len(self._held) > MOST_KEPT:
                self._held.popitem(last=False)


_rings: WeakKeyDictionary[Dialect, KeyRing] = WeakKeyDictionary()


def ring_of(dialect: Dialect) -> KeyRing:
    """Return the ring of the database that a dialect speaks to."""
    ring = _rings.get(dialect)
    if ring is None:
        access = access_of(dialect)
        ring = _rings[dialect] = KeyRing(make_side_engine(dialect), access.secret)
    return ring


def ring_in(session: Session) -> KeyRing:
    """Return the ring of a session's database."""
    return ring_of(session.get_bind().dialect)
