"""Why something about a course cannot be done as asked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from backoffice.errors import BackofficeError, Conflict


class CourseRefused(BackofficeError):
    """What was written of a course cannot be; `errors` names the fields."""

    status = 422

    def __init__(self, fields: Iterable[str]) -> None:
        super().__init__("care_training.error.course", way_out="care_training.error.course.way_out")
        self.fields = tuple(fields)

    @property
    def errors(self) -> tuple[Mapping[str, str], ...]:
        """Each field with what is wanted there."""
        return tuple({"field": field, "message": f"care_training.wanted.{field}"} for field in self.fields)


class CourseMoveRefused(Conflict):
    """No rule leads there, or something is missing: `why` is `move`, `facts`, `early`, `late`, `nobody`."""

    def __init__(self, why: str = "move") -> None:
        super().__init__(
            f"care_training.error.course_{why}", way_out=f"care_training.error.course_{why}.way_out"
        )
        self.why = why


class CourseChangedMeanwhile(Conflict):
    """Somebody else has changed the course."""

    def __init__(self) -> None:
        super().__init__("care_training.error.meanwhile", way_out="care_training.error.meanwhile.way_out")


class SeatsTaken(Conflict):
    """Fewer seats than are given or offered already."""

    def __init__(self, taken: int) -> None:
        super().__init__(
            "care_training.error.seats", way_out="care_training.error.seats.way_out", taken=str(taken)
        )


class AlreadyEnrolled(Conflict):
    """The person waits for such a course already, or has a seat in one."""

    def __init__(self) -> None:
        super().__init__("care_training.error.already", way_out="care_training.error.already.way_out")


class CourseClosed(Conflict):
    """Nobody can be put on the list of this course any more."""

    def __init__(self) -> None:
        super().__init__("care_training.error.closed", way_out="care_training.error.closed.way_out")


class EnrolmentMoveRefused(Conflict):
    """The enrolment is not so far, or over already."""

    def __init__(self) -> None:
        super().__init__("care_training.error.enrolment", way_out="care_training.error.enrolment.way_out")


class OfferOver(Conflict):
    """The time to take the seat is over."""

    def __init__(self) -> None:
        super().__init__("care_training.error.offer_over", way_out="care_training.error.offer_over.way_out")


class AttendanceRefused(BackofficeError):
    """Nobody can have been there so; `why` is `day`, `hours` or `state`."""

    status = 422

    def __init__(self, why: str) -> None:
        super().__init__(
            f"care_training.error.attendance_{why}", way_out="care_training.error.attendance.way_out"
        )
        self.why = why


class CertificateRefused(BackofficeError):
    """There can be no such certificate; `why` is `day`, `document` or `profile`."""

    status = 422

    def __init__(self, why: str) -> None:
        super().__init__(
            f"care_training.error.certificate_{why}",
            way_out=f"care_training.error.certificate_{why}.way_out",
        )
        self.why = why


class CourseNotChosen(BackofficeError):
    """Neither a course nor a kind of course was chosen."""

    status = 422

    def __init__(self) -> None:
        super().__init__("care_training.error.choice", way_out="care_training.error.choice.way_out")


class LearnerUnknown(BackofficeError):
    """No family assistant has this number, or the caller may not know of them."""

    status = 422

    def __init__(self) -> None:
        super().__init__("care_training.error.number", way_out="care_training.error.number.way_out")
