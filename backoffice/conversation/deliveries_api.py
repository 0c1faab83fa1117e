"""Deliveries, for the bot: claim by long poll, and what became of them."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool

from backoffice.client.schemas import DeliveriesClaimed, Delivery, DeliveryClaim, DeliveryReport
from backoffice.clock import Clock, ClockDep
from backoffice.conversation import outbox
from backoffice.conversation.messages import deliveries_topic
from backoffice.conversation.uptime import Uptime, UptimeDep
from backoffice.database import Database, DatabaseDep, DbSession, name_operation
from backoffice.live.broker import BrokerDep
from backoffice.metrics.counters import DELIVERIES
from backoffice.service_access import ServiceOnly

router = APIRouter(prefix="/api/v1/service", tags=["service"], dependencies=[ServiceOnly])


@router.post("/deliveries/claim")
async def claim(
    request: DeliveryClaim,
    http: Request,
    database: DatabaseDep,
    broker: BrokerDep,
    uptime: UptimeDep,
    clock: ClockDep,
) -> DeliveriesClaimed:
    """Return what is to be sent, waiting for something as long as asked."""

    async def look() -> list[Delivery] | None:
        return await run_in_threadpool(_claim, database, request, uptime, clock)

    topic = deliveries_topic(request.channel)
    seconds = request.wait_seconds
    found = await broker.poll(look, topic, seconds=seconds, is_gone=http.is_disconnected)
    return DeliveriesClaimed(deliveries=found or [])


def _claim(database: Database, request: DeliveryClaim, uptime: Uptime, clock: Clock) -> list[Delivery] | None:
    now = clock()
    from_others = uptime.is_long(now)
    with uptime.watched(now):
        with database.read() as session:
            if not outbox.has_delivery(session, request, now=now, from_others=from_others):
                return None
        with database.transaction() as session:
            name_operation(session, "delivery-claim")
            return outbox.claim_deliveries(session, request, now=now, from_others=from_others) or None


@router.post("/deliveries/{delivery_id}/report", status_code=204)
def report(delivery_id: str, request: DeliveryReport, session: DbSession, clock: ClockDep) -> None:
    """Record what became of a delivery; a repeated report changes nothing."""
    name_operation(session, "report")
    outbox.report_delivery(session, delivery_id, request, now=clock())
    DELIVERIES.labels(request.outcome.value).inc()
