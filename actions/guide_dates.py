"""A day that a person names and a rule of the guide -> what is told: in time, late, or over.

The rules are data (`backoffice/guide/guide.yml`, `date`); each has its sentences under
`guide_steps.date.<name>`: `ask`, `by`, `late` where it can be done late, `over`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from actions.dates import iso_date, written_day
from actions.replies import Replies
from actions.turn import Turn
from backoffice.client.schemas import GuideDate

_YEARS = 20
"""A paper that ended or ends further from today than this is a slip of the finger."""

_DAYS_A_YEAR = 366


class Standing(StrEnum):
    """Where somebody stands who has to act by a day."""

    BY = "by"
    LATE = "late"
    OVER = "over"


@dataclass(frozen=True)
class Deadline:
    """The last day to act in time, the last day at all, and where that leaves somebody today."""

    day: date
    by: date
    last: date
    standing: Standing

    def told(self, rule: GuideDate, replies: Replies) -> str:
        """Write it in the words of the rule."""
        days = {
            name: replies.day(value)
            for name, value in (("day", self.day), ("by", self.by), ("last", self.last))
        }
        return replies.text(f"guide_steps.date.{rule.name}.{self.standing}", **days)


def work_out(rule: GuideDate, day: date, *, today: date) -> Deadline:
    """Return the deadline that follows from a day. The last day itself is still in time."""
    by = day + timedelta(days=rule.due_days)
    last = by if rule.late_days is None else day + timedelta(days=rule.late_days)
    standing = Standing.BY if today <= by else Standing.LATE if today <= last else Standing.OVER
    return Deadline(day, by, last, standing)


def day_said(turn: Turn, *, today: date) -> date | None:
    """Return the day that a typed message names, also a past one; None where it names none.

    Names of months and "in 40 days" are read by the understanding; figures are read here as well, since
    the understanding leaves out days that lie far from now.
    """
    day = iso_date(written_day(turn.text)) or iso_date(turn.value("date"))
    return day if day is not None and abs((day - today).days) <= _YEARS * _DAYS_A_YEAR else None
