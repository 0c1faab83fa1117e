"""A second person of the staff in the thread: a caseworker beside a mediator, by invitation.

They write under their own name and own no floor: with the epoch that they saw, while it is held. Joining
and leaving raise the epoch, so that every open page shows it. Their part ends when they leave, when they
are taken out, and with the talk (hand-back, queue, closing).
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from backoffice.audit import service as audit
from backoffice.conversation.floor import record_change
from backoffice.conversation.messages import say
from backoffice.conversation.models import Conversation, Participant
from backoffice.conversation.permissions import get_claimable_conversation
from backoffice.conversation.routing import is_participant
from backoffice.handoff.errors import NoSuchColleague, why_not
from backoffice.handoff.holding import lock_held, uninvite
from backoffice.handoff.service import find_colleague
from backoffice.staff.models import Staff
from backoffice.staff.roles import Role


def invite(
    session: Session, conversation_id: str, *, staff: Staff, epoch: int, to: str, now: datetime
) -> Conversation:
    """Let a colleague, named by id or by e-mail address, write beside who holds the floor.

    The person is told once who it is. Inviting again changes nothing.

    Raises:
        ConversationNotFound: it does not exist, or this person may not.
        ConversationTaken, FloorMoved: the floor is not theirs, or not as they saw it.
        NoSuchColleague: nobody here who takes conversations over, and may take this one, is so called.
    """
    conversation = lock_held(session, conversation_id, staff=staff, epoch=epoch)
    colleague = find_colleague(session, conversation, to=to, but=staff.id)
    if is_participant(session, conversation.id, colleague.id):
        return conversation
    session.add(
        Participant(conversation_id=conversation.id, staff_id=colleague.id, invited_by=staff.id, since=now)
    )
    record_change(session, conversation, reason="invited", staff_id=colleague.id, now=now)
    _audit(session, conversation, "conversation.invited", staff, now)
    say(session, conversation, "colleague_joined", name=colleague.first_name, now=now)
    return conversation


def take_out(
    session: Session, conversation_id: str, *, staff: Staff, colleague_id: str, now: datetime
) -> Conversation:
    """End somebody's part: their own, or a colleague's by who holds the floor or a coordinator.

    Raises:
        ConversationNotFound: it does not exist, or this person may not.
        ConversationTaken, FloorMoved: it is not for this person to say.
        NoSuchColleague: nobody so called takes part.
    """
    conversation = get_claimable_conversation(session, staff, conversation_id, for_update=True)
    may = staff.id in (colleague_id, conversation.holder_id) or staff.has_role(Role.COORDINATOR)
    if not may:
        raise why_not(session, conversation)
    if not uninvite(session, conversation.id, colleague_id):
        raise NoSuchColleague
    record_change(session, conversation, reason="part_ended", staff_id=colleague_id, now=now)
    _audit(session, conversation, "conversation.uninvited", staff, now)
    return conversation


def _audit(session: Session, conversation: Conversation, action: str, staff: Staff, now: datetime) -> None:
    audit.record(
        session, by=staff.id, action=action, subject_kind="conversation", subject_id=conversation.id, now=now
    )
