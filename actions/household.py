"""Further questions to a household: asked for better results, only of who wants to answer them.

Each one says why it is asked, may be skipped, and takes an answer only when it is the one that is open: the
income is no rent, and the day of an eviction is not the day from which a home is needed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from actions.amounts import NumberQuestion, bare_number
from actions.choices import ChoiceQuestion, ConfirmQuestion, ManyQuestion, YesNoQuestion
from actions.dates import iso_date, written_day
from actions.questions import NOTHING, Hearing, Question, Reading, Remark
from actions.replies import Button, Replies, payload
from actions.slots import CONFIRMED, MORE, MORE_SLOTS
from backoffice.client.schemas import Employment, LeavingReason, Near, PermitState, PresentHome

OFFERED_NEAR = (Near.WORK, Near.BUS, Near.TRAIN, Near.SCHOOL)

AT_WORK = frozenset({Employment.PERMANENT, Employment.FIXED_TERM, Employment.SELF_EMPLOYED})

WITH_END = frozenset({PermitState.VALID, PermitState.BEING_RENEWED})
"""Permits that have a day on which they end."""

_SINCE_DAYS = {"months": 90, "year": 270, "two_years": 540, "longer": 1095}
"""How long somebody has been working, about: what the buttons say, in days before today."""


class MoreQuestion(ChoiceQuestion):
    """Whether more is asked: never asked itself, chosen beside the summary, and ended by "that is enough"."""

    is_silent = True
    help_key = "bot.help_household_choice"

    def __init__(self, among: Sequence[str] = MORE_SLOTS) -> None:
        super().__init__(MORE, ("yes", "enough"))
        self.among = among

    def read(self, hearing: Hearing) -> Reading:
        """Read the buttons, or what they say where they stand."""
        chosen = hearing.choice(MORE)
        if chosen is None and not hearing.turn.is_button:
            open_now = hearing.turn.requested_slot
            codes = ("yes",) if open_now == CONFIRMED else ("enough",) if open_now in self.among else ()
            titles = {code: f"{MORE}_{code}" for code in codes}
            chosen = hearing.replies.code_typed(hearing.turn.text, titles) if titles else None
        return Reading(chosen) if chosen in self.codes else NOTHING


class SendOrMore(ConfirmQuestion):
    """The last question; whoever likes answers a few more before. `why`: the key that says what for."""

    def __init__(self, slot: str, *, why: str = f"bot.ask_{MORE}") -> None:
        super().__init__(slot)
        self.why = why

    def offer(self, hearing: Hearing) -> str:
        """Say what more answers are good for, once."""
        return "" if hearing.answers.get(MORE) else hearing.replies.text(self.why)

    def buttons(self, hearing: Hearing) -> list[Button]:
        """Offer more questions as long as none has been offered and left."""
        send, *others = super().buttons(hearing)
        if hearing.answers.get(MORE) is not None:
            return [send, *others]
        more = hearing.replies.button(f"{MORE}_yes", payload("inform", field=MORE, choice="yes"))
        return [send, more, *others]


class OfHousehold(Question):
    """What the further questions share."""

    stands_alone = True
    help_key = "bot.help_household_choice"

    def extra_buttons(self, hearing: Hearing) -> list[Button]:
        """Offer the way back to the summary."""
        return [hearing.replies.button(f"{MORE}_enough", payload("inform", field=MORE, choice="enough"))]


class YesNo(OfHousehold, YesNoQuestion):
    """Yes or no."""

    def __init__(self, slot: str) -> None:
        super().__init__(slot, optional=True)


class OneOf(OfHousehold, ChoiceQuestion):
    """One of a few codes."""

    def __init__(self, slot: str, codes: Sequence[str]) -> None:
        super().__init__(slot, codes, optional=True)


class NearQuestion(OfHousehold, ManyQuestion):
    """What the home should be near to."""

    def __init__(self) -> None:
        super().__init__("near", "near", [code.value for code in OFFERED_NEAR], optional=True)

    def read(self, hearing: Hearing) -> Reading:
        """Add what a button says; take what was typed as the whole answer."""
        if hearing.choice(self.slot) is not None or not hearing.asked:
            return super().read(hearing)
        names = {code: self.name(code, hearing.replies) for code in self.codes}
        typed = hearing.turn.text
        given = [c for c, words in names.items() if hearing.replies.code_worded(typed, {c: words})]
        if not given:
            return super().read(hearing)
        known = list(hearing.answers.get(self.slot) or []) if hearing.choosing else []
        return Reading(list(dict.fromkeys([*known, *given])))

    def ask(self, replies: Replies, *, more: bool = False) -> str:
        """Put the question; after a choice, ask for another one."""
        return replies.text("bot.ask_more_skills") if more else super().ask(replies)


class SinceQuestion(OfHousehold):
    """Since when somebody works, about: a button, years and months in words, or a day."""

    def __init__(self, slot: str) -> None:
        super().__init__(slot, optional=True)

    def read(self, hearing: Hearing) -> Reading:
        """Read how long it has been, or the day itself; one to come is not taken."""
        chosen, today = hearing.choice(self.slot), hearing.today
        if chosen is None and hearing.asked and not hearing.turn.is_button:
            titles = {code: f"{self.slot}_{code}" for code in _SINCE_DAYS}
            chosen = hearing.replies.code_typed(hearing.turn.text, titles)
        if chosen in _SINCE_DAYS:
            return Reading((today - timedelta(days=_SINCE_DAYS[chosen])).isoformat())
        if not hearing.asked or hearing.turn.is_button:
            return NOTHING
        years = [int(value) for value in hearing.turn.values("years") if value.isdecimal()]
        if years and years[-1] <= today.year - 1950:
            return Reading(date(today.year - years[-1], today.month, 1).isoformat())
        day = iso_date(written_day(hearing.turn.text) or hearing.turn.value("date"))
        if day is None:
            return NOTHING
        if day > today:
            return Reading(remarks=(Remark(hearing.replies.text("bot.working_since_to_come")),))
        return Reading(day.isoformat())

    def show(self, value: Any, replies: Replies) -> str:
        """Write the month: the day is never exact."""
        return replies.month(date.fromisoformat(value))

    def buttons(self, hearing: Hearing) -> list[Button]:
        """Offer four spans."""
        titles = ((code, hearing.replies.text(f"bot.button.{self.slot}_{code}")) for code in _SINCE_DAYS)
        return [self.answer_button(title, code) for code, title in titles]


class IncomeQuestion(OfHousehold, NumberQuestion):
    """What comes in a month, after tax."""

    help_key = "bot.help_household_number"

    def __init__(self, slot: str) -> None:
        super().__init__(
            slot,
            entity="money",
            bounds=(0, 20_000),
            offered=(800, 1000, 1300, 1600, 2000, 2500),
            optional=True,
            is_money=True,
        )

    def _number(self, hearing: Hearing) -> int | None:
        chosen = hearing.choice(self.slot)
        if chosen is not None:
            return int(chosen) if chosen.isdecimal() else None
        if not hearing.asked or hearing.turn.is_button:
            return None
        bare = bare_number(hearing.turn.text)
        given = [int(value) for value in hearing.turn.values("money") if value.isdecimal()]
        return bare if bare is not None else given[-1] if given else None


class DayQuestion(OfHousehold):
    """A day that stands on a paper, written out; at most so many days ago and ahead."""

    help_key = "bot.help_household_day"

    def __init__(self, slot: str, *, days_ago: int, days_ahead: int, key: str = "") -> None:
        super().__init__(slot, key=key, optional=True)
        self.days_ago = days_ago
        self.days_ahead = days_ahead

    def read(self, hearing: Hearing) -> Reading:
        """Read the day."""
        if not hearing.asked or hearing.turn.is_button:
            return NOTHING
        day = iso_date(written_day(hearing.turn.text) or hearing.turn.value("date"))
        if day is None:
            return NOTHING
        away = (day - hearing.today).days
        if -self.days_ago <= away <= self.days_ahead:
            return Reading(day.isoformat())
        return Reading(remarks=(Remark(hearing.replies.text("bot.day_on_paper")),))

    def show(self, value: Any, replies: Replies) -> str:
        """Write the day in the words of the language."""
        return replies.day(date.fromisoformat(value))


HOUSEHOLD_QUESTIONS: tuple[Question, ...] = (
    NearQuestion(),
    YesNo("step_free"),
    YesNo("furnished"),
    SinceQuestion("working_since"),
    IncomeQuestion("net_income_eur_month"),
    YesNo("guarantor"),
    OneOf("permit", [code.value for code in PermitState]),
    DayQuestion("permit_expires_on", days_ago=730, days_ahead=3660),
    OneOf("present_home", [code.value for code in PresentHome]),
    OneOf("leaving_reason", [code.value for code in LeavingReason]),
    DayQuestion("eviction_on", days_ago=365, days_ahead=1100),
)


def is_asked_of(slot: str, answers: Mapping[str, Any]) -> bool:
    """Tell whether a further question is asked: the person wants more, and it makes sense for them."""
    if answers.get(MORE) != "yes":
        return False
    match slot:
        case "working_since":
            return answers.get("employment") in AT_WORK
        case "permit_expires_on":
            return answers.get("permit") in WITH_END
        case "eviction_on":
            return answers.get("leaving_reason") == LeavingReason.EVICTION
    return True
