"""What a figure is: what it counts, by what it is split, and the statement that counts it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from sqlalchemy.orm import Session

from backoffice.planning.statements import Statement


class Dimension(StrEnum):
    """By what a figure is split, beside period and place."""

    LANGUAGE = "language"
    BODY = "body"
    """The organisation that is responsible, or that asked, by its id."""
    DOOR = "door"
    """How somebody came: Telegram, the web chat, a desk, another body."""
    CHANNEL = "channel"
    """Where a conversation is: Telegram or the web chat."""
    WHAT = "what"
    """The kind of case; of homes and family assistants also whether one was found (`housing/found`)."""
    CASE_TYPE = "case_type"
    AGE_BAND = "age_band"
    HOUSEHOLD = "household"
    PERMIT = "permit"
    """Whether papers to stay are in order."""
    NEED = "need"
    PHASE = "phase"
    OUTCOME = "outcome"
    """Why a case was closed."""
    MEDIATION = "mediation"
    """Whether there was a mediator, and if not, why."""
    SETTING = "setting"
    TOPIC = "topic"
    """What the guide does not answer."""
    HUMAN = "human"
    """Whether a person of the staff came."""
    FORM = "form"
    """What the form opens."""
    SENT = "sent"
    """Whether a form was sent, or left unfinished."""
    UNDERSTOOD = "understood"
    TRANSLATED = "translated"
    DELIVERED = "delivered"


class Unit(StrEnum):
    """What is counted."""

    CASES = "cases"
    NEEDS = "needs"
    REQUESTS = "requests"
    FORMS = "forms"
    STAYS = "stays"
    WAITS = "waits"
    MESSAGES = "messages"


class Measure(StrEnum):
    """What is measured of each, told as median and quartiles."""

    DAYS = "days"
    MINUTES = "minutes"


Views = Mapping[str, tuple[Dimension, ...]]
"""Tables by name: what is crossed in one is told crossed. No dimension is in two of them."""


Sealed = Callable[[Session, Sequence[str]], Mapping[str, tuple[str, ...]]]
"""Returns codes by id: what is known of some things that no statement can read."""


@dataclass(frozen=True)
class Figure:
    """One definition. The catalogue has `planning.title.<code>` and `planning.definition.<code>`.

    Attributes:
        code: names it in addresses, files and the catalogue.
        unit: what is counted.
        source: the table that it is counted from.
        views: its tables beside period and place. What is part of another thing is never a figure of its
            own, but a dimension of that thing: the difference of two figures would be protected by nobody.
        statement: counts a year's cells, by period, place (where `has_place`), the dimensions of all views in
            their order, and the measure (where there is one).
        sealed: opens what is sealed, for the last dimensions; the statement then has a row for each thing,
            with its id in the place of the count.
        measure: what is measured of each beside the counting.
        has_place: False where nothing tells of a town.
    """

    code: str
    unit: Unit
    source: str
    views: Views
    statement: Callable[[int], Statement]
    sealed: Sealed | None = None
    measure: Measure | None = None
    has_place: bool = True

    @property
    def dimensions(self) -> tuple[Dimension, ...]:
        """What it is split by, in the order of the statement's columns."""
        return tuple(dimension for view in self.views.values() for dimension in view)

    def view_of(self, *dimensions: Dimension) -> str | None:
        """Return the name of the view that has some dimensions crossed; None where no table has."""
        if not dimensions:
            return next(iter(self.views))
        names = {self._view_by_dimension.get(dimension) for dimension in dimensions}
        return names.pop() if len(names) == 1 else None

    @cached_property
    def _view_by_dimension(self) -> Mapping[Dimension, str]:
        return {dimension: name for name, view in self.views.items() for dimension in view}
