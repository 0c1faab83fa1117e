"""Who asks for figures, and for what: the parameters of pages and API."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Query

from backoffice.errors import NotFound
from backoffice.planning.permissions import may_read_figures
from backoffice.planning_files.reading import Asked
from backoffice.staff.models import Staff
from backoffice.staff.sign_in import SignedIn


def reader_of_figures(staff: SignedIn) -> Staff:
    """Return who is signed in.

    Raises:
        NotFound: they may not read figures.
    """
    if not may_read_figures(staff):
        raise NotFound
    return staff


def what_is_asked(
    year: Annotated[int | None, Query(ge=2000, le=9998)] = None,
    period: Annotated[str, Query(max_length=20)] = "",
    place: Annotated[str, Query(max_length=160)] = "",
    body: Annotated[str, Query(max_length=80)] = "",
) -> Asked:
    """Return what an address asks for: a year, and of it a period, a place, a body."""
    return Asked(year, period, place, body)


FigureReader = Depends(reader_of_figures)
"""For a route's `dependencies`."""

What = Annotated[Asked, Depends(what_is_asked)]
