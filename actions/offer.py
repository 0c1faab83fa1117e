"""The offer of a home: what an owner is asked, step by step, and how it is sent."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from actions.amounts import NumberQuestion
from actions.choices import ChoiceQuestion, ConfirmQuestion
from actions.contact import PhoneQuestion, TextQuestion
from actions.dates import DateQuestion
from actions.lawful_form import LawfulForm
from actions.municipalities import town_named
from actions.questions import NOTHING, Hearing, Reading, Remark
from actions.replies import Replies
from actions.slots import (
    CONFIRMED,
    OFFER_BEGAN,
    OFFER_FORM,
    WISHES,
    housing_offer_intake,
    slot_set,
    unlawful_wishes,
)
from actions.submission import Intake, SubmitForm
from actions.towns import TownsQuestion
from actions.turn import Event, Turn
from actions.wishes import WORDS_FILE
from backoffice.client.schemas import CaseType, ContractType, Furnishing

RENT_EUR_MONTH = (50, 5000)
"""Less or more is hardly a month's rent in the district: the person is asked again."""

EXPENSES_EUR_MONTH = (0, 1000)

OFFERED_CONTRACTS = (
    ContractType.FREE,
    ContractType.AGREED,
    ContractType.TRANSITIONAL,
    ContractType.STUDENTS,
    ContractType.ROOM,
)

LONGEST_WISH = 500

_YES_NO = {"yes": "further_yes", "no": "further_no"}
_LARGEST_TOWNS = ("Crema", "Castelleone", "Offanengo", "Pandino", "Rivolta d'Adda", "Soncino")


class TownOfHome(TownsQuestion):
    """The one town in which a home stands."""

    help_key = "bot.help_offer_choice"

    def read(self, hearing: Hearing) -> Reading:
        """Take one town of the district; ask which of several, name those outside kindly."""
        turn, replies = hearing.turn, hearing.replies
        chosen = hearing.choice(self.slot)
        named = [chosen] if chosen else turn.values("municipality")
        towns = [town for town in map(town_named, named) if town]
        outside, parts = turn.values("municipality_outside"), turn.values("municipality_ambiguous")
        if len(towns) == 1:
            return Reading(towns[0])
        remarks = [self._ambiguous(part, replies) for part in parts]
        if outside:
            remarks.append(Remark(replies.text("bot.town_outside", town=replies.enumeration(outside))))
        if towns:
            buttons = tuple(self.answer_button(town, town) for town in towns)
            remarks.append(Remark(replies.text(f"bot.which_{self.slot}"), buttons))
        return Reading(remarks=tuple(remarks)) if remarks else NOTHING

    def show(self, value: Any, replies: Replies) -> str:
        """Write the town by its Italian name."""
        return str(value)

    def buttons(self, hearing: Hearing) -> list[Any]:
        """Offer the largest towns; the others are typed."""
        return [self.answer_button(town, town) for town in _LARGEST_TOWNS]


class RentQuestion(NumberQuestion):
    """The rent; of several sums the largest: what is paid beside it is less."""

    help_key = "bot.help_offer_number"

    def __init__(self, *, key: str) -> None:
        super().__init__(
            "rent_eur_month",
            entity="money",
            bounds=RENT_EUR_MONTH,
            offered=(400, 500, 600, 700, 800),
            is_money=True,
        )
        self.key = key

    def _number(self, hearing: Hearing) -> int | None:
        sums = [int(value) for value in hearing.turn.values("money") if value.isdecimal()]
        return max(sums) if len(sums) > 1 else super()._number(hearing)


class OwnNumber(NumberQuestion):
    """A number that counts for this question alone, and only where it was asked."""

    stands_alone = True
    help_key = "bot.help_offer_number"

    def __init__(self, slot: str, *, key: str = "", **about: Any) -> None:
        super().__init__(slot, **about)
        self.key = key or slot

    def read(self, hearing: Hearing) -> Reading:
        """Read the number where it was asked."""
        return super().read(hearing) if hearing.asked or hearing.choice(self.slot) else NOTHING


