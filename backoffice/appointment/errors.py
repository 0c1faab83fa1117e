"""Why an appointment cannot be had as asked."""

from __future__ import annotations

from backoffice.errors import BackofficeError, Conflict


class NoSuchSlot(Conflict):
    """The desk does not receive at that moment, or it is past."""

    def __init__(self) -> None:
        super().__init__("appointment.error.no_slot", way_out="appointment.error.no_slot.way_out")


class SlotTaken(Conflict):
    """Somebody else has taken the last place of that moment."""

    def __init__(self) -> None:
        super().__init__("appointment.error.taken", way_out="appointment.error.taken.way_out")


class AlreadyBooked(Conflict):
    """The person has an appointment at that desk already: it can be moved."""

    def __init__(self) -> None:
        super().__init__("appointment.error.already", way_out="appointment.error.already.way_out")


class NotBooked(Conflict):
    """The appointment is not booked any more: it was moved, cancelled or is past."""

    def __init__(self) -> None:
        super().__init__("appointment.error.not_booked", way_out="appointment.error.not_booked.way_out")


class DeskChanged(Conflict):
    """Somebody else has changed the desk meanwhile."""

    def __init__(self) -> None:
        super().__init__("appointment.error.desk_changed", way_out="appointment.error.desk_changed.way_out")


class HoursUnreadable(BackofficeError):
    """What was typed is no list of hours; `typed` is the part that is not."""

    status = 422

    def __init__(self, typed: str) -> None:
        super().__init__("appointment.error.hours", way_out="appointment.error.hours.way_out")
        self.typed = typed
