"""What a family assistant asks of the contract: each topic in plain words with its source, never advice."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from actions.client import Backoffice
from actions.menu import topic_button, way_on_buttons
from actions.replies import Button, Replies, payload
from actions.step import Step
from actions.turn import Event, Turn
from backoffice.client.errors import BackofficeClientError
from backoffice.client.schemas import FigureSource

TOPIC = "ask_care_contract"

RIGHTS = ("rest", "sick", "maternity", "accident", "thirteenth", "contributions", "severance")
"""What is told of the contract, topic by topic (domain, care_work.md 3 and 4: what was found in a source)."""

RECKONED = ("count_pay", "count_notice")
"""What is worked out with one's own answers."""


class TellCareRights(Step):
    """Tells of the contract in short, or of one topic, and what can be worked out."""

    action_name = "action_tell_care_rights"

    async def act(self, turn: Turn, replies: Replies) -> list[Event]:
        """Tell of the topic of the button, or of the one that was named; else of the contract."""
        code = turn.value("choice") or _named(turn, replies)
        if code not in RIGHTS:
            replies.say("bot.care_contract", buttons=rights_buttons(replies))
            return []
        told = replies.text(f"bot.care_right_{code}")
        replies.say_text(
            "\n\n".join([told, await ask_desk(self.backoffice, replies)]),
            buttons=[*_worked_out(code, replies), more_rights_button(replies), *way_on_buttons(replies)],
        )
        return []


def rights_buttons(replies: Replies) -> list[Button]:
    """Return everything that can be asked of a contract of care work, what is worked out first."""
    return [
        *(topic_button(replies, intent) for intent in RECKONED),
        *(_right_button(code, replies) for code in RIGHTS),
        topic_button(replies, "report_work_problem"),
        *way_on_buttons(replies),
    ]


def more_rights_button(replies: Replies) -> Button:
    """Return the lasting button that leads back to all topics."""
    return replies.button("care_rights_more", payload(TOPIC), lasting=True)


async def ask_desk(backoffice: Backoffice, replies: Replies) -> str:
    """Return the sentence that sends to the desk, with its telephone where it is known."""
    try:
        phone = (await backoffice.read_office(replies.language)).phone
    except BackofficeClientError:
        phone = None
    lines = [replies.text("bot.care_ask_desk")]
    return "\n".join([*lines, *([replies.text("bot.office_phone", phone=phone)] if phone else [])])


def source_lines(sources: Iterable[FigureSource], replies: Replies) -> str:
    """Return where the figures were read, a line each with its day, month or year; "" without any."""
    told = dict.fromkeys((_site(source.page), read_on(source, replies)) for source in sources)
    lines = [replies.text("bot.line", label=site, value=when) for site, when in told]
    return "\n".join([replies.text("bot.rent_sources"), *lines]) if lines else ""


def _site(page: str) -> str:
    """Return the site alone: what stands beside it is for staff, in their language."""
    return next((word for word in page.split() if "." in word), page).partition("/")[0]


def read_on(source: FigureSource, replies: Replies) -> str:
    """Return the source's own day as the language writes it: "12 febbraio 2026", "febbraio 2026", "2025"."""
    parts = source.read_on.split("-")
    if not all(part.isdecimal() for part in parts):
        return replies.text("bot.rent_undated")
    match [int(part) for part in parts]:
        case [year, month, day]:
            return replies.day(date(year, month, day))
        case [year, month]:
            return replies.month(date(year, month, 1))
        case [year]:
            return str(year)
    return source.read_on


def _right_button(code: str, replies: Replies) -> Button:
    return replies.button(f"care_right_{code}", payload(TOPIC, choice=code), lasting=True)


def _named(turn: Turn, replies: Replies) -> str | None:
    """Return the topic whose words stand in what was typed: "how many days of holidays?"."""
    return replies.code_typed(turn.text, {code: f"care_right_{code}" for code in RIGHTS})


def _worked_out(code: str, replies: Replies) -> list[Button]:
    """Return what can be worked out of a topic."""
    intent = {"severance": "count_notice", "thirteenth": "count_pay", "contributions": "count_pay"}.get(code)
    return [topic_button(replies, intent)] if intent else []
