"""A household sees homes as cards, asks to see one, says why another is none; the address stays hidden."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from backoffice.case.models import CaseEvent, CaseEventKind
from backoffice.case.phases import ClosingReason
from backoffice.client.schemas import Furnishing, Phase
from backoffice.housing_chat.answers import answer_homes
from backoffice.housing_chat.cards import show_homes
from backoffice.housing_chat.finding import find_homes
from backoffice.housing_match.models import MatchSide, MatchState, RefusalReason
from backoffice.housing_need.models import HousingNeed, SearchState
from backoffice.listing.models import IncomeAsked, ListingState
from backoffice.listing.service import move_listing
from backoffice.office.models import Office
from backoffice.viewing.models import Viewing, ViewingState
from tests.backoffice.factories import NOW
from tests.backoffice.homes import HOME, create_listing
from tests.backoffice.housing_chat.seekers import Seeker
from translations.catalog import text
from translations.languages import LANGUAGES


def show(seeker: Seeker, *, start: int = 0) -> list[Any]:
    before = seeker.conversation.last_seq
    show_homes(seeker.session, seeker.conversation, start=start, now=NOW)
    return seeker.after(before)


def test_a_card_says_what_a_home_costs_why_it_fits_and_never_its_address(session: Session) -> None:
    home = create_listing(session, included=["water", "heating"], furnishing=Furnishing.UNFURNISHED)
    seeker = Seeker(session, furnished=True, near=["school", "train"])
    some, card, end = show(seeker)
    assert some.text == text("homes.some", "it")
    for words in (
        home.code,
        "Crema, vicino alla stazione",
        "610 € al mese (550 € + 60 €)",
        "Persone: al massimo 5",
        "acqua e riscaldamento",
        "Libera dal 10 dicembre 2026",
        "è vicina a: Scuola",
        "non ci sono tutti i mobili",
        text("homes.doubt.near_unknown", "it"),
        text("homes.card_address", "it"),
    ):
        assert words.replace(" €", "\N{NO-BREAK SPACE}€") in card.text
    assert HOME["address"] not in " ".join(message.text for message in (some, card, end))
    assert seeker.titles(card) == ["Voglio vederla", "Non fa per me"]
    [match] = seeker.matches()
    assert match.state is MatchState.SHOWN_TO_SEEKER


def test_a_home_outside_a_hard_rule_is_shown_to_nobody(session: Session) -> None:
    create_listing(session, municipality="Soncino")
    create_listing(session, rent_eur_month=650)  # and 60 of expenses
    create_listing(session, max_people=4)
    create_listing(session, available_from=date(2027, 6, 1))
    create_listing(session, state=ListingState.CHECKED)
    create_listing(session, state=ListingState.RESERVED)
    seeker = Seeker(session)
    assert find_homes(session, seeker.case, now=NOW) == []
    [said] = show(seeker)
    assert said.text == text("homes.none", "it")
    assert "choice:homes:tell:on" in seeker.payloads(said)


def test_what_the_owner_asks_is_a_doubt_and_hides_no_home(session: Session) -> None:
    create_listing(session, income_asked=IncomeAsked.PERMANENT, residence_allowed=False)
    [without] = find_homes(session, Seeker(session).case, now=NOW)
    assert {"asks_permanent", "no_residence"} <= set(without.doubts)
    [guaranteed] = find_homes(session, Seeker(session, guarantor=True).case, now=NOW)
    assert "asks_permanent" not in guaranteed.doubts


def test_three_are_shown_at_once_and_more_on_request(session: Session) -> None:
    codes = {create_listing(session, rent_eur_month=500 + n).code for n in range(4)}
    seeker = Seeker(session)
    _some, *cards, more = show(seeker)
    assert len(cards) == 3
    assert more.text == text("homes.more_there", "it")
    last, end = seeker.press("homes:show:3")
    assert end.text == text("homes.no_more", "it")
    assert {code for code in codes for card in (*cards, last) if code in card.text} == codes


def test_who_wants_to_see_a_home_has_asked_for_a_viewing_once(session: Session) -> None:
    home = create_listing(session)
    seeker = Seeker(session)
    front_door = seeker.case.organisation_id
    session.add(Office(organisation_id=front_door, name="Sportello", address="Crema", phone="0373 430851"))
    show(seeker)
    [asked] = seeker.press(f"want:{seeker.matches()[0].id}")
    assert asked.text.startswith(text("homes.asked", "it", code=home.code))
    assert "Telefono: 0373 430851" in asked.text
    [again] = seeker.press(f"want:{seeker.matches()[0].id}")
    assert again.text.startswith(text("homes.asked_already", "it", code=home.code))
    [viewing] = session.scalars(select(Viewing)).all()
    assert (viewing.state, viewing.case_id) == (ViewingState.ASKED, seeker.case.id)
    assert seeker.matches()[0].state is MatchState.INTERESTED
    kinds = session.scalars(select(CaseEvent.kind).where(CaseEvent.case_id == seeker.case.id)).all()
    assert kinds.count(CaseEventKind.VIEWING_CHANGED) == 1
    assert session.get_one(HousingNeed, seeker.case.id).state is SearchState.SEARCHING


@pytest.mark.parametrize(
    ("reason", "key"),
    [
        (RefusalReason.TOO_DEAR, "homes.refused_change"),
        (RefusalReason.CONDITION, "homes.refused"),
        (RefusalReason.FOUND_ANOTHER, "homes.ended"),
    ],
)
def test_a_no_asks_for_its_reason_and_has_its_consequence(
    session: Session, reason: RefusalReason, key: str
) -> None:
    create_listing(session)
    seeker = Seeker(session)
    show(seeker)
    match = seeker.matches()[0]
    [why] = seeker.press(f"no:{match.id}")
    assert len(seeker.titles(why)) == 9
    [said] = seeker.press(f"no:{match.id}:{reason.value}")
    assert said.text == text(key, "it")
    assert (match.state, match.refused_by, match.refusal_reason) == (
        MatchState.REFUSED,
        MatchSide.SEEKER,
        reason,
    )
    ended = session.get_one(HousingNeed, seeker.case.id).state is SearchState.CLOSED
    assert ended == (reason is RefusalReason.FOUND_ANOTHER)
    assert find_homes(session, seeker.case, now=NOW) == []


def test_not_now_parks_the_search_until_the_person_looks_again(session: Session) -> None:
    create_listing(session)
    seeker = Seeker(session)
    show(seeker)
    match = seeker.matches()[0]
    seeker.press(f"no:{match.id}")
    [said] = seeker.press(f"no:{match.id}:not_now")
    need = session.get_one(HousingNeed, seeker.case.id)
    assert need.parked_until == (NOW + timedelta(days=60)).date()
    assert "31 gennaio 2027" in said.text
    seeker.press("homes:show:0")
    assert need.parked_until is None


def test_a_home_that_was_let_meanwhile_is_said_to_be_gone(session: Session) -> None:
    home = create_listing(session)
    seeker = Seeker(session)
    show(seeker)
    move_listing(session, home, ListingState.RENTED, by="service", now=NOW)
    [said] = seeker.press(f"want:{seeker.matches()[0].id}")
    assert said.text == text("homes.gone", "it")
    assert session.scalar(select(Viewing)) is None


def test_nobody_answers_for_another_household(session: Session) -> None:
    create_listing(session)
    seeker, other = Seeker(session), Seeker(session)
    show(seeker)
    match = seeker.matches()[0]
    before = other.conversation.last_seq
    answer_homes(session, other.conversation, ["want", match.id], now=NOW)
    answer_homes(session, other.conversation, ["no", match.id, "too_dear"], now=NOW)
    assert {said.text for said in other.after(before)} == {text("homes.gone", "it")}
    assert match.state is MatchState.SHOWN_TO_SEEKER


def test_an_answer_that_nobody_offered_breaks_nothing(session: Session) -> None:
    seeker = Seeker(session)
    for answer in ("", "show", "show:-1", "show:99999", "want", "want:x", "tell:maybe", "no:x:y", "no:x:y:z"):
        answer_homes(session, seeker.conversation, answer.split(":"), now=NOW)
    assert seeker.matches() == []


def test_without_an_open_search_the_way_to_one_is_shown(session: Session) -> None:
    seeker = Seeker(session)
    seeker.case.closing_reason, seeker.case.closed_at = ClosingReason.GOAL_REACHED, NOW
    seeker.case.phase = Phase.CLOSED
    [said] = show(seeker)
    assert said.text == text("homes.no_search", "it")
    assert "/search_housing" in seeker.payloads(said)


def test_who_writes_after_90_days_of_silence_is_told_of_no_search(session: Session) -> None:
    create_listing(session)
    seeker = Seeker(session, now=NOW - timedelta(days=91))
    seeker.write("sono io")
    [said] = show(seeker)
    assert said.text == text("bot.status_locked", "it")
    assert seeker.matches() == []


def test_a_card_is_whole_in_every_language(session: Session) -> None:
    create_listing(session, included=["condominium", "gas"], furnishing=Furnishing.KITCHEN_ONLY, floor=0)
    for language in LANGUAGES:
        seeker = Seeker(session, language=language, step_free=True, rooms=4)
        _some, card, _end = show(seeker)
        plain = card.text.translate(dict.fromkeys(map(ord, "\u2068\u2069")))
        assert "Crema" in plain
        assert "610\N{NO-BREAK SPACE}€" in plain
        assert "{" not in plain
        assert text("homes.doubt.fewer_rooms", language) in plain
        assert (text("homes.card_why", "it") in plain) == (language == "it")
        assert card.language == language
