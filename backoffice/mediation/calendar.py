"""An assignment as a calendar file: language and body, nothing of the person."""

from __future__ import annotations

from datetime import datetime, timedelta

from backoffice import calendar_entry
from backoffice.mediation.models import MediationRequest, MediationState

_ON = (
    MediationState.ASSIGNED,
    MediationState.DONE,
    MediationState.DISPUTED,
    MediationState.CONFIRMED,
)


def calendar_file(request: MediationRequest, *, title: str, now: datetime) -> bytes:
    """Return the file of a request that somebody has or had; one that is over without them says so."""
    entry = calendar_entry.Entry(
        uid=request.id,
        sequence=request.calendar_sequence,
        starts_at=request.starts_at,
        ends_at=request.starts_at + timedelta(minutes=request.minutes),
        title=title,
        is_off=request.state not in _ON,
        place=None if request.confidential else request.place,
    )
    return calendar_entry.calendar_file(entry, now=now)
