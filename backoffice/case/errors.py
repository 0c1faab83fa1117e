"""Why a case cannot be changed as asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from backoffice.client.schemas import Phase
from backoffice.errors import BackofficeError, Conflict, NotFound


class PhaseMoveRefused(Conflict):
    """No rule leads from the phase that the case has to the one that was asked for."""

    def __init__(self, before: Phase, after: Phase) -> None:
        super().__init__("case.error.move", way_out="case.error.move.way_out")
        self.before = before
        self.after = after


class ReasonMissing(BackofficeError):
    """A step back or a reopening without its reason."""

    status = 422

    def __init__(self) -> None:
        super().__init__("case.error.reason", way_out="case.error.reason.way_out")


class ClosingReasonMissing(BackofficeError):
    """A case is closed only with one of the closing reasons."""

    status = 422

    def __init__(self) -> None:
        super().__init__("case.error.closing_reason", way_out="case.error.closing_reason.way_out")


class PhaseNotReady(Conflict):
    """The next phase needs what is not there yet: each missing thing with where it is mended."""

    def __init__(self, missing: Sequence[tuple[str, str]]) -> None:
        super().__init__("case.error.not_ready", way_out="case.error.not_ready.way_out")
        self.missing = tuple(missing)

    @property
    def errors(self) -> tuple[Mapping[str, str], ...]:
        """Each missing thing: its code, the sentence's key and the address."""
        return tuple(
            {"field": code, "message": f"casework.missing.{code}", "link": link}
            for code, link in self.missing
        )


class ChangedMeanwhile(Conflict):
    """Two people edit the same: the one who comes later is told both values and decides."""

    def __init__(self, values: Sequence[tuple[str, str, str]]) -> None:
        super().__init__("case.error.changed_meanwhile", way_out="case.error.changed_meanwhile.way_out")
        self.changed = tuple(values)

    @property
    def errors(self) -> tuple[Mapping[str, str], ...]:
        """Each field with what the caller wrote and what is there now."""
        return tuple(
            {"field": field, "message": "casework.changed", "yours": yours, "theirs": theirs}
            for field, yours, theirs in self.changed
        )


class AcceptanceRefused(Conflict):
    """Only who is responsible says yes to it."""

    def __init__(self) -> None:
        super().__init__("case.error.acceptance", way_out="case.error.acceptance.way_out")


class ActionNotFound(NotFound):
    """The case has no such goal, action or check."""


class OperatorUnknown(BackofficeError):
    """No such body takes part, or nobody of that id works there."""

    status = 422

    def __init__(self) -> None:
        super().__init__("case.error.operator", way_out="case.error.operator.way_out")


class AssigneeUnknown(BackofficeError):
    """The person cannot be responsible: other organisation, no fitting role, or no longer active."""

    status = 422

    def __init__(self) -> None:
        super().__init__("case.error.assignee_unknown", way_out="case.error.assignee_unknown.way_out")


class CaseIsClosed(Conflict):
    """A closed case is not edited: it has to be reopened first."""

    def __init__(self) -> None:
        super().__init__("case.error.closed", way_out="case.error.closed.way_out")


class IntakeInvalid(BackofficeError):
    """The intake does not have the shape of its type."""

    status = 422

    def __init__(self) -> None:
        super().__init__("case.error.intake", way_out="case.error.intake.way_out")


class CursorInvalid(BackofficeError):
    """A cursor that no list of ours has given."""

    status = 422

    def __init__(self) -> None:
        super().__init__("case.error.cursor", way_out="case.error.cursor.way_out")


class TooManyChosen(BackofficeError):
    """More cases than one act may change."""

    status = 422

    def __init__(self, most: int) -> None:
        super().__init__(
            "caselists.error.too_many", way_out="caselists.error.too_many.way_out", most=str(most)
        )
