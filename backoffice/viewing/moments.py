"""At which moments a home can be looked at, and when one is reminded of it. Moments are UTC, hours Rome's."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

from backoffice.italy import ROME
from backoffice.viewing.errors import MomentRefused

EARLIEST, LATEST = time(8), time(20)
FURTHEST = timedelta(days=60)
MOST_PROPOSED = 5

EVENING_BEFORE = time(18)
SOON = timedelta(hours=2)


def check_moment(moment: datetime, *, now: datetime) -> datetime:
    """Return a moment in UTC.

    Raises:
        MomentRefused: it is past, more than 60 days away, or before 8 or after 20 in Italy.
    """
    if moment <= now:
        raise MomentRefused("past")
    if moment > now + FURTHEST:
        raise MomentRefused("far")
    if not EARLIEST <= moment.astimezone(ROME).time() <= LATEST:
        raise MomentRefused("night")
    return moment.astimezone(UTC)


def in_italy(typed: str) -> datetime:
    """Return the moment that a `datetime-local` field means, in Italy's time.

    An hour that summer time leaves out is the hour after it; one that comes twice is the first.

    Raises:
        MomentRefused: it is no moment.
    """
    try:
        moment = datetime.fromisoformat(typed)
    except ValueError:
        raise MomentRefused("none") from None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=ROME)
    return moment.astimezone(UTC)


def evening_before(starts_at: datetime) -> datetime:
    """Return six o'clock in Italy on the day before."""
    day = starts_at.astimezone(ROME).date() - timedelta(days=1)
    return datetime.combine(day, EVENING_BEFORE, tzinfo=ROME).astimezone(UTC)


def shortly_before(starts_at: datetime) -> datetime:
    """Return the moment two hours before."""
    return starts_at - SOON
