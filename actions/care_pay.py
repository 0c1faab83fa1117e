"""Am I paid right? What domestic work has to be paid, with the person's own answers, never advice."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from actions.amounts import NumberQuestion
from actions.care_rights import ask_desk, more_rights_button, source_lines
from actions.care_terms import care_pay_request
from actions.choices import ChoiceQuestion
from actions.form import FormStep
from actions.menu import topic_button, way_on_buttons
from actions.months import MonthQuestion
from actions.offer import OwnNumber, YesNo
from actions.questions import Question
from actions.replies import ROME, STAFF_LANGUAGE, Button, Replies, payload
from actions.slots import PAY, PAY_BELOW, PAY_FORM, clear_form, slot_set
from actions.step import Step
from actions.sums import SumQuestion
from actions.turn import Event, Turn
from backoffice.client.errors import BackofficeClientError
from backoffice.client.schemas import CarePay, CarePayRequest, NightKind, PayPeriod, PayVerdict

WORK_DONE = (
    "care_dependent",
    "care_self_sufficient",
    "company",
    "babysitting",
    "house_helper",
    "cleaning",
    "cook",
    "other_work",
)
"""What somebody mostly does; all but the last are codes of `DomesticTask`."""

HOURS_WEEK = (1, 168)
YEARS_WITH_FAMILY = (0, 60)

PAID_EUR: Mapping[str, tuple[int, int]] = {PayPeriod.HOUR: (1, 100), PayPeriod.MONTH: (20, 10_000)}
"""Less or more is a slip of the keyboard, or the other period: the person is asked again."""


_PARTS = ("table_minimum", "indemnity", "seniority", "month_of_hours", "hour_of_month")
"""The steps of a minimum that are told, by the codes of `CareStep`."""

_FEWEST_PARTS = 2


class CareNumber(OwnNumber):
    """A number of hours or years, only where it was asked."""

    help_key = "bot.help_care_number"


class CareChoice(ChoiceQuestion):
    """One of a few answers, explained in the same words."""

    help_key = "bot.help_offer_choice"


class Trained(YesNo):
    """Whether somebody has the certificate of a long course; who does not know has none."""

    def __init__(self) -> None:
        super().__init__("trained")
        self.meanings = {**self.meanings, "skip": "no"}


class PaidSum(SumQuestion):
    """What the family pays, for the period that was said before."""

    help_key = "bot.help_care_number"

    def limits(self, answers: Mapping[str, Any]) -> tuple[int, int]:
        """Return the least and the most that can be, by the period."""
        return PAID_EUR[answers.get("paid_per") or PayPeriod.MONTH]


def hours_question() -> NumberQuestion:
    """Return the question for the hours of a week."""
    return CareNumber("hours_week", entity=None, bounds=HOURS_WEEK, offered=(10, 20, 25, 30, 40, 54))


def years_question() -> NumberQuestion:
    """Return the question for the years with one family."""
    return CareNumber(
        "years_with_family",
        entity="years",
        bounds=YEARS_WITH_FAMILY,
        offered=(0, 1, 2, 4, 6),
        no_is_zero=True,
    )


class PayForm(FormStep):
    """What somebody does, when, and what they get. Nothing of it is kept or sent to staff."""

    action_name = "validate_pay_form"
    form = PAY_FORM
    questions = (
        CareChoice("work_done", WORK_DONE),
        Trained(),
        YesNo("lives_in"),
        hours_question(),
        CareChoice("night_work", [kind.value for kind in NightKind], meanings={"deny": NightKind.NONE}),
        years_question(),
        CareChoice("board", ("all", "meals", "none"), meanings={"affirm": "all", "deny": "none"}),
        CareChoice("paid_per", (PayPeriod.MONTH, PayPeriod.HOUR), optional=True),
        PaidSum("paid_eur", optional=True),
        MonthQuestion("pay_month", optional=True),
    )

    def is_needed(self, question: Question, answers: Mapping[str, Any]) -> bool:
        """Tell whether to ask: training counts for one level alone, a sum only with its period."""
        if question.slot == "trained":
            return answers.get("work_done") == "care_dependent"
        return question.slot != "paid_eur" or answers.get("paid_per") is not None

    def consistent(self, answers: dict[str, Any]) -> dict[str, Any]:
        """Leave out a sum that the other period cannot have."""
        low, high = PAID_EUR[answers.get("paid_per") or PayPeriod.MONTH]
        paid = answers.get("paid_eur")
        if paid is not None and not low <= Decimal(paid) <= high:
            return {**answers, "paid_eur": None}
        return answers


class TellPay(Step):
    """Tells what is due, step by step, each sum with its source, and what to do when the pay is less."""

    action_name = "action_tell_pay"

    async def act(self, turn: Turn, replies: Replies) -> list[Event]:
        """Work the pay out, or say that it cannot be done now."""
        told = None
        request = care_pay_request(turn.slots, self.clock().astimezone(ROME).date())
        try:
            pay = await self.backoffice.work_out_care_pay(request)
        except BackofficeClientError:
            again = replies.button("retry", payload("count_pay"), lasting=True)
            replies.say("bot.rent_unavailable", buttons=[again, *way_on_buttons(replies)])
        else:
            parts = [
                replies.text("bot.pay_figures", month=replies.month(request.on)),
                _minimum(pay, replies),
                _against(pay, request.paid_eur, replies),
                _hours(pay, replies),
                _beside(pay, request.paid_eur, replies),
            ]
            replies.say_text("\n\n".join(part for part in parts if part))
            rest = [
                await ask_desk(self.backoffice, replies),
                source_lines(pay.sources, replies),
                replies.text("bot.rent_not_advice"),
            ]
            replies.say_text("\n\n".join(part for part in rest if part), buttons=_ways_on(pay, replies))
            told = _fact(pay, request)
        return [*clear_form(PAY_FORM), slot_set(PAY_BELOW, told), slot_set("requested_slot", None)]


def _minimum(pay: CarePay, replies: Replies) -> str:
    """Return the level, why, and the least that has to be paid."""
    key = f"bot.pay_level_{pay.level.value}" if pay.level is not None else "bot.pay_level_unknown"
    lines = [replies.text(key)]
    if pay.minimum_eur is None or pay.minimum_per is None:
        return "\n".join([*lines, replies.text("bot.pay_minimum_unknown")])
    least = replies.text(f"bot.pay_minimum_{pay.minimum_per.value}", sum=replies.euros(pay.minimum_eur))
    lines += [least, *_made_of(pay, replies)]
    if pay.minimum_is_least:
        lines.append(replies.text("bot.pay_minimum_least"))
    if pay.table_from is not None:
        lines.append(replies.text("bot.pay_table", day=replies.day(pay.table_from)))
    return "\n".join(lines)


def _made_of(pay: CarePay, replies: Replies) -> list[str]:
    """Return what the minimum was made of, a line each; none where it stands in the table as it is."""
    parts = [step for step in pay.steps if step.code in _PARTS]
    if len(parts) < _FEWEST_PARTS:
        return []
    return [
        replies.text(
            "bot.line", label=replies.text(f"bot.pay_step_{step.code}"), value=replies.euros(step.amount)
        )
        for step in parts
    ]


def _against(pay: CarePay, paid: Decimal | None, replies: Replies) -> str:
    """Return what the pay is against the minimum; nothing where no pay was named."""
    if paid is None or pay.verdict is None:
        return ""
    said = replies.euros(paid)
    if pay.verdict is PayVerdict.ENOUGH:
        return replies.text("bot.pay_enough", paid=said)
    if pay.verdict is PayVerdict.UNKNOWN or pay.short_eur is None or pay.minimum_per is None:
        return replies.text("bot.pay_not_known", paid=said)
    short = replies.text(
        f"bot.pay_below_{pay.minimum_per.value}", paid=said, short=replies.euros(pay.short_eur)
    )
    return "\n".join([short, replies.text("bot.pay_what_to_do")])


def _hours(pay: CarePay, replies: Replies) -> str:
    if not pay.hours_over or pay.hours_limit is None:
        return ""
    return replies.text("bot.pay_hours_over", limit=str(pay.hours_limit), over=str(pay.hours_over))


def _beside(pay: CarePay, paid: Decimal | None, replies: Replies) -> str:
    """Return what is due beside the pay; what no source gives says to ask the desk."""
    days = pay.holiday_days
    rows = {
        "thirteenth": _sum(pay.thirteenth_eur, replies),
        "holidays": f"{days.normalize():f}" if days is not None else replies.text("bot.pay_ask"),
        "contributions": _contributions(pay, replies),
        "severance": _sum(pay.severance_eur, replies),
    }
    if pay.board_eur_day is not None:
        rows["board"] = replies.euros(pay.board_eur_day)
    lines = []
    for code, value in rows.items():
        lines.append(replies.text("bot.line", label=replies.text(f"bot.pay_{code}"), value=value))
        if code == "contributions":
            lines += _in_a_month(pay, replies)
    title = replies.text("bot.pay_beside" if paid is None else "bot.pay_beside_paid")
    return "\n".join([title, *lines, replies.text("bot.pay_gross")])


def _sum(euros: Decimal | None, replies: Replies) -> str:
    return replies.euros(euros) if euros is not None else replies.text("bot.pay_ask")


def _contributions(pay: CarePay, replies: Replies) -> str:
    """Return what the family pays to INPS for an hour, and which part of it is the worker's."""
    whole, part = pay.contribution_eur_hour, pay.contribution_worker_eur_hour
    if whole is None or part is None:
        return replies.text("bot.pay_ask")
    return replies.text("bot.pay_contributions_hour", sum=replies.euros(whole), part=replies.euros(part))


