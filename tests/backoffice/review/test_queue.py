"""A message that was not understood: given, labelled by one mediator, learnt from."""

from __future__ import annotations

from dataclasses import dataclass

import httpx
import pytest
import yaml
from sqlalchemy import select
from sqlalchemy.orm import Session

from backoffice.audit.models import AuditEntry
from backoffice.client.client import BackofficeClient
from backoffice.client.errors import NotFound
from backoffice.client.schemas import ConsentGiven, MisunderstoodMessage
from backoffice.conversation.models import Message
from backoffice.review.export import as_training_data
from backoffice.review.intents import INTENTS
from backoffice.review.models import ReviewItem, ReviewState
from backoffice.review.queries import labelled_items
from backoffice.staff.roles import Role
from tests.backoffice.factories import create_conversation, create_organisation, create_staff, send, sign_in

CONSENT = ConsentGiven(purpose="understanding", text_version="1", text="Va bene?", language="fr")
WORDS = "je suis Aminata, on m'a chassé [hier]"


@dataclass(frozen=True)
class Asked:
    """A conversation with one message that was asked back."""

    conversation_id: str
    turn_id: str

    def given(self, *guesses: str) -> MisunderstoodMessage:
        return MisunderstoodMessage(
            conversation_id=self.conversation_id,
            turn_id=self.turn_id,
            language="fr",
            guesses=list(guesses),
            consent=CONSENT,
        )


@pytest.fixture
def asked(session: Session) -> Asked:
    conversation = create_conversation(session, language="fr")
    seq = send(session, conversation, WORDS).seq
    message = session.scalars(select(Message).where(Message.conversation_id == conversation.id)).one()
    assert message.seq == seq
    session.commit()
    return Asked(conversation.id, message.id)


@pytest.fixture
def mediator(session: Session) -> dict[str, str]:
    headers = sign_in(
        session, create_staff(session, roles=frozenset({Role.MEDIATOR}), languages=("it", "fr"))
    )
    session.commit()
    return headers


async def test_a_message_is_given_once_with_the_words_of_the_consent(
    client: BackofficeClient, session: Session, asked: Asked
) -> None:
    first = await client.give_message(asked.given("report_housing_problem", "no_such_intent"))
    again = await client.give_message(asked.given("report_housing_problem"))
    assert first == again
    item = session.scalars(select(ReviewItem)).one()
    assert (item.text, item.language, item.consent_text) == (WORDS, "fr", "Va bene?")
    assert item.guesses == ["report_housing_problem"]


async def test_a_message_of_another_conversation_is_not_given(
    client: BackofficeClient, session: Session, asked: Asked
) -> None:
    other = create_conversation(session)
    session.commit()
    with pytest.raises(NotFound):
        await client.give_message(Asked(other.id, asked.turn_id).given())
    await client.give_message(asked.given())
    with pytest.raises(NotFound):
        await client.give_message(Asked(other.id, asked.turn_id).given())


async def test_a_mediator_cleans_and_labels_a_message_which_then_leaves_as_training_data(
    client: BackofficeClient,
    http: httpx.AsyncClient,
    session: Session,
    asked: Asked,
    mediator: dict[str, str],
) -> None:
    item = await client.give_message(asked.given("report_housing_problem"))
    page = await http.get("/review?language=mine", headers=mediator)
    assert "on m&#39;a chassé" in page.text
    assert 'lang="fr"' in page.text
    fields = {"intent": "report_housing_problem", "language": "fr", "text": " on m'a chassé  [hier] "}
    answer = await http.post(f"/review/{item.id}/label", data=fields, headers=mediator)
    assert answer.status_code == 303
    assert "chassé" not in (await http.get("/review", headers=mediator)).text
    data = yaml.safe_load(as_training_data(labelled_items(session)))
    assert data["nlu"] == [
        {
            "intent": "report_housing_problem",
            "metadata": {"language": "fr"},
            "examples": "- on m'a chassé (hier)\n",
        }
    ]
    original = session.scalars(select(Message).where(Message.id == asked.turn_id)).one()
    assert original.text == WORDS
    noted = session.scalars(select(AuditEntry.action).where(AuditEntry.subject_id == item.id)).all()
    assert noted == ["review.labelled"]