class HomeNumber(NumberQuestion):
    """How many rooms, or people: understood wherever it is said."""

    help_key = "bot.help_offer_number"

    def __init__(self, slot: str, *, key: str = "", **about: Any) -> None:
        super().__init__(slot, **about)
        self.key = key or slot


class HomeChoice(ChoiceQuestion):
    """One of a few answers, explained in the same words."""

    help_key = "bot.help_offer_choice"


class YesNo(HomeChoice):
    """Yes or no."""

    def __init__(self, slot: str, *, optional: bool = False) -> None:
        super().__init__(slot, tuple(_YES_NO), meanings={"affirm": "yes", "deny": "no"}, optional=optional)

    def show(self, value: Any, replies: Replies) -> str:
        """Write yes or no."""
        return replies.text(f"bot.button.{_YES_NO[value]}")


class FreeFrom(DateQuestion):
    """From when the home is free."""

    help_key = "bot.help_offer_choice"

    def ask(self, replies: Replies, *, more: bool = False) -> str:
        """Put the question; after "later" the one for a month."""
        return replies.text("bot.ask_more_move_in_from" if more else f"bot.ask_{self.key}")


class HomeNote(TextQuestion):
    """What else the owner says of the home."""

    help_key = "bot.help_offer_choice"


class OfferForm(LawfulForm):
    """What an owner who offers a home is asked."""

    action_name = "validate_offer_form"
    form = OFFER_FORM
    wishes_slot = WISHES
    refusal = "bot.offer_wish_unlawful"
    words = (WORDS_FILE,)
    questions = (
        TownOfHome("home_municipality"),
        RentQuestion(key="offer_rent"),
        OwnNumber(
            "expenses_eur_month",
            key="offer_expenses",
            entity="money",
            bounds=EXPENSES_EUR_MONTH,
            offered=(0, 50, 80, 100, 150),
            optional=True,
            no_is_zero=True,
            is_money=True,
        ),
        HomeNumber("home_rooms", entity="rooms", bounds=(1, 10), offered=(1, 2, 3, 4)),
        HomeNumber("max_people", entity="people", bounds=(1, 20), offered=(1, 2, 3, 4, 5, 6), optional=True),
        FreeFrom("available_from", optional=True),
        HomeChoice(
            "furnishing",
            [code.value for code in Furnishing],
            meanings={"affirm": "furnished", "deny": "unfurnished"},
            optional=True,
        ),
        HomeChoice("contract_type", [code.value for code in OFFERED_CONTRACTS], optional=True),
        HomeNote("home_note", longest=2000),
        TextQuestion("person_name", longest=100, is_name=True),
        PhoneQuestion("person_phone", optional=True),
        YesNo("contact_agreed"),
        ConfirmQuestion(CONFIRMED),
    )

    def kept_wish(self, turn: Turn, ground: str) -> Mapping[str, Any]:
        """Keep the words as well: staff talk with the owner about them."""
        return {"ground": ground, "words": " ".join(turn.text.split())[:LONGEST_WISH]}

    async def act(self, turn: Turn, replies: Replies) -> list[Event]:
        """Take the message into the form, and note when the offer began."""
        begins = self.form in turn.activated and not turn.done
        events = await super().act(turn, replies)
        if begins and turn.slots.get(OFFER_BEGAN) is None:
            events.append(slot_set(OFFER_BEGAN, self.clock().isoformat()))
        return events


class SubmitOffer(SubmitForm):
    """Sends the finished offer, tells the number of the case and asks for photos."""

    action_name = "action_submit_offer"
    form = OFFER_FORM
    case_type = CaseType.HOUSING_OFFER
    purpose = "housing_offer"

    def intake(self, slots: Mapping[str, Any]) -> Intake:
        """Return the owner's answers, apart from them what the law forbids, and when the offer began."""
        began = slots.get(OFFER_BEGAN)
        return {
            "housing_offer": housing_offer_intake(slots),
            "wishes": unlawful_wishes(slots),
            "began_at": datetime.fromisoformat(began) if began else None,
        }

    def _finish(self, turn: Turn, replies: Replies, number: str) -> list[Event]:
        events = super()._finish(turn, replies, number)
        return [*events, slot_set(WISHES, None), slot_set(OFFER_BEGAN, None)]
