"""Who reads the figures. They name nobody, so that every body of the district may plan by them."""

from __future__ import annotations

from backoffice.staff.models import Staff
from backoffice.staff.roles import READS_FIGURES


def may_read_figures(staff: Staff) -> bool:
    """Tell whether somebody reads the figures: planners, coordinators and administrators of every body."""
    return staff.has_role(*READS_FIGURES)
