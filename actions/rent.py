"""A contract of rent, worked out with the person's own figures: what it costs and by when, never advice."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from actions.form import FormStep
from actions.menu import topic_button, way_on_buttons
from actions.offer import EXPENSES_EUR_MONTH, OwnNumber, RentQuestion, YesNo
from actions.questions import Question
from actions.replies import Replies, payload
from actions.slots import RENT_FORM, clear_form, rent_figures_request, slot_set
from actions.step import Step
from actions.turn import Event, Turn
from backoffice.client.errors import BackofficeClientError
from backoffice.client.schemas import HousingFigures

DEPOSIT_EUR = (0, 30_000)
AGENCY_FEE_EUR = (0, 10_000)


class RentForm(FormStep):
    """Which figures a contract has. Nothing of it is kept or sent to staff."""

    action_name = "validate_rent_form"
    form = RENT_FORM
    questions = (
        RentQuestion(key="rent_rent"),
        OwnNumber(
            "expenses_eur_month",
            key="rent_expenses",
            entity="money",
            bounds=EXPENSES_EUR_MONTH,
            offered=(0, 50, 80, 100, 150),
            optional=True,
            no_is_zero=True,
            is_money=True,
        ),
        OwnNumber(
            "deposit_eur",
            entity="money",
            bounds=DEPOSIT_EUR,
            offered=(),
            optional=True,
            no_is_zero=True,
            is_money=True,
        ),
        YesNo("agency", optional=True),
        OwnNumber(
            "agency_fee_eur",
            entity="money",
            bounds=AGENCY_FEE_EUR,
            offered=(),
            optional=True,
            is_money=True,
        ),
    )

    def is_needed(self, question: Question, answers: Mapping[str, Any]) -> bool:
        """Tell whether to ask: what an agency takes is asked of who has one."""
        return question.slot != "agency_fee_eur" or answers.get("agency") == "yes"


class TellRentFigures(Step):
    """Tells what the contract costs at the start, each sum with its rule and source."""

    action_name = "action_tell_rent_figures"

    async def act(self, turn: Turn, replies: Replies) -> list[Event]:
        """Work the figures out, or say that it cannot be done now."""
        try:
            figures = await self.backoffice.work_out_rent(rent_figures_request(turn.slots))
        except BackofficeClientError:
            again = replies.button("retry", payload("count_rent"), lasting=True)
            replies.say("bot.rent_unavailable", buttons=[again, *way_on_buttons(replies)])
        else:
            again = topic_button(replies, "count_rent")
            replies.say_text(_written(turn, figures, replies), buttons=[again, *way_on_buttons(replies)])
        return [*clear_form(RENT_FORM), slot_set("requested_slot", None)]


def _written(turn: Turn, figures: HousingFigures, replies: Replies) -> str:
    parts = [replies.text("bot.rent_figures"), _deposit(turn, figures, replies)]
    costs = [_cost(cost.kind, cost.tenant_eur, replies) for cost in figures.costs if cost.tenant_eur]
    parts.append("\n".join([replies.text("bot.rent_first_payment"), *costs, _total(figures, replies)]))
    tax = sum((c.total_eur for c in figures.costs if c.kind in ("registration_tax", "stamps")), Decimal(0))
    days = str(figures.registration_days)
    parts.append(replies.text("bot.rent_registration", sum=replies.euros(tax), days=days))
    if turn.slots.get("agency") == "yes" and turn.slots.get("agency_fee_eur") is None:
        parts.append(replies.text("bot.rent_fee_unknown"))
    pages = [_page(source.page, source.read_on, replies) for source in figures.sources]
    parts.append("\n".join([replies.text("bot.rent_sources"), *pages]))
    parts.append(replies.text("bot.rent_not_advice"))
    return "\n\n".join(parts)


def _deposit(turn: Turn, figures: HousingFigures, replies: Replies) -> str:
    limit, asked = figures.deposit_limit_eur, turn.slots.get("deposit_eur")
    text = replies.text("bot.rent_deposit_limit", limit=replies.euros(limit))
    if asked is None:
        return text
    said = "over" if asked > limit else "within"
    return "\n".join([text, replies.text(f"bot.rent_deposit_{said}", asked=replies.euros(asked))])


def _cost(kind: str, amount: Decimal, replies: Replies) -> str:
    label = replies.text(f"bot.rent_cost_{kind}")
    return replies.text("bot.line", label=label, value=replies.euros(amount))


def _total(figures: HousingFigures, replies: Replies) -> str:
    return replies.text("bot.rent_total", sum=replies.euros(figures.tenant_eur))


def _page(page: str, read_on: str, replies: Replies) -> str:
    site = page.partition("/")[0]
    year = read_on.partition("-")[0] if read_on != "undated" else replies.text("bot.rent_undated")
    return replies.text("bot.line", label=site, value=year)
