"""What the pages of the checklist post. What cannot be read is refused with the name of its field."""

from __future__ import annotations

from datetime import date

from backoffice.accompaniment.checklist import Milestone
from backoffice.accompaniment.errors import DayRefused
from backoffice.accompaniment.models import StepState
from backoffice.accompaniment.rules import TenancyFacts
from backoffice.accompaniment.steps import StepChange
from backoffice.client.schemas import ContractType
from backoffice.errors import BackofficeError
from backoffice.housing_figures.amounts import DEPOSIT, EXPENSES, RENT, AmountRefused
from backoffice.posted import Fields, one

BOUNDS = {"rent_eur_month": RENT, "expenses_eur_month": EXPENSES, "deposit_eur": DEPOSIT}
LONGEST_NOTE = 2000


class FormInvalid(BackofficeError):
    """A choice that the form does not offer, or more words than fit."""

    status = 422

    def __init__(self) -> None:
        super().__init__("error.invalid")


def read_step(fields: Fields) -> StepChange:
    """Return what was said of a step.

    Raises:
        FormInvalid: no such state, or a note that is too long.
        DayRefused: no day.
    """
    state = one(fields, "state")
    note = one(fields, "note")
    if state not in set(StepState) or len(note) > LONGEST_NOTE:
        raise FormInvalid
    return StepChange(
        state=StepState(state),
        done_on=_day(one(fields, "done_on")),
        document_id=one(fields, "document")[:36] or None,
        note=note,
        version=_version(fields),
    )


def read_tenancy(fields: Fields) -> TenancyFacts:
    """Return what was typed of a contract.

    Raises:
        AmountRefused: a sum that is no number.
        DayRefused: no day.
        FormInvalid: no such type of contract, or a note that is too long.
    """
    kind, note = one(fields, "contract_type"), one(fields, "note")
    if (kind and kind not in set(ContractType)) or len(note) > LONGEST_NOTE:
        raise FormInvalid
    return TenancyFacts(
        contract_type=ContractType(kind) if kind else None,
        flat_tax={"yes": True, "no": False}.get(one(fields, "flat_tax")),
        starts_on=_day(one(fields, "starts_on")),
        note=note,
        version=_version(fields),
        rent_eur_month=whole(one(fields, "rent_eur_month"), "rent_eur_month", RENT),
        expenses_eur_month=whole(one(fields, "expenses_eur_month"), "expenses_eur_month", EXPENSES),
        deposit_eur=whole(one(fields, "deposit_eur"), "deposit_eur", DEPOSIT),
    )


def read_day(fields: Fields) -> tuple[Milestone, date]:
    """Return which day of a contract was typed.

    Raises:
        FormInvalid: no such day of a contract.
        DayRefused: no day.
    """
    milestone = one(fields, "milestone")
    if milestone not in set(Milestone):
        raise FormInvalid
    day = _day(one(fields, "on"))
    if day is None:
        raise DayRefused("unreadable", None)
    return Milestone(milestone), day


def whole(words: str, field: str, bounds: tuple[int, int]) -> int | None:
    """Return a whole number within its bounds; None for an empty field.

    Raises:
        AmountRefused: it is none.
    """
    if not words:
        return None
    if not (words.isascii() and words.isdecimal() and len(words) < 10):
        raise AmountRefused(field, *bounds)
    number = int(words)
    if not bounds[0] <= number <= bounds[1]:
        raise AmountRefused(field, *bounds)
    return number


def _day(words: str) -> date | None:
    if not words:
        return None
    try:
        return date.fromisoformat(words)
    except ValueError as error:
        raise DayRefused("unreadable", None) from error


def _version(fields: Fields) -> int | None:
    words = one(fields, "version")
    return int(words) if words.isascii() and words.isdecimal() and len(words) < 10 else None
