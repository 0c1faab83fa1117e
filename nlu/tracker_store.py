"""Rasa's trackers in a SQLite file, encrypted. It need not last: the transcript is the backoffice's."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import sqlalchemy as sa
from rasa.core.tracker_store import SQLTrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.trackers import DialogueStateTracker
from sqlalchemy.exc import SQLAlchemyError

from nlu import failpoints
from nlu.failures import TrackerStoreFailed
from nlu.memory import MemoryLocked, SealedEvent

_BUSY_MILLISECONDS: Final = 3000


class FileTrackerStore(SQLTrackerStore):
    """One writer, one file; a failure ends the turn instead of beginning a conversation without memory."""

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
        sa.event.listen(self.engine, "connect", _set_up)
        self.engine.dispose()  # connections made before the listener are not set up
        with self.engine.begin() as connection:
            # Rasa indexes the sender alone and then sorts out sessions row by row.
            connection.execute(
                sa.text(
                    "CREATE INDEX IF NOT EXISTS ix_events_session ON events (sender_id, type_name, timestamp)"
                )
            )

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        """Return the conversation, or None when there is none.

        Raises:
            TrackerStoreFailed: the file can't be read.
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
        """Store the new events in one commit.

        Raises:
            TrackerStoreFailed: the file can't be written.
        """
        failpoints.reached("before-tracker-save")
        try:
            await super().save(tracker)
        except (SQLAlchemyError, OSError, ValueError, MemoryLocked) as error:
            raise TrackerStoreFailed(type(error).__name__) from None
        failpoints.reached("after-tracker-save")


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
