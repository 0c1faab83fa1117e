"""Who asked for it is written to when a home fits: once a home, once a day, never at night, until a word."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from backoffice.client.schemas import Mode
from backoffice.conversation.models import Conversation, Message
from backoffice.database import Database
from backoffice.housing_chat import cards, saved_search
from backoffice.housing_chat.jobs import tell_of_new_homes
from backoffice.housing_chat.saved_search import is_stop_word, stop_word, tell_when_homes_fit
from backoffice.housing_match.models import HousingMatch
from backoffice.housing_need.models import HousingNeed
from backoffice.housing_need.service import park_search
from tests.backoffice.databases import FrozenClock
from tests.backoffice.factories import NOW, create_staff
from tests.backoffice.homes import create_listing
from tests.backoffice.housing_chat.seekers import Seeker
from translations.catalog import text
from translations.languages import LANGUAGES


def begin(database: Database, *, homes: int = 1, language: str = "it") -> str:
    """Make a household that wants to be told, and homes for it; return its conversation's id."""
    with database.transaction() as session:
        seeker = Seeker(session, language=language)
        tell_when_homes_fit(session, seeker.conversation, True, now=NOW)
        for number in range(homes):
            create_listing(session, rent_eur_month=400 + number)
        return seeker.conversation.id


def said(database: Database, conversation_id: str) -> list[str]:
    with database.read() as session:
        found = select(Message).where(Message.conversation_id == conversation_id).order_by(Message.seq)
        return [message.text for message in session.scalars(found)][2:]  # "cerco casa", "we will write"


def change(database: Database, conversation_id: str, **values: object) -> None:
    with database.transaction() as session:
        conversation = session.get_one(Conversation, conversation_id)
        for name, value in values.items():
            setattr(conversation, name, value)


@contextmanager
def need_of_only(database: Database) -> Iterator[tuple[Session, HousingNeed]]:
    with database.transaction() as session:
        yield session, session.scalars(select(HousingNeed)).one()


def test_a_home_is_told_of_once_with_a_way_to_stop(database: Database, clock: FrozenClock) -> None:
    conversation_id = begin(database)
    assert tell_of_new_homes(database, clock) == 1
    new, card = said(database, conversation_id)
    assert new == text("homes.new", "it", word="STOP")
    assert "Casa C-" in card
    for _day in range(3):
        clock.advance(days=1)
        assert tell_of_new_homes(database, clock) == 0
    assert len(said(database, conversation_id)) == 2


def test_at_most_three_homes_a_day_and_the_rest_the_day_after(database: Database, clock: FrozenClock) -> None:
    conversation_id = begin(database, homes=5)
    assert tell_of_new_homes(database, clock) == 3
    clock.advance(hours=3)
    assert tell_of_new_homes(database, clock) == 0
    clock.advance(days=1)
    assert tell_of_new_homes(database, clock) == 2
    assert sum("Casa C-" in words for words in said(database, conversation_id)) == 5


def test_nobody_is_written_to_at_night_in_rome(database: Database, clock: FrozenClock) -> None:
    begin(database, homes=4)
    for day, hour, minute, told in ((3, 2, 0, 0), (3, 6, 59, 0), (3, 19, 0, 0), (4, 7, 0, 3), (5, 18, 59, 1)):
        clock.moment = datetime(2026, 12, day, hour, minute, tzinfo=UTC)  # Rome is one hour ahead
        assert tell_of_new_homes(database, clock) == told


def test_nothing_is_written_without_being_asked_for(database: Database, clock: FrozenClock) -> None:
    with database.transaction() as session:
        Seeker(session)
        create_listing(session)
    assert tell_of_new_homes(database, clock) == 0


def test_nothing_is_written_while_a_mediator_speaks(database: Database, clock: FrozenClock) -> None:
    conversation_id = begin(database)
    with database.transaction() as session:
        mediator = create_staff(session).id
    change(database, conversation_id, mode=Mode.MEDIATOR, holder_id=mediator)
    assert tell_of_new_homes(database, clock) == 0
    change(database, conversation_id, mode=Mode.ASSISTANT, holder_id=None)
    assert tell_of_new_homes(database, clock) == 1


def test_nothing_is_written_after_90_days_of_silence(database: Database, clock: FrozenClock) -> None:
    begin(database)
    clock.advance(days=91)
    assert tell_of_new_homes(database, clock) == 0


def test_a_parked_search_is_told_of_nothing_until_its_day(database: Database, clock: FrozenClock) -> None:
    begin(database)
    with need_of_only(database) as (session, need):
        park_search(session, need, (NOW + timedelta(days=5)).date(), now=NOW)
    assert tell_of_new_homes(database, clock) == 0
    clock.advance(days=5)
    assert tell_of_new_homes(database, clock) == 1


def test_one_word_ends_it_in_every_language(session: Session) -> None:
    for language in LANGUAGES:
        seeker = Seeker(session, language=language)
        tell_when_homes_fit(session, seeker.conversation, True, now=NOW)
        assert stop_word(language) in seeker.after(0)[-1].text
        [answer] = seeker.write(f" {stop_word(language).lower()}. ")
        assert answer.text == text("homes.told_off", language)
        assert session.get_one(HousingNeed, seeker.case.id).tells_of_homes is False


def test_a_sentence_with_the_word_ends_nothing(session: Session) -> None:
    seeker = Seeker(session)
    tell_when_homes_fit(session, seeker.conversation, True, now=NOW)
    assert seeker.write("la fermata STOP è vicina?") == []
    assert session.get_one(HousingNeed, seeker.case.id).tells_of_homes is True
    assert not is_stop_word("")
    assert not is_stop_word("...")


def test_the_button_ends_it_and_begins_it_again(session: Session) -> None:
    seeker = Seeker(session)
    tell_when_homes_fit(session, seeker.conversation, True, now=NOW)
    seeker.press("tell:off")
    assert session.get_one(HousingNeed, seeker.case.id).tells_of_homes is False
    seeker.press("tell:on")
    assert session.get_one(HousingNeed, seeker.case.id).tells_of_homes is True


def test_what_stops_before_the_end_has_told_nothing_and_is_told_once(
    database: Database, clock: FrozenClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    conversation_id = begin(database)
    real = cards.show_cards

    def killed(*args: object, **values: object) -> list[HousingMatch]:
        real(*args, **values)  # type: ignore[arg-type]
        raise KeyboardInterrupt

    monkeypatch.setattr(saved_search, "show_cards", killed)
    with pytest.raises(KeyboardInterrupt):
        tell_of_new_homes(database, clock)
    assert said(database, conversation_id) == []
    monkeypatch.setattr(saved_search, "show_cards", real)
    assert tell_of_new_homes(database, clock) == 1
    assert tell_of_new_homes(database, clock) == 0
    assert len(said(database, conversation_id)) == 2
