"""What happens without anybody asking: renderings that are due are made.

The engine runs in a process of its own, called from a thread that does nothing else, so that neither
pages nor messages wait for it. It is started by the first text that needs it.
"""

from __future__ import annotations

import anyio.to_thread
import structlog
from anyio import CapacityLimiter

from backoffice.clock import Clock
from backoffice.conversation.renderings import RENDERINGS
from backoffice.database import Database
from backoffice.live.broker import LOOK_AGAIN_SECONDS, Broker
from backoffice.metrics.counters import succeeded
from backoffice.translation.rendering import (
    Work,
    ask_again,
    claim_work,
    finish_work,
    has_work,
    put_back,
)
from backoffice.translation.translator import EngineDown, Translated, Translator

log = structlog.get_logger(__name__)


async def render_regularly(database: Database, broker: Broker, translator: Translator, clock: Clock) -> None:
    """Make renderings as they become due, until cancelled. Several processes may do so at once."""
    aside = CapacityLimiter(1)
    known: frozenset[str] | None = None
    async for _ in broker.rings(RENDERINGS, every=LOOK_AGAIN_SECONDS):
        try:
            known = await anyio.to_thread.run_sync(
                _round, database, translator, clock, known, limiter=aside, abandon_on_cancel=True
            )
        except Exception as error:  # one text that breaks something must not stop all others
            log.error("rendering_failed", error=type(error).__name__)
        else:
            succeeded("rendering")


def _round(
    database: Database, translator: Translator, clock: Clock, known: frozenset[str] | None
) -> frozenset[str]:
    installed = translator.packages()
    if known is not None and installed - known:
        take_up(database, clock)
    while make_one(database, translator, clock):
        pass
    return installed


def make_one(database: Database, translator: Translator, clock: Clock) -> bool:
    """Make one rendering; return whether there was one to make."""
    with database.read() as session:
        if not has_work(session, now=clock()):
            return False
    with database.transaction() as session:
        work = claim_work(session, now=clock())
    if work is None:
        return False
    try:
        result = work.known or _translate(translator, work)
    except EngineDown as error:
        log.warning("engine_down", rendering=work.rendering_id, error=str(error))
        with database.transaction() as session:
            put_back(session, work, now=clock())
        return True
    with database.transaction() as session:
        finish_work(session, work, result, now=clock())
    return True


def take_up(database: Database, clock: Clock) -> None:
    """Ask again for what had no package: there are new ones."""
    with database.transaction() as session:
        count = ask_again(session, now=clock())
    log.info("packages_found", asked_again=count)


def _translate(translator: Translator, work: Work) -> Translated:
    return translator.translate(work.text, source=work.source, target=work.target, names=work.names)
