"""Why something with a request for a mediator cannot be done as asked."""

from __future__ import annotations

from collections.abc import Mapping

from backoffice.errors import BackofficeError, Conflict


class MediationMoveRefused(Conflict):
    """No rule leads from the state that the request has to the one that was asked for."""

    def __init__(self) -> None:
        super().__init__("mediation.error.move", way_out="mediation.error.move.way_out")


class NoHoursLeft(Conflict):
    """The service has not enough hours left this year."""

    def __init__(self, left_hours: str) -> None:
        super().__init__("mediation.error.hours", way_out="mediation.error.hours.way_out", left=left_hours)


class OfferGone(Conflict):
    """Somebody else was first, the time to answer is over, or the request was called off."""

    def __init__(self) -> None:
        super().__init__("mediation.error.offer_gone", way_out="mediation.error.offer_gone.way_out")


class MediatorBusy(Conflict):
    """The mediator has another appointment at that time."""

    def __init__(self) -> None:
        super().__init__("mediation.error.busy", way_out="mediation.error.busy.way_out")


class HoursChangedMeanwhile(Conflict):
    """Somebody else has changed the hours of a service since the caller saw them."""

    def __init__(self) -> None:
        super().__init__("mediation.error.hours_changed", way_out="mediation.error.hours_changed.way_out")


class RosterInvalid(BackofficeError):
    """A week or an absence that cannot be: it ends before it begins, or overlaps itself."""

    status = 422

    def __init__(self) -> None:
        super().__init__("mediation.error.roster", way_out="mediation.error.roster.way_out")


class FormIncomplete(BackofficeError):
    """Fields of a form that are missing or cannot be; `faults`: a key of `mediation.wrong` for each."""

    status = 422

    def __init__(self, faults: Mapping[str, str]) -> None:
        super().__init__("mediation.error.form")
        self.faults = dict(faults)

    @property
    def errors(self) -> tuple[Mapping[str, str], ...]:
        """Each field with why."""
        return tuple(
            {"field": name, "message": f"mediation.wrong.{why}"} for name, why in self.faults.items()
        )


class ChangedMeanwhile(Conflict):
    """Somebody else has changed it since the page was opened."""

    def __init__(self) -> None:
        super().__init__("mediation.error.changed", way_out="mediation.error.changed.way_out")


class MomentNotFixed(Conflict):
    """A request that may begin at any time until a day is offered only with a moment."""

    def __init__(self) -> None:
        super().__init__("mediation.error.no_moment", way_out="mediation.error.no_moment.way_out")


class RequestMomentWrong(BackofficeError):
    """A request that begins in the past, or more than a year away."""

    status = 422

    def __init__(self) -> None:
        super().__init__("mediation.error.moment", way_out="mediation.error.moment.way_out")
