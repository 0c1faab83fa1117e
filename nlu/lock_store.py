"""The lock on a conversation, held in Redis where several Rasa processes run (`SPORTELLO_REDIS_URL`).

A turn that one process still works on, and that the bot has given to another meanwhile, must be waited for.
Rasa's own Redis store keeps a ticket until its time is over: a process that is killed would block its
conversations for ten minutes. This lock lives for three seconds and is renewed by its holder, so that it ends
three seconds after whoever held it. Order among those who wait is not kept: the backoffice leases a
conversation to one worker at a time.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Final

from rasa.core.lock import TicketLock
from rasa.core.lock_store import LockStore
from redis.asyncio import Redis
from redis.asyncio.lock import Lock
from redis.exceptions import LockError, RedisError

from nlu.failures import LockStoreFailed

LIVES_SECONDS: Final = 3.0
RENEWED_SECONDS: Final = 1.0
PATIENCE_SECONDS: Final = 20.0
"""How long a turn waits for another one of its conversation; the bot has given it up long before."""
_POLL_SECONDS: Final = 0.05
_ANSWER_SECONDS: Final = 1.5
_log = logging.getLogger(__name__)


class SharedLockStore(LockStore):
    """Locks in Redis. One that is lost while a turn runs ends it: the memory may be another's by now."""

    def __init__(self, url: str) -> None:
        """Connect when first used.

        Args:
            url: `redis://[:password@]host[:port][/database]`, or `rediss://` with TLS.
        """
        self._redis = Redis.from_url(
            url, socket_timeout=_ANSWER_SECONDS, socket_connect_timeout=_ANSWER_SECONDS
        )

    async def is_alive(self) -> bool:
        """Tell whether Redis answers: without it no turn can be made."""
        try:
            return bool(await self._redis.ping())
        except (RedisError, OSError):
            return False

    @asynccontextmanager
    async def lock(
        self, conversation_id: str, lock_lifetime: float = 0, wait_time_in_seconds: float = 0
    ) -> AsyncIterator[TicketLock]:
        """Hold the lock while the block runs. Rasa's two numbers are not ours, see the constants above.

        Raises:
            LockStoreFailed: Redis does not answer, the lock is another's for too long, or was lost.
        """
        held = Lock(
            self._redis,
            f"sportello:turn:{conversation_id}",
            timeout=LIVES_SECONDS,
            sleep=_POLL_SECONDS,
            blocking_timeout=PATIENCE_SECONDS,
            thread_local=False,
        )
        try:
            taken = await held.acquire()
        except (RedisError, OSError) as error:
            raise LockStoreFailed(type(error).__name__) from None
        if not taken:
            raise LockStoreFailed("busy")
        renewing = asyncio.create_task(_renew(held, asyncio.current_task()))
        try:
            yield TicketLock(conversation_id)
        except asyncio.CancelledError:
            if renewing.done() and not renewing.cancelled() and renewing.result():
                raise LockStoreFailed("lost") from None
            raise
        finally:
            renewing.cancel()
            with suppress(LockError, RedisError, OSError):
                await held.release()


async def can_lock(store: LockStore) -> bool:
    """Tell whether a lock can be had; in the process's own memory it always can."""
    return await store.is_alive() if isinstance(store, SharedLockStore) else True


async def _renew(held: Lock, holder: asyncio.Task[object] | None) -> bool:
    """Renew until cancelled; return true, having ended the holder, when the lock is lost."""
    loop = asyncio.get_running_loop()
    renewed = loop.time()
    while True:
        await asyncio.sleep(RENEWED_SECONDS)
        try:
            await held.reacquire()
            renewed = loop.time()
        except LockError:
            break
        except (RedisError, OSError):
            if loop.time() - renewed >= LIVES_SECONDS:
                break
    _log.error("lock lost")
    if holder is not None:
        holder.cancel()
    return True
