"""Why something with a match cannot be done as asked."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from backoffice.client.schemas import CareLevel
from backoffice.errors import BackofficeError, Conflict


class CareMoveRefused(Conflict):
    """No rule leads from the state that the match has to the one that was asked for."""

    def __init__(self) -> None:
        super().__init__("care.error.match_move", way_out="care.error.match_move.way_out")


class CareReasonMissing(Conflict):
    """It is not a reason that this side can give."""

    def __init__(self) -> None:
        super().__init__("care.error.match_reason", way_out="care.error.match_reason.way_out")


class WorkerNotFree(Conflict):
    """The worker is not in the register, or may not be proposed now."""

    def __init__(self) -> None:
        super().__init__("care.error.worker_not_free", way_out="care.error.worker_not_free.way_out")


class CareWeightsInvalid(BackofficeError):
    """There is no such preference, or the weight is not from 0 to 10."""

    status = 422

    def __init__(self) -> None:
        super().__init__(
            "care_matching.error.weights_invalid", way_out="care_matching.error.weights_invalid.way_out"
        )


class CareWeightsChangedMeanwhile(Conflict):
    """Somebody else has set the weights since they were read."""

    def __init__(self) -> None:
        super().__init__(
            "care_matching.error.weights_changed", way_out="care_matching.error.weights_changed.way_out"
        )


class WorkerDoesNotFit(Conflict):
    """A rule says no, or nobody is looked for now."""

    def __init__(self) -> None:
        super().__init__("care_matching.error.not_fit", way_out="care_matching.error.not_fit.way_out")


class TooManyCandidates(Conflict):
    """The family has three candidates that are not answered yet."""

    def __init__(self) -> None:
        super().__init__("care_matching.error.too_many", way_out="care_matching.error.too_many.way_out")


class WorkerNotAsked(Conflict):
    """The worker sees an offer first, and has not said yes."""

    def __init__(self) -> None:
        super().__init__("care_matching.error.not_asked", way_out="care_matching.error.not_asked.way_out")


class NobodyToWriteTo(Conflict):
    """The person does not use the chat, or may not be written to: the desk calls."""

    def __init__(self) -> None:
        super().__init__("care_matching.error.no_chat", way_out="care_matching.error.no_chat.way_out")


class TrialDaysWrong(BackofficeError):
    """A trial ends after it begins, and not later than it may."""

    status = 422

    def __init__(self) -> None:
        super().__init__("care_matching.error.trial_days", way_out="care_matching.error.trial_days.way_out")


class WishRefused(BackofficeError):
    """The words ask for what the law forbids to choose by; they were not kept."""

    status = 422

    def __init__(self, phrase: str) -> None:
        super().__init__(
            "care_matching.error.wish", way_out="care_matching.error.wish.way_out", phrase=phrase
        )


class PayWrong(BackofficeError):
    """The pay of an offer is no sum of euros."""

    status = 422

    def __init__(self) -> None:
        super().__init__("care_matching.error.pay", way_out="care_matching.error.pay.way_out")


class AnswersWrong(BackofficeError):
    """An answer of a request is not valid; `field` is its name."""

    status = 422

    def __init__(self, field: str) -> None:
        super().__init__(
            "care_matching.error.intake", way_out="care_matching.error.intake.way_out", field=field
        )


class PayBelowMinimum(BackofficeError):
    """The pay is below the minimum in force on a day: by how much, and by which table."""

    status = 422

    def __init__(
        self, *, level: CareLevel, day: date, table: str, minimum: Decimal, short: Decimal, per: str
    ) -> None:
        self.level, self.day, self.table = level, day, table
        self.minimum, self.short, self.per = minimum, short, per
        super().__init__(
            f"engagement.error.below.{per}",
            way_out="engagement.error.below.way_out",
            level=level.value,
            day=f"{day.day:02}.{day.month:02}.{day.year}",
            table=table_name(table),
            minimum=sum_of(minimum),
            short=sum_of(short),
        )


def sum_of(value: Decimal) -> str:
    """Return a sum in euros as it is written in Italy, to the cent."""
    return f"{value:,.2f}".replace(",", "_").replace(".", ",").replace("_", ".")


def table_name(code: str) -> str:
    """Return how people call the table of a minimum: `pay_2026:hour:BS` is that of 2026."""
    return code.partition(":")[0].removeprefix("pay_")
