"""Why something with a contract cannot be done as asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from backoffice.client.schemas import CareLevel
from backoffice.errors import BackofficeError, Conflict


class EngagementMoveRefused(Conflict):
    """No rule leads from the state that the contract has to the one that was asked for."""

    def __init__(self) -> None:
        super().__init__("engagement.error.move", way_out="engagement.error.move.way_out")


class MatchNotReady(Conflict):
    """A contract is drafted once both are interested, and once for one match."""

    def __init__(self) -> None:
        super().__init__("engagement.error.match", way_out="engagement.error.match.way_out")


class NotThoseCases(Conflict):
    """A contract is between the request of a family and a family assistant of the register."""

    def __init__(self) -> None:
        super().__init__("engagement.error.cases", way_out="engagement.error.cases.way_out")


class TermsIncomplete(BackofficeError):
    """What a contract needs before it is proposed is not written down."""

    status = 422

    def __init__(self, missing: Sequence[str]) -> None:
        super().__init__("engagement.error.incomplete", way_out="engagement.error.incomplete.way_out")
        self.missing = tuple(missing)

    @property
    def errors(self) -> tuple[Mapping[str, str], ...]:
        """Each field that is missing."""
        return tuple({"field": name, "message": f"engagement_field.{name}"} for name in self.missing)


class LevelUnknown(BackofficeError):
    """From the tasks no level follows: somebody has to say which tasks are done."""

    status = 422

    def __init__(self) -> None:
        super().__init__("engagement.error.no_level", way_out="engagement.error.no_level.way_out")


class LevelTooLow(BackofficeError):
    """The tasks that are really done count, not the word on paper (CCNL lavoro domestico, art. 9)."""

    status = 422

    def __init__(self, agreed: CareLevel, by_tasks: CareLevel) -> None:
        super().__init__(
            "engagement.error.level",
            way_out="engagement.error.level.way_out",
            agreed=agreed.value,
            by_tasks=by_tasks.value,
        )


class TooManyHours(BackofficeError):
    """More hours a week than the contract of the sector allows."""

    status = 422

    def __init__(self, hours: int, limit: int) -> None:
        super().__init__(
            "engagement.error.hours",
            way_out="engagement.error.hours.way_out",
            hours=str(hours),
            limit=str(limit),
        )


class MinimumUnknown(Conflict):
    """No source gives the minimum of that day: only a coordinator may say that it goes on all the same."""

    def __init__(self, level: CareLevel, day: date) -> None:
        super().__init__(
            "engagement.error.minimum_unknown",
            way_out="engagement.error.minimum_unknown.way_out",
            level=level.value,
            day=f"{day.day:02}.{day.month:02}.{day.year}",
        )


class PermitForbids(BackofficeError):
    """The permit to stay does not allow this work on the day of the start. `why`: `no_work` or `expired`."""

    status = 422

    def __init__(self, why: str) -> None:
        super().__init__(f"engagement.error.permit.{why}", way_out="engagement.error.permit.way_out")


class StepsOpen(Conflict):
    """Something that protects one of the two has to be done first."""

    def __init__(self, codes: Sequence[str]) -> None:
        super().__init__("engagement.error.steps_open", way_out="engagement.error.steps_open.way_out")
        self.codes = tuple(codes)

    @property
    def errors(self) -> tuple[Mapping[str, str], ...]:
        """Each step that is open."""
        return tuple({"field": code, "message": f"engagement_step.{code}"} for code in self.codes)


class NotToldToInps(Conflict):
    """Nobody begins before INPS was told, and nobody begins before the day of the start."""

    def __init__(self) -> None:
        super().__init__("engagement.error.not_begun", way_out="engagement.error.not_begun.way_out")


class EngagementDayRefused(BackofficeError):
    """A day that cannot be.

    `why`: `future`, `before_start`, `after_end`, `order`, `too_far`, or `unreadable` for what is no day.
    """

    status = 422

    def __init__(self, why: str) -> None:
        super().__init__(f"engagement.error.day.{why}", way_out="engagement.error.day.way_out")
        self.why = why


class EngagementChangedMeanwhile(Conflict):
    """Somebody else changed it after it was read."""

    def __init__(self) -> None:
        super().__init__("engagement.error.changed", way_out="engagement.error.changed.way_out")


class EngagementFormInvalid(BackofficeError):
    """A choice that the form does not offer, a number that it does not take, or more words than fit."""

    status = 422

    def __init__(self, field: str | None = None) -> None:
        super().__init__("error.invalid")
        self.field = field

    @property
    def errors(self) -> tuple[Mapping[str, str], ...]:
        """The field, with its name."""
        return ({"field": self.field, "message": f"engagement_field.{self.field}"},) if self.field else ()
