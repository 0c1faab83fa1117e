"""Appointments go along when two rows of a person are made one (`people.merging`)."""

from __future__ import annotations

from backoffice.appointment.models import Appointment, WaitingForAppointment
from backoffice.people.merging import MOVING


def move_with_people() -> None:
    """Let a merge move appointments and places in the waiting list."""
    MOVING["appointments"] = Appointment
    MOVING["appointment_waits"] = WaitingForAppointment
