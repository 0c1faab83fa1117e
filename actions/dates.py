"""The question for a day to come."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from actions.questions import NOTHING, Hearing, Question, Reading, Remark
from actions.replies import Button, Replies

_DAY_MONTH_YEAR = re.compile(r"\b(\d{1,2})[./-](\d{1,2})[./-](\d{4})\b")


class DateQuestion(Question):
    """A day from today on, at most two years ahead."""

    _LATER = "later"
    _DAYS_AHEAD = 730

    def read(self, hearing: Hearing) -> Reading:
        """Read the day; a past one is not taken."""
        chosen = hearing.choice(self.slot) or hearing.turn.value("date") or self._named(hearing)
        chosen = chosen or (written_day(hearing.turn.text) if hearing.asked else None)
        if chosen == self._LATER:
            return Reading(choosing=True)
        day = iso_date(chosen)
        if day is None:
            return NOTHING
        if day < hearing.today:
            return Reading(remarks=(Remark(hearing.replies.text("bot.date_past")),))
        if (day - hearing.today).days > self._DAYS_AHEAD:
            return Reading(remarks=(Remark(hearing.replies.text("bot.date_too_far")),))
        return Reading(day.isoformat())

    def show(self, value: Any, replies: Replies) -> str:
        """Write the day in the words of the language."""
        return replies.day(date.fromisoformat(value))

    def buttons(self, hearing: Hearing) -> list[Button]:
        """Offer now, next month and later; after "later" the months to come."""
        replies = hearing.replies
        if hearing.choosing:
            months = [_first_of_month(hearing.today, ahead) for ahead in (2, 3, 4, 5, 6)]
            return [self.answer_button(replies.month(month), month.isoformat()) for month in months]
        return [
            self.answer_button(replies.text("bot.button.date_now"), hearing.today.isoformat()),
            self.answer_button(
                replies.text("bot.button.date_next_month"), _first_of_month(hearing.today, 1).isoformat()
            ),
            self.answer_button(replies.text("bot.button.date_later"), self._LATER),
        ]

    def _named(self, hearing: Hearing) -> str | None:
        """Return the day, or "later", that was typed in the words of its button."""
        codes = {
            "now": hearing.today.isoformat(),
            "next_month": _first_of_month(hearing.today, 1).isoformat(),
            self._LATER: self._LATER,
        }
        titles = {code: f"date_{code}" for code in codes}
        code = hearing.replies.code_typed(hearing.turn.text, titles) if hearing.asked else None
        return codes[code] if code else None


def written_day(text: str) -> str | None:
    """Return a day that was written out, day first, also one that the understanding leaves out as past."""
    match = _DAY_MONTH_YEAR.search(text)
    return f"{match[3]}-{int(match[2]):02}-{int(match[1]):02}" if match else None


def iso_date(value: str | None) -> date | None:
    """Return the day that is written as ISO 8601 has it, or None."""
    try:
        return date.fromisoformat(value) if value else None
    except ValueError:
        return None


def _first_of_month(today: date, ahead: int) -> date:
    year, month = divmod(today.year * 12 + today.month - 1 + ahead, 12)
    return date(year, month + 1, 1)