def _in_a_month(pay: CarePay, replies: Replies) -> list[str]:
    """Return the contributions of a month, where they are known."""
    whole, part = pay.contributions_eur_month, pay.contributions_worker_eur_month
    if whole is None or part is None:
        return []
    values = {"sum": replies.euros(whole), "part": replies.euros(part)}
    return ["• " + replies.text("bot.pay_contributions_month", **values)]


def _fact(pay: CarePay, request: CarePayRequest) -> str | None:
    """Return a pay below the minimum as staff read it; None where it is not below."""
    if pay.verdict is not PayVerdict.BELOW or pay.short_eur is None or pay.minimum_eur is None:
        return None
    staff = Replies(STAFF_LANGUAGE)
    return staff.text(
        "backoffice.care_problem.pay",
        paid=staff.euros(request.paid_eur or 0),
        per=staff.text(f"bot.button.paid_per_{request.paid_per or PayPeriod.MONTH}"),
        minimum=staff.euros(pay.minimum_eur),
        short=staff.euros(pay.short_eur),
        level=pay.level or "?",
        hours=str(request.hours_week),
        month=staff.month(request.on),
    )


def _ways_on(pay: CarePay, replies: Replies) -> list[Button]:
    tell = replies.button("pay_tell_desk", payload("report_work_problem", choice=PAY), lasting=True)
    problem = [tell] if pay.verdict is PayVerdict.BELOW else []
    again = topic_button(replies, "count_pay")
    return [*problem, again, more_rights_button(replies), *way_on_buttons(replies)]
