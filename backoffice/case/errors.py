"""Why a case cannot be changed as asked."""

from __future__ import annotations

from backoffice.client.schemas import Phase
from backoffice.errors import BackofficeError, Conflict


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


class AssigneeMissing(Conflict):
    """Planning begins once somebody is responsible."""

    def __init__(self) -> None:
        super().__init__("case.error.assignee_missing", way_out="case.error.assignee_missing.way_out")


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