async def test_the_second_mediator_is_told_that_it_is_done(
    client: BackofficeClient, http: httpx.AsyncClient, asked: Asked, mediator: dict[str, str]
) -> None:
    item = await client.give_message(asked.given())
    fields = {"intent": "greet", "language": "fr", "text": "salut"}
    assert (await http.post(f"/review/{item.id}/label", data=fields, headers=mediator)).status_code == 303
    for what in ("label", "discard"):
        late = await http.post(f"/review/{item.id}/{what}", data=fields, headers=mediator)
        assert late.status_code == 409
        assert "colleague" in late.text or "collega" in late.text


async def test_a_discarded_message_leaves_no_copy(
    client: BackofficeClient,
    http: httpx.AsyncClient,
    session: Session,
    asked: Asked,
    mediator: dict[str, str],
) -> None:
    item = await client.give_message(asked.given())
    assert (await http.post(f"/review/{item.id}/discard", headers=mediator)).status_code == 303
    kept = session.scalars(select(ReviewItem)).one()
    assert (kept.state, kept.text, kept.intent) == (ReviewState.DISCARDED, "", None)
    assert list(labelled_items(session)) == []


@pytest.mark.parametrize(
    "fields",
    [
        {"intent": "no_such_intent", "language": "fr", "text": "x"},
        {"intent": "greet", "language": "xx", "text": "x"},
        {"intent": "greet", "language": "fr", "text": "  "},
    ],
)
async def test_a_label_that_means_nothing_is_refused_and_nothing_is_lost(
    client: BackofficeClient,
    http: httpx.AsyncClient,
    session: Session,
    asked: Asked,
    mediator: dict[str, str],
    fields: dict[str, str],
) -> None:
    item = await client.give_message(asked.given())
    assert (await http.post(f"/review/{item.id}/label", data=fields, headers=mediator)).status_code == 422
    assert session.scalars(select(ReviewItem.text)).one() == WORDS


async def test_who_takes_no_conversations_and_who_is_of_another_body_sees_no_queue(
    client: BackofficeClient, http: httpx.AsyncClient, session: Session, asked: Asked
) -> None:
    item = await client.give_message(asked.given())
    planner = sign_in(session, create_staff(session, roles=frozenset({Role.PLANNER})))
    partner = create_organisation(session)
    stranger = sign_in(session, create_staff(session, roles=frozenset({Role.MEDIATOR}), organisation=partner))
    session.commit()
    for headers in (planner, stranger):
        assert (await http.get("/review", headers=headers)).status_code == 404
        assert (await http.post(f"/review/{item.id}/discard", headers=headers)).status_code == 404


async def test_a_long_queue_has_pages_and_an_empty_one_says_so(
    client: BackofficeClient, http: httpx.AsyncClient, session: Session, mediator: dict[str, str]
) -> None:
    empty = await http.get("/review", headers=mediator)
    assert "Nessun messaggio da capire" in empty.text
    conversation = create_conversation(session, language="fr")
    for number in range(25):
        send(session, conversation, f"message numéro {number}")
    messages = session.scalars(select(Message.id).where(Message.conversation_id == conversation.id)).all()
    session.commit()
    for message in messages:
        await client.give_message(Asked(conversation.id, message).given())
    first = await http.get("/review?language=fr", headers=mediator)
    assert first.text.count('class="row-card review-item"') == 20
    following = first.text.split("cursor=")[1].split('"')[0]
    second = await http.get(f"/review?language=fr&cursor={following}", headers=mediator)
    assert second.text.count('class="row-card review-item"') == 5
    assert (await http.get("/review?cursor=nonsense", headers=mediator)).status_code == 200


def test_the_meanings_are_those_of_the_assistant() -> None:
    from pathlib import Path

    domain = yaml.safe_load((Path(__file__).parents[3] / "nlu/domain/intents.yml").read_text())
    of_buttons = {"correct", "count_notice", "count_pay", "count_rent", "give_example", "link_account"}
    assert set(INTENTS) == set(domain["intents"]) - of_buttons
