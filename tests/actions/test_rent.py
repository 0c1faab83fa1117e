from __future__ import annotations

from typing import Any

import pytest

from actions.rent import RentForm, TellRentFigures
from actions.slots import RENT_FORM
from backoffice.client.errors import BackofficeUnavailable
from tests.actions.fakes import FakeBackoffice
from tests.actions.trackers import Outcome, act, tracker
from translations.languages import SUPPORTED

FIGURES: dict[str, Any] = {
    "rent_eur_month": 600,
    "expenses_eur_month": 80,
    "deposit_eur": 2000,
    "agency": "no",
}


def answer(asked: str, text: str = "", *, known: dict[str, Any] | None = None, **message: Any) -> Outcome:
    slots = {**(known or {}), "form_progress": {"form": RENT_FORM}}
    return act(RentForm, tracker(text=text, slots=slots, form=RENT_FORM, asked=asked, **message))


def told(backoffice: FakeBackoffice | None = None, *, language: str = "it", **changes: Any) -> Outcome:
    slots = {**FIGURES, **changes, "form_progress": {"form": RENT_FORM}}
    at = tracker("deny", "no", slots=slots, language=language)
    return act(TellRentFigures, at, backoffice or FakeBackoffice())


def test_the_figures_are_asked_one_by_one() -> None:
    began = act(RentForm, tracker("count_rent", begins=RENT_FORM))
    assert began.says("bot.rent_form_start")
    assert began.slots["requested_slot"] == "rent_eur_month"
    deposit = answer("deposit_eur", "1800", known={"rent_eur_month": 600, "expenses_eur_month": 0})
    assert (deposit.slots["deposit_eur"], deposit.slots["rent_eur_month"]) == (1800, 600)
    assert deposit.slots["requested_slot"] == "agency"


@pytest.mark.parametrize(("says", "next_slot"), [("affirm", "agency_fee_eur"), ("deny", None)])
def test_what_the_agency_takes_is_asked_of_who_has_one(says: str, next_slot: str | None) -> None:
    known = {"rent_eur_month": 600, "expenses_eur_month": 0, "deposit_eur": 1200}
    said = answer("agency", "...", intent=says, known=known)
    assert said.slots["requested_slot"] == next_slot


@pytest.mark.parametrize(
    ("asked", "text", "key"),
    [
        ("rent_eur_month", "0", "bot.rent_eur_month_too_low"),
        ("deposit_eur", "99999", "bot.deposit_eur_too_high"),
    ],
)
def test_a_sum_that_cannot_be_is_refused(asked: str, text: str, key: str) -> None:
    known = {} if asked == "rent_eur_month" else {"rent_eur_month": 600, "expenses_eur_month": 0}
    assert answer(asked, text, known=known).says(key)


def test_the_first_payment_is_told_with_every_part_and_its_source() -> None:
    backoffice = FakeBackoffice()
    said = told(backoffice)
    [asked] = backoffice.rents
    assert (asked.rent_eur_month, asked.deposit_eur, asked.agency_fee_eur) == (600, 2000, None)
    for part in (
        "1.800\N{NO-BREAK SPACE}€",
        "2.000\N{NO-BREAK SPACE}€",
        "2.768\N{NO-BREAK SPACE}€",
        "30 giorni",
    ):
        assert part in said.text
    assert "176\N{NO-BREAK SPACE}€" in said.text, "tax and stamps together"
    assert "• studioavvocatolandi.it: 2025\n• lex365.it: senza data" in said.text
    assert "più del massimo" in said.text
    assert "non un consiglio" in said.text


def test_a_deposit_within_the_law_is_said_to_be_so() -> None:
    assert "non è più del massimo" in told(deposit_eur=1800).text


def test_an_agency_whose_price_nobody_knows_is_for_the_desk() -> None:
    backoffice = FakeBackoffice()
    said = told(backoffice, agency="yes", agency_fee_eur=None)
    assert said.says("bot.rent_fee_unknown")
    assert backoffice.rents[0].agency_fee_eur is None


@pytest.mark.parametrize("language", SUPPORTED)
def test_every_language_tells_the_sums_in_the_digits_of_the_contract(language: str) -> None:
    said = told(language=language)
    assert "392/1978" in said.text
    assert "16" in said.text
    assert "{" not in said.text


def test_figures_that_cannot_be_had_now_can_be_tried_again() -> None:
    backoffice = FakeBackoffice()
    backoffice.failure = BackofficeUnavailable("down")
    said = told(backoffice)
    assert said.says("bot.rent_unavailable")
    assert "/count_rent" in said.payloads
