"""Why the checklist or the contract cannot be changed as asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from backoffice.accompaniment.checklist import Step
from backoffice.errors import BackofficeError, Conflict, NotFound


class StepNotFound(NotFound):
    """The checklist has no such step."""


class NoContract(Conflict):
    """No home has got the yes of both yet: there is no contract to write down."""

    def __init__(self) -> None:
        super().__init__("accompaniment.error.no_contract", way_out="accompaniment.error.no_contract.way_out")


class StepsOpen(Conflict):
    """The contract cannot be signed while steps that protect the household are open."""

    def __init__(self, steps: Sequence[Step]) -> None:
        super().__init__(
            "accompaniment.error.steps_open",
            way_out="accompaniment.error.steps_open.way_out",
            numbers=", ".join(str(step.number) for step in steps),
        )
        self.steps = tuple(steps)

    @property
    def errors(self) -> tuple[Mapping[str, str], ...]:
        """Each open step, with what it is."""
        return tuple({"field": step.code, "message": f"step.{step.code}"} for step in self.steps)


class DepositTooHigh(BackofficeError):
    """The deposit is more than the law allows."""

    status = 422

    def __init__(self, limit_eur: int) -> None:
        super().__init__(
            "accompaniment.error.deposit",
            way_out="accompaniment.error.deposit.way_out",
            limit=str(limit_eur),
        )

    @property
    def errors(self) -> tuple[Mapping[str, str], ...]:
        """The field, with its sentence."""
        return ({"field": "deposit_eur", "message": self.message},)


class ContractIncomplete(BackofficeError):
    """What a contract needs before it is signed is not written down."""

    status = 422

    def __init__(self, missing: Sequence[str]) -> None:
        super().__init__("accompaniment.error.incomplete", way_out="accompaniment.error.incomplete.way_out")
        self.missing = tuple(missing)

    @property
    def errors(self) -> tuple[Mapping[str, str], ...]:
        """Each field that is missing."""
        return tuple({"field": name, "message": f"tenancy_field.{name}"} for name in self.missing)


class DayRefused(BackofficeError):
    """A day that cannot be: what happened lies in the past, and a contract is signed before it is registered.

    `why`: `future`, `too_early`, `too_late`, `before_signing`, or `unreadable` for what is no day.
    """

    status = 422

    def __init__(self, why: str, day: date | None) -> None:
        super().__init__(
            f"accompaniment.error.day.{why}",
            way_out="accompaniment.error.day.way_out",
            day=f"{day.day:02}.{day.month:02}.{day.year}" if day else "",
        )
        self.why = why


class DateKeepsStep(Conflict):
    """A step that a day of the contract has done: the day is corrected, not taken away."""

    def __init__(self) -> None:
        super().__init__("accompaniment.error.date_keeps", way_out="accompaniment.error.date_keeps.way_out")


class ChangedMeanwhile(Conflict):
    """Somebody else changed it after it was read."""

    def __init__(self) -> None:
        super().__init__("accompaniment.error.changed", way_out="accompaniment.error.changed.way_out")


class NeedsRefused(BackofficeError):
    """Answers about the home that do not fit their fields; `fields` has each with its sentence's key."""

    status = 422

    def __init__(self, fields: Mapping[str, str]) -> None:
        super().__init__("accompaniment.error.needs", way_out="accompaniment.error.needs.way_out")
        self.fields = dict(fields)

    @property
    def errors(self) -> tuple[Mapping[str, str], ...]:
        """Each answer that does not fit, with its sentence."""
        return tuple({"field": name, "message": key} for name, key in self.fields.items())
