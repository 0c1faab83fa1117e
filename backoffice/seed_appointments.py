"""The demo's desk, with hours that are invented and say so."""

from __future__ import annotations

from datetime import datetime, time

from sqlalchemy.orm import Session

from backoffice.appointment.desks import DeskFacts, add_desk
from backoffice.appointment.slots import Stretch
from backoffice.audit.service import SERVICE
from backoffice.italy import day_in_italy
from backoffice.office.models import Office

WEEK = {
    0: [Stretch(time(9), time(12, 30))],
    1: [Stretch(time(9), time(12, 30)), Stretch(time(14), time(17))],
    2: [Stretch(time(9), time(12, 30))],
    3: [Stretch(time(9), time(12, 30)), Stretch(time(14), time(17))],
    4: [Stretch(time(9), time(12, 30))],
}


def seed_desk(session: Session, office: Office, *, now: datetime) -> None:
    """Set up the desk of the front door."""
    facts = DeskFacts(
        name="Sportello",
        address=office.address,
        municipality="Crema",
        phone=office.phone,
        languages=("it", "en"),
        places=2,
        source="demo: orari inventati",
        verified_on=day_in_italy(now),
    )
    add_desk(session, office.organisation_id, facts, WEEK, by=SERVICE, now=now)
