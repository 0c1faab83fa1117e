"""What is looked up in the database when Prometheus asks. Every backoffice tells the same: take one."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import structlog
from prometheus_client import CollectorRegistry
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector
from sqlalchemy import Select, func, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session
from sqlalchemy.pool import QueuePool

from backoffice.client.schemas import Channel, Mode
from backoffice.clock import Clock
from backoffice.conversation.models import (
    Conversation,
    Delivery,
    InboxEntry,
    InboxState,
    Rendering,
    RenderingState,
)
from backoffice.conversation.outbox import UNSENT
from backoffice.database import Database
from backoffice.mail.models import Mail
from backoffice.reminder.models import Reminder

log = structlog.get_logger(__name__)


class StateCollector(Collector):
    """Looks, in one read session. Where the database does not answer it says just that."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def describe(self) -> Iterator[GaugeMetricFamily]:
        """Name nothing beforehand: registering must not ask the database."""
        return iter(())

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Yield every figure."""
        yield from self._connections()
        try:
            with self._database.read() as session:
                found = list(_state(session, self._clock()))
        except SQLAlchemyError as error:
            log.error("metrics_without_database", error=type(error).__name__)
            found = []
        yield _gauge("database_up", "Whether the database answered.", 1.0 if found else 0.0)
        yield from found

    def _connections(self) -> Iterator[GaugeMetricFamily]:
        pool = self._database.engine.pool
        if not isinstance(pool, QueuePool):
            return
        family = _family("database_connections", "Connections of this process.", "state")
        family.add_metric(["busy"], pool.checkedout())
        family.add_metric(["idle"], pool.checkedin())
        yield family
        most = pool.size() + pool._max_overflow
        yield _gauge("database_connections_most", "How many there may be.", most)


def registry_of(database: Database, clock: Clock) -> CollectorRegistry:
    """Return a registry with the state of one database."""
    registry = CollectorRegistry()
    registry.register(StateCollector(database, clock))
    return registry


def _state(session: Session, now: datetime) -> Iterator[GaugeMetricFamily]:
    yield from _waiting(session, now)
    yield from _outbox(session, now)
    pending = select(func.count(), func.min(InboxEntry.created_at)).where(
        InboxEntry.state == InboxState.PENDING
    )
    yield from _queue(session, "turns_pending", "messages that the assistant has to answer", pending, now)
    due = select(func.count(), func.min(Reminder.due_at)).where(
        Reminder.ended_at.is_(None), Reminder.due_at <= now
    )
    yield from _queue(session, "reminders_due", "reminders whose time has come", due, now)
    letters = select(func.count(), func.min(Mail.created_at))
    yield from _queue(session, "mail_unsent", "mails to staff that have not left", letters, now)
    renderings = select(func.count(), func.min(Rendering.next_at)).where(
        Rendering.state == RenderingState.PENDING
    )
    yield from _queue(session, "translations_due", "texts to be translated", renderings, now)


def _waiting(session: Session, now: datetime) -> Iterator[GaugeMetricFamily]:
    count = _family("waiting_conversations", "People who wait for a human.", "urgent")
    oldest = _family("waiting_oldest_seconds", "For how long the first of them has waited.", "urgent")
    statement = (
        select(Conversation.urgent, func.count(), func.min(Conversation.waiting_since))
        .where(Conversation.mode == Mode.WAITING)
        .group_by(Conversation.urgent)
    )
    found = {bool(urgent): (number, since) for urgent, number, since in session.execute(statement)}
    for urgent in (False, True):
        number, since = found.get(urgent, (0, None))
        count.add_metric([str(urgent).lower()], number)
        oldest.add_metric([str(urgent).lower()], _age(since, now))
    yield count
    yield oldest


def _outbox(session: Session, now: datetime) -> Iterator[GaugeMetricFamily]:
    depth = _family("outbox_deliveries", "Messages on their way to people.", "channel", "state")
    late = _family("outbox_late_seconds", "For how long the first of them could have been sent.", "channel")
    statement = (
        select(Delivery.channel, Delivery.state, func.count(), func.min(Delivery.next_at))
        .where(Delivery.channel.in_(tuple(Channel)), Delivery.state.in_(UNSENT))
        .group_by(Delivery.channel, Delivery.state)
    )
    found = {
        (channel, state): (number, next_at) for channel, state, number, next_at in session.execute(statement)
    }
    for channel in Channel:
        of_channel = {state: found.get((channel, state), (0, None)) for state in UNSENT}
        for state, (number, _) in of_channel.items():
            depth.add_metric([channel.value, state.value], number)
        ages = [_age(next_at, now) for _, next_at in of_channel.values()]
        late.add_metric([channel.value], max(ages))
    yield depth
    yield late


def _queue(
    session: Session, name: str, what: str, statement: Select[int, datetime | None], now: datetime
) -> Iterator[GaugeMetricFamily]:
    number, since = session.execute(statement).one()
    yield _gauge(name, f"How many {what}.", number)
    yield _gauge(f"{name}_oldest_seconds", f"Of {what}: for how long the first has waited.", _age(since, now))


def _age(since: datetime | None, now: datetime) -> float:
    return 0.0 if since is None else max((now - since).total_seconds(), 0.0)


def _family(name: str, what: str, *labels: str) -> GaugeMetricFamily:
    return GaugeMetricFamily(f"sportello_{name}", what, labels=labels)


def _gauge(name: str, what: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(f"sportello_{name}", what, value=value)
