"""Why something in the register cannot be done as asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from backoffice.errors import BackofficeError, Conflict


class WorkerMoveRefused(Conflict):
    """No rule leads from the state that the family assistant has to the one that was asked for."""

    def __init__(self) -> None:
        super().__init__("care.error.worker_move", way_out="care.error.worker_move.way_out")


class WorkerReasonMissing(Conflict):
    """Who is refused, suspended or removed is told why."""

    def __init__(self) -> None:
        super().__init__("care.error.worker_reason", way_out="care.error.worker_reason.way_out")


class NotEligible(Conflict):
    """Conditions of the regional register are not met, or not proved yet; `rules` are their codes."""

    def __init__(self, rules: Sequence[str]) -> None:
        super().__init__("care_workers.error.eligible", way_out="care_workers.error.eligible.way_out")
        self.rules = tuple(rules)

    @property
    def errors(self) -> tuple[Mapping[str, str], ...]:
        """Each condition that is open."""
        return tuple({"field": rule, "message": f"eligibility_rule.{rule}"} for rule in self.rules)


class ReferenceNotAllowed(Conflict):
    """The family assistant has not allowed that this family is called."""

    def __init__(self) -> None:
        super().__init__("care_workers.error.reference", way_out="care_workers.error.reference.way_out")


class EvidenceMissing(Conflict):
    """A skill is recognised by something that nobody has seen: `what` is `document` or `reference`."""

    def __init__(self, what: str) -> None:
        super().__init__(
            f"care_workers.error.evidence_{what}", way_out=f"care_workers.error.evidence_{what}.way_out"
        )


class KnownAlready(Conflict):
    """It is written down already: a skill with the same origin."""

    def __init__(self) -> None:
        super().__init__("care_workers.error.known", way_out="care_workers.error.known.way_out")


class ChangedMeanwhile(Conflict):
    """Somebody else changed the profile after it was read."""

    def __init__(self) -> None:
        super().__init__("care_workers.error.changed", way_out="care_workers.error.changed.way_out")


class PartRefused(BackofficeError):
    """Something of a profile does not fit; `fields` has the fields with the keys of their sentences."""

    status = 422

    def __init__(self, fields: Mapping[str, str]) -> None:
        super().__init__("care_workers.error.part", way_out="care_workers.error.part.way_out")
        self.fields = dict(fields)

    @property
    def errors(self) -> tuple[Mapping[str, str], ...]:
        """Each field that does not fit."""
        return tuple({"field": name, "message": key} for name, key in self.fields.items())
