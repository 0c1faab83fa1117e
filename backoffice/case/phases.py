"""How a case may move (domain, project.md 3).

Forward one phase; back one with a reason; to closed from anywhere, with a closing reason; from closed
back to the phase it had, with a reason.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from backoffice.client.schemas import Phase

ORDER = (Phase.RECEPTION, Phase.TAKING_CHARGE, Phase.PLANNING, Phase.DELIVERY, Phase.MONITORING)


class ClosingReason(StrEnum):
    """Why a case was closed."""

    GOAL_REACHED = "goal_reached"
    PARTLY_REACHED = "partly_reached"
    SENT_ON = "sent_on"
    MOVED_AWAY = "moved_away"
    UNREACHABLE = "unreachable"
    REFUSED = "refused"
    NO_ENTITLEMENT = "no_entitlement"
    DIED = "died"
    DUPLICATE = "duplicate"


class MoveKind(StrEnum):
    """What a step means; it decides what has to be said with it."""

    FORWARD = "forward"
    BACK = "back"
    CLOSE = "close"
    REOPEN = "reopen"


@dataclass(frozen=True)
class Move:
    """One step that is open to a case now."""

    kind: MoveKind
    to: Phase

    @property
    def needs_reason(self) -> bool:
        """A step back and a reopening are explained in words; closing has its list of reasons."""
        return self.kind in (MoveKind.BACK, MoveKind.REOPEN)


def moves_from(phase: Phase, phase_before_closing: Phase | None) -> list[Move]:
    """Return every step that is open, the one forward first."""
    if phase is Phase.CLOSED:
        return [Move(MoveKind.REOPEN, phase_before_closing or Phase.RECEPTION)]
    place = ORDER.index(phase)
    moves = [Move(MoveKind.FORWARD, ORDER[place + 1])] if place + 1 < len(ORDER) else []
    moves += [Move(MoveKind.BACK, ORDER[place - 1])] if place else []
    return [*moves, Move(MoveKind.CLOSE, Phase.CLOSED)]


def find_move(phase: Phase, phase_before_closing: Phase | None, to: Phase) -> Move | None:
    """Return the step that leads to a phase, or None where no rule allows it."""
    return next((move for move in moves_from(phase, phase_before_closing) if move.to is to), None)
