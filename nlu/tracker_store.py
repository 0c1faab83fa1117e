"""Rasa's trackers, encrypted: in a SQLite file of one process, or in PostgreSQL for several.

They need not last: the transcript is the backoffice's.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import sqlalchemy as sa
from rasa.core.tracker_store import SQLTrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.trackers import DialogueStateTracker
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import QueuePool

from nlu import failpoints
from nlu.failures import TrackerStoreFailed
from nlu.memory import MemoryLocked, SealedEvent
from nlu.sessions import shorten

_BUSY_MILLISECONDS: Final = 3000
_SERVER_PATIENCE: Final = {"connect_timeout": "3", "tcp_user_timeout": "5000"}
"""libpq's: seconds for a connection, milliseconds until one to a machine that is gone counts as broken."""
_ONE_AT_A_TIME: Final = sa.text("SELECT pg_advisory_xact_lock(7265017)")
_SESSION_INDEX: Final = sa.text(
    "CREATE INDEX IF NOT EXISTS ix_events_session ON events (sender_id, type_name, timestamp)"
)
"""Rasa indexes the sender alone and then sorts out sessions row by row."""


class SealedTrackerStore(SQLTrackerStore):
    """A failure ends the turn instead of beginning a conversation without memory."""

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        """Return the conversation, or None when there is none.

        Raises:
            TrackerStoreFailed: they can't be read.
        """
        try:
            return await super().retrieve(sender_id)
        except (SQLAlchemyError, OSError, ValueError, MemoryLocked) as error:
            raise TrackerStoreFailed(type(error).__name__) from None

    async def retrieve_full_tracker(self, conversation_id: str) -> DialogueStateTracker | None:
        """Return the conversation with all its sessions; raises as `retrieve`."""
        try:
            return await super().retrieve_full_tracker(conversation_id)
        except (SQLAlchemyError, OSError, ValueError, MemoryLocked) as error:
            raise TrackerStoreFailed(type(error).__name__) from None

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Store the new events in one commit; of a long conversation, with the start of its next session.

        Raises:
            TrackerStoreFailed: they can't be written.
        """
        failpoints.reached("before-tracker-save")
        shorten(tracker)
        try:
            await super().save(tracker)
        except (SQLAlchemyError, OSError, ValueError, MemoryLocked) as error:
            raise TrackerStoreFailed(type(error).__name__) from None
        failpoints.reached("after-tracker-save")


class FileTrackerStore(SealedTrackerStore):
    """One process, one file."""

    engine: Any

    def __init__(
        self, domain: Domain | None = None, path: str = "", host: str | None = None, **kwargs: Any
    ) -> None:
        """Open the file, or make it.

        Args:
            domain: Rasa's.
            path: The file; its folder is made where it is missing.
            host: Rasa gives it always; not used.
            kwargs: Rasa's event broker.
        """
        Path(path).parent.mkdir(parents=True, exist_ok=True)
        self.SQLEvent.__table__.c.data.type = SealedEvent()
        super().__init__(domain=domain, dialect="sqlite", db=path, **kwargs)
        self.engine.dispose()
        # Rasa's own engine opens the file for every read and write, and each close empties the write-ahead
        # log into the file and waits for the disk: a third of a turn's time.
        self.engine = sa.create_engine(self.engine.url, poolclass=QueuePool)
        sa.event.listen(self.engine, "connect", _set_up)
        self.sessionmaker.configure(bind=self.engine)
        with self.engine.begin() as connection:
            connection.execute(_SESSION_INDEX)


class SharedTrackerStore(SealedTrackerStore):
    """Several processes, one PostgreSQL database. Whoever writes holds the lock of `nlu.lock_store`."""

    def __init__(self, url: str, domain: Domain | None = None, **kwargs: Any) -> None:
        """Open the database and make the table where it is missing; waits for a server that is away.

        Args:
            url: `postgresql://user:password@host/database`.
            domain: Rasa's.
            kwargs: Rasa's event broker.
        """
        self.SQLEvent.__table__.c.data.type = SealedEvent()
        patient = sa.engine.make_url(url).update_query_dict(_SERVER_PATIENCE)
        address = patient.render_as_string(hide_password=False)
        super().__init__(domain=domain, dialect="postgresql", host=address, **kwargs)
        with self.engine.begin() as connection:
            connection.execute(_ONE_AT_A_TIME)  # processes that start together
            connection.execute(_SESSION_INDEX)


def _set_up(connection: Any, _record: Any) -> None:
    """WAL and synchronous NORMAL: a tracker lost with the power can be made again (reliability.md, G)."""
    cursor = connection.cursor()
    for pragma in (
        "journal_mode=WAL",
        "synchronous=NORMAL",
        "secure_delete=ON",
        f"busy_timeout={_BUSY_MILLISECONDS}",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()
