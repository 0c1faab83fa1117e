"""The question for a month that is past, or of now."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from actions.dates import iso_date
from actions.questions import NOTHING, Hearing, Question, Reading, Remark
from actions.replies import Button, Replies

_MONTH_YEAR = re.compile(r"^\W*(\d{1,2})[./-](\d{4})\W*$")
_MONTHS = 12


class MonthQuestion(Question):
    """A month, kept as its first day; this one where nobody says another."""

    help_key = "bot.help_offer_choice"
    stands_alone = True

    _OFFERED = 3
    _MONTHS_BACK = 36
    _MONTHS_AHEAD = 3

    def read(self, hearing: Hearing) -> Reading:
        """Read the month from the button, its name or "3/2026"; one too far away is not taken."""
        chosen = iso_date(hearing.choice(self.slot))
        month = chosen or (self._typed(hearing) if hearing.asked else None)
        if month is None:
            return NOTHING
        ahead = _count(month) - _count(hearing.today)
        if -self._MONTHS_BACK <= ahead <= self._MONTHS_AHEAD:
            return Reading(month.replace(day=1).isoformat())
        return Reading(remarks=(Remark(hearing.replies.text(f"bot.{self.slot}_far")),))

    def show(self, value: Any, replies: Replies) -> str:
        """Write the month in the words of the language."""
        return replies.month(date.fromisoformat(value))

    def buttons(self, hearing: Hearing) -> list[Button]:
        """Offer this month and the ones before."""
        months = [_month_before(hearing.today, back) for back in range(self._OFFERED)]
        return [self.answer_button(hearing.replies.month(month), month.isoformat()) for month in months]

    def _typed(self, hearing: Hearing) -> date | None:
        written = _MONTH_YEAR.match(hearing.turn.text)
        if written and 1 <= int(written[1]) <= _MONTHS:
            return date(int(written[2]), int(written[1]), 1)
        months = [_month_before(hearing.today, back) for back in range(self._MONTHS_BACK)]
        named = {month.isoformat(): hearing.replies.month(month) for month in months}
        return iso_date(hearing.replies.code_worded(hearing.turn.text, named)) or iso_date(
            hearing.turn.value("date")
        )


def _month_before(today: date, back: int) -> date:
    year, month = divmod(_count(today) - back, _MONTHS)
    return date(year, month + 1, 1)


def _count(day: date) -> int:
    return day.year * _MONTHS + day.month - 1
