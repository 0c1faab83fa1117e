from __future__ import annotations

from datetime import timedelta

import httpx
from prometheus_client import REGISTRY
from sqlalchemy.orm import Session

from backoffice.client.client import BackofficeClient
from backoffice.client.schemas import Channel, Mode, WaitingReason
from backoffice.conversation.messages import say
from backoffice.conversation.models import Conversation
from backoffice.database import Database
from backoffice.metrics.state import registry_of
from backoffice.reminder.models import Reminder, ReminderKind
from tests.backoffice.databases import FrozenClock
from tests.backoffice.factories import create_conversation, incoming


def told(database: Database, clock: FrozenClock) -> dict[str, float]:
    """Return every sample, `name{label="value"}` without the prefix of ours."""
    found = {}
    for family in registry_of(database, clock).collect():
        for sample in family.samples:
            labels = ",".join(f"{name}={value}" for name, value in sorted(sample.labels.items()))
            found[f"{sample.name.removeprefix('sportello_')}{{{labels}}}"] = sample.value
    return found


def let_wait(conversation: Conversation, clock: FrozenClock, *, seconds: float, urgent: bool = False) -> None:
    conversation.mode, conversation.urgent = Mode.WAITING, urgent
    conversation.waiting_since = clock() - timedelta(seconds=seconds)
    conversation.waiting_reason = WaitingReason.ASKED


def test_who_waits_for_a_human_is_counted_with_the_longest_wait(
    database: Database, session: Session, clock: FrozenClock
) -> None:
    for seconds, urgent in ((60, False), (300, False), (20, True)):
        let_wait(create_conversation(session), clock, seconds=seconds, urgent=urgent)
    create_conversation(session)
    session.commit()
    found = told(database, clock)
    assert found["waiting_conversations{urgent=false}"] == 2
    assert found["waiting_oldest_seconds{urgent=false}"] == 300
    assert found["waiting_conversations{urgent=true}"] == 1
    assert found["waiting_oldest_seconds{urgent=true}"] == 20


def test_what_has_to_leave_is_counted_by_channel_and_state_and_how_late_it_is(
    database: Database, session: Session, clock: FrozenClock
) -> None:
    conversation = create_conversation(session, channel=Channel.TELEGRAM)
    say(session, conversation, "attachment_infected", now=clock())
    session.commit()
    clock.advance(seconds=40)
    found = told(database, clock)
    assert found["outbox_deliveries{channel=telegram,state=pending}"] == 1
    assert found["outbox_deliveries{channel=telegram,state=sending}"] == 0
    assert found["outbox_late_seconds{channel=telegram}"] == 40


def test_reminders_count_when_their_time_has_come(
    database: Database, session: Session, clock: FrozenClock
) -> None:
    conversation = create_conversation(session)
    for minutes in (-5, 5):
        reminder = Reminder(
            conversation_id=conversation.id, kind=next(iter(ReminderKind)), about_id=f"viewing{minutes}"
        )
        reminder.due_at = clock() + timedelta(minutes=minutes)
        session.add(reminder)
    session.commit()
    found = told(database, clock)
    assert (found["reminders_due{}"], found["reminders_due_oldest_seconds{}"]) == (1, 300)


def test_an_empty_house_says_zero_and_not_nothing(database: Database, clock: FrozenClock) -> None:
    found = told(database, clock)
    assert found["database_up{}"] == 1
    assert found["turns_pending{}"] == found["mail_unsent{}"] == found["translations_due{}"] == 0
    assert found["waiting_oldest_seconds{urgent=true}"] == 0
    assert found["database_connections_most{}"] >= 40


def test_a_database_that_is_away_is_said_and_breaks_nothing(clock: FrozenClock) -> None:
    database = Database("sqlite:////no/such/folder/x.db")
    found = told(database, clock)
    assert found["database_up{}"] == 0
    assert "turns_pending{}" not in found
    database.close()


async def test_the_backoffice_tells_what_it_counted_and_what_it_looked_up(
    database: Database, session: Session, client: BackofficeClient, http: httpx.AsyncClient
) -> None:
    conversation = create_conversation(session, language="uk")
    session.commit()

    def counted() -> float:
        labels = {"channel": "web", "language": "uk"}
        return REGISTRY.get_sample_value("sportello_messages_total", labels) or 0.0

    before = counted()
    request = incoming(conversation, "Mi chiamo Oksana")
    for _ in range(2):
        await client.record_message(request)
    assert counted() == before + 1  # the repeat is no message
    answer = (await http.get("/metrics")).text
    assert 'sportello_messages_total{channel="web",language="uk"}' in answer
    assert "sportello_turns_pending 1.0" in answer
    assert 'route="/api/v1/service/messages",status="201"' in answer
    assert conversation.id not in answer
    assert "Oksana" not in answer


async def test_from_elsewhere_there_is_no_such_page(database: Database, http: httpx.AsyncClient) -> None:
    answer = await http.get("/metrics", headers={"X-Forwarded-For": "203.0.113.9"})
    assert answer.status_code == 404
