"""The days and hours that people mean: those of Italy, whatever the machine's clock says."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

ROME = ZoneInfo("Europe/Rome")


def day_in_italy(moment: datetime) -> date:
    """Return which day it is in Italy at a moment."""
    return moment.astimezone(ROME).date()
