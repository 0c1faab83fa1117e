"""How the floor stands, for one reader: what their page offers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from backoffice.client.schemas import Mode
from backoffice.conversation.models import Conversation
from backoffice.conversation.permissions import may_claim
from backoffice.conversation.routing import goes_against_wish, participants_of
from backoffice.staff.models import Staff
from backoffice.staff.roles import Role


@dataclass(frozen=True)
class FloorView:
    """What a reader may do. `is_other_than_wished`: the person asked for a woman and the reader is a man."""

    is_mine: bool
    is_participant: bool
    is_coordinator: bool
    may_claim: bool
    is_other_than_wished: bool
    participants: Sequence[Staff]

    @property
    def may_write(self) -> bool:
        """Whether a reply of the reader's would be taken."""
        return self.is_mine or self.is_participant

    @property
    def may_close(self) -> bool:
        """Whether the reader may close the conversation."""
        return self.is_mine or self.is_coordinator


def view_floor(session: Session, conversation: Conversation, staff: Staff) -> FloorView:
    """Return how the floor stands for one reader."""
    is_held = conversation.mode is Mode.MEDIATOR
    participants = participants_of(session, conversation.id) if is_held else []
    return FloorView(
        is_mine=is_held and conversation.holder_id == staff.id,
        is_participant=any(each.id == staff.id for each in participants),
        is_coordinator=may_claim(staff) and staff.has_role(Role.COORDINATOR),
        may_claim=may_claim(staff),
        is_other_than_wished=goes_against_wish(conversation, staff),
        participants=participants,
    )
