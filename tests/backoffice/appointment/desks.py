"""Desks for tests: every argument has a default."""

from __future__ import annotations

from datetime import date, time
from typing import Any

from sqlalchemy.orm import Session

from backoffice.appointment.models import AppointmentDesk, DeskHours
from tests.backoffice.factories import NOW, create_organisation


def create_desk(
    session: Session,
    *,
    opens: time = time(9),
    closes: time = time(12),
    weekdays: tuple[int, ...] = (0, 1, 2, 3, 4),
    **facts: Any,
) -> AppointmentDesk:
    """Make a desk of the front door that receives on some weekdays."""
    known = {
        "name": "Sportello di prova",
        "address": "Via Inventata 1, Crema",
        "municipality": "Crema",
        "slot_minutes": 30,
        "places": 1,
        "verified_on": date(2026, 11, 1),
        **facts,
    }
    organisation_id = known.pop("organisation_id", None) or create_organisation(session).id
    desk = AppointmentDesk(organisation_id=organisation_id, created_by="service", created_at=NOW, **known)
    desk.hours = [DeskHours(weekday=day, opens=opens, closes=closes) for day in weekdays]
    desk.exceptions = []
    session.add(desk)
    session.flush()
    return desk
