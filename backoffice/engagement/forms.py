"""What the pages of contracts post. What cannot be read is refused with the name of its field."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import TypeVar
from urllib.parse import urlencode

from pydantic import BaseModel, Field

from backoffice.client.schemas import CareLevel, DomesticTask, NightKind, PayPeriod
from backoffice.engagement.changing import TermsChange
from backoffice.engagement.errors import EngagementDayRefused, EngagementFormInvalid
from backoffice.engagement.models import EngagementState
from backoffice.engagement.payslips import PayslipFacts
from backoffice.engagement.terms import TermsFacts
from backoffice.italy import ROME
from backoffice.posted import Fields, one, version_read

Code = TypeVar("Code", bound=StrEnum)

MOST_EUR = Decimal(20_000)
MOST_HOURS = 168
MOST_TRIAL_DAYS = 120
LONGEST = 2000


class EngagementSearch(BaseModel):
    """What the list of contracts is narrowed by, as the address says it."""

    state: str = Field(default="", max_length=20)
    late: str = Field(default="", max_length=3)
    case: str = Field(default="", max_length=36)
    cursor: str = Field(default="", max_length=200)

    @property
    def chosen(self) -> EngagementState | None:
        """The state that is wanted, where it is one."""
        return EngagementState(self.state) if self.state in set(EngagementState) else None

    @property
    def narrows(self) -> bool:
        """Whether anything is narrowed."""
        return bool(self.state or self.late or self.case)

    def address(self, **changes: str) -> str:
        """Return the address of the same list with some of it changed."""
        wanted = {**self.model_dump(), **changes}
        return f"/care/engagements?{urlencode({name: value for name, value in wanted.items() if value})}"


def read_terms(fields: Fields) -> TermsFacts:
    """Return what was typed of a contract.

    Raises:
        EngagementFormInvalid: a number, a choice or words that the form does not take.
        EngagementDayRefused: no day.
    """
    tasks = fields.get("tasks") or []
    if any(task not in set(DomesticTask) for task in tasks):
        raise EngagementFormInvalid("tasks")
    return TermsFacts(
        tasks=[DomesticTask(task) for task in tasks],
        is_trained=_yes_no(fields, "is_trained"),
        level=code(fields, "level", CareLevel),
        live_in=_yes_no(fields, "live_in"),
        hours_week=whole(fields, "hours_week", MOST_HOURS),
        hours_words=words(fields, "hours_words"),
        nights=code(fields, "nights", NightKind) or NightKind.NONE,
        pay_eur=euros(fields, "pay_eur"),
        pay_per=code(fields, "pay_per", PayPeriod),
        has_board=_yes_no(fields, "has_board"),
        has_lodging=_yes_no(fields, "has_lodging"),
        place=words(fields, "place"),
        holidays=words(fields, "holidays"),
        starts_on=day(fields, "starts_on"),
        ends_on=day(fields, "ends_on"),
        trial_days=whole(fields, "trial_days", MOST_TRIAL_DAYS, least=0),
        note=words(fields, "note"),
        version=version_read(fields),
    )


def read_change(fields: Fields) -> TermsChange:
    """Return what was typed of terms that hold from a day on.

    Raises:
        EngagementFormInvalid: something is missing, or no choice of the form.
        EngagementDayRefused: no day.
    """
    from_on, live_in = day(fields, "from_on"), _yes_no(fields, "live_in")
    level, per = code(fields, "level", CareLevel), code(fields, "pay_per", PayPeriod)
    hours, pay = whole(fields, "hours_week", MOST_HOURS), euros(fields, "pay_eur")
    if from_on is None:
        raise EngagementDayRefused("unreadable")
    if live_in is None:
        raise EngagementFormInvalid("live_in")
    if level is None:
        raise EngagementFormInvalid("level")
    if hours is None:
        raise EngagementFormInvalid("hours_week")
    if pay is None or per is None:
        raise EngagementFormInvalid("pay_eur")
    return TermsChange(from_on, level, live_in, hours, pay, per, version_read(fields))


def read_payslip(fields: Fields) -> PayslipFacts:
    """Return what was typed of a month of pay.

    Raises:
        EngagementFormInvalid: no sum, or hours that are no number.
        EngagementDayRefused: no month.
    """
    typed, paid = one(fields, "month"), euros(fields, "paid_eur")
    month = _day(f"{typed}-01" if len(typed) == 7 else typed)
    if month is None:
        raise EngagementDayRefused("unreadable")
    if paid is None:
        raise EngagementFormInvalid("paid_eur")
    document = one(fields, "document")[:36] or None
    return PayslipFacts(month, _decimal(fields, "hours", Decimal(744)), paid, document, words(fields, "note"))


def read_moment(fields: Fields, name: str) -> datetime:
    """Return a moment that was typed in Italy's time.

    Raises:
        EngagementDayRefused: no moment.
    """
    try:
        typed = datetime.fromisoformat(one(fields, name))
    except ValueError as error:
        raise EngagementDayRefused("unreadable") from error
    return typed.replace(tzinfo=ROME) if typed.tzinfo is None else typed


def wanted_day(fields: Fields, name: str) -> date:
    """Return a day that has to be typed.

    Raises:
        EngagementDayRefused: no day.
    """
    found = day(fields, name)
    if found is None:
        raise EngagementDayRefused("unreadable")
    return found


def day(fields: Fields, name: str) -> date | None:
    """Return a day; None for an empty field.

    Raises:
        EngagementDayRefused: no day.
    """
    return _day(one(fields, name))


def code(fields: Fields, name: str, kind: type[Code]) -> Code | None:
    """Return a choice; None for an empty field.

    Raises:
        EngagementFormInvalid: the form does not offer it.
    """
    typed = one(fields, name)
    if not typed:
        return None
    if typed not in set(kind):
        raise EngagementFormInvalid(name)
    return kind(typed)


def words(fields: Fields, name: str) -> str | None:
    """Return words; None for an empty field.

    Raises:
        EngagementFormInvalid: more than fit.
    """
    typed = one(fields, name)
    if len(typed) > LONGEST:
        raise EngagementFormInvalid(name)
    return typed or None


def whole(fields: Fields, name: str, most: int, *, least: int = 1) -> int | None:
    """Return a whole number within its bounds; None for an empty field.

    Raises:
        EngagementFormInvalid: it is none.
    """
    typed = one(fields, name)
    if not typed:
        return None
    if not (typed.isascii() and typed.isdecimal() and len(typed) < 6 and least <= int(typed) <= most):
        raise EngagementFormInvalid(name)
    return int(typed)


def euros(fields: Fields, name: str) -> Decimal | None:
    """Return a sum, written with a comma or a point; None for an empty field.

    Raises:
        EngagementFormInvalid: it is none.
    """
    return _decimal(fields, name, MOST_EUR)


def _decimal(fields: Fields, name: str, most: Decimal) -> Decimal | None:
    typed = one(fields, name).replace(" ", "")
    if not typed:
        return None
    if "," in typed:
        typed = typed.replace(".", "").replace(",", ".")
    try:
        number = Decimal(typed)
    except InvalidOperation as error:
        raise EngagementFormInvalid(name) from error
    if not number.is_finite() or not 0 <= number <= most or number != round(number, 2):
        raise EngagementFormInvalid(name)
    return round(number, 2)


def _yes_no(fields: Fields, name: str) -> bool | None:
    return {"yes": True, "no": False}.get(one(fields, name))


def _day(typed: str) -> date | None:
    if not typed:
        return None
    try:
        return date.fromisoformat(typed)
    except ValueError as error:
        raise EngagementDayRefused("unreadable") from error
