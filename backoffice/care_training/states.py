"""How a course may move, and which enrolments count."""

from __future__ import annotations

from collections.abc import Mapping

from backoffice.care_training.models import Course, CourseState, EnrolmentState

S = CourseState
E = EnrolmentState

MOVES: Mapping[CourseState, tuple[CourseState, ...]] = {
    S.PLANNED: (S.OPEN, S.CANCELLED),
    S.OPEN: (S.RUNNING, S.CANCELLED),
    S.RUNNING: (S.ENDED, S.CANCELLED),
    S.ENDED: (S.RUNNING,),
    S.CANCELLED: (S.PLANNED,),
}
"""From each state to those that it may become, the usual one first."""

NEEDED_TO_OPEN = ("municipality", "place", "timetable", "starts_on")
"""What somebody has to know who is offered a seat."""

TAKES_PEOPLE = frozenset({S.PLANNED, S.OPEN})
"""Courses that one can wait for."""

TAUGHT = frozenset({S.RUNNING, S.ENDED})
"""Courses of which attendance and certificates are noted."""

WITH_A_SEAT = frozenset({E.OFFERED, E.ENROLLED})
"""These take a seat of a course that has not ended."""

LIVE = frozenset({E.WAITING, E.OFFERED, E.ENROLLED})

ATTENDS = frozenset({E.ENROLLED, E.COMPLETED, E.DROPPED_OUT})
"""Who was in the course, and may have been there on a day."""


def missing_for(course: Course, to: CourseState) -> list[str]:
    """Return the fields that a course lacks for a state."""
    needed = NEEDED_TO_OPEN if to is S.OPEN else ()
    return [name for name in needed if getattr(course, name) in (None, "")]
