"""Colleagues and a conversation, for its page: who is here, to whom it goes, who joins, who must not.

Each dialog is a page of its own: `presence.js` shows its form over the thread, and without a script the
link leads there.
"""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Form, Request
from fastapi.responses import Response
from sqlalchemy.orm import Session

from backoffice.clock import ClockDep
from backoffice.conversation.floor_view import view_floor
from backoffice.conversation.models import ClosingReason, Conversation
from backoffice.conversation.permissions import get_claimable_conversation, get_readable_conversation
from backoffice.conversation.routing import colleagues_for
from backoffice.database import DbSession, ReadSession
from backoffice.handoff import conflicts, participants, presence, service
from backoffice.handoff.forms import Dialog
from backoffice.handoff.models import Activity
from backoffice.staff.models import Staff
from backoffice.staff.sign_in import SignedInMediator, SignedInReader
from backoffice.templating import redirect, render

router = APIRouter(prefix="/conversations/{conversation_id}", include_in_schema=False)

Epoch = Annotated[int, Form()]
StaffId = Annotated[str, Form(max_length=36)]


@router.get("/floor/{dialog}")
def dialog_page(
    request: Request, conversation_id: str, dialog: Dialog, session: ReadSession, staff: SignedInReader
) -> Response:
    """Show one dialog of the floor."""
    if dialog is not Dialog.CONFLICT:
        get_claimable_conversation(session, staff, conversation_id)
    conversation = get_readable_conversation(session, staff, conversation_id)
    floor = view_floor(session, conversation, staff)
    return render(
        request,
        "handoff/dialog.html",
        staff=staff,
        dialog=dialog.value,
        conversation=conversation,
        floor=floor,
        colleagues=colleagues_for(session, conversation, but=staff.id),
        barred=conflicts.stated_conflicts(session, conversation_id) if floor.is_coordinator else [],
        closing_reasons=list(ClosingReason),
    )


@router.post("/transfer")
def submit_transfer(
    conversation_id: str,
    session: DbSession,
    staff: SignedInMediator,
    clock: ClockDep,
    epoch: Epoch,
    to: Annotated[str, Form(max_length=254)],
) -> Response:
    """Give the floor to a colleague."""
    service.transfer(session, conversation_id, staff=staff, epoch=epoch, to=to, now=clock())
    return redirect(f"/conversations/{conversation_id}", notice="transferred")


@router.post("/participants")
def submit_invitation(
    conversation_id: str,
    session: DbSession,
    staff: SignedInMediator,
    clock: ClockDep,
    epoch: Epoch,
    to: Annotated[str, Form(max_length=254)],
) -> Response:
    """Let a colleague write beside who holds the floor."""
    participants.invite(session, conversation_id, staff=staff, epoch=epoch, to=to, now=clock())
    return redirect(f"/conversations/{conversation_id}", notice="invited")


@router.post("/participants/remove")
def submit_removal(
    conversation_id: str, session: DbSession, staff: SignedInMediator, clock: ClockDep, staff_id: StaffId
) -> Response:
    """End somebody's part, one's own included."""
    participants.take_out(session, conversation_id, staff=staff, colleague_id=staff_id, now=clock())
    return redirect(f"/conversations/{conversation_id}", notice="part_ended")


@router.post("/conflict")
def submit_conflict(
    conversation_id: str,
    session: DbSession,
    staff: SignedInReader,
    clock: ClockDep,
    staff_id: StaffId = "",
) -> Response:
    """State that somebody, or oneself, must not have to do with this person."""
    concerned = staff_id or staff.id
    conflicts.state_conflict(session, conversation_id, staff=staff, colleague_id=concerned, now=clock())
    to = "/conversations" if concerned == staff.id else f"/conversations/{conversation_id}"
    return redirect(to, notice="conflict_stated")


@router.post("/conflict/withdraw")
def submit_withdrawal(
    conversation_id: str, session: DbSession, staff: SignedInMediator, clock: ClockDep, staff_id: StaffId
) -> Response:
    """Take a statement back, as a coordinator."""
    conflicts.withdraw_conflict(session, conversation_id, staff=staff, colleague_id=staff_id, now=clock())
    return redirect(f"/conversations/{conversation_id}", notice="conflict_withdrawn")


@router.get("/presence")
def presence_fragment(
    request: Request, conversation_id: str, session: ReadSession, staff: SignedInReader, clock: ClockDep
) -> Response:
    """Show who else has the thread open."""
    return _render_presence(
        request, session, staff, get_readable_conversation(session, staff, conversation_id), clock
    )


@router.post("/presence")
def submit_presence(
    request: Request,
    conversation_id: str,
    session: DbSession,
    staff: SignedInReader,
    clock: ClockDep,
    activity: Annotated[Literal["reading", "writing", "gone"], Form()],
) -> Response:
    """Say what the open page is for, and show who else is there."""
    conversation = get_readable_conversation(session, staff, conversation_id)
    if activity == "gone":
        presence.leave(session, conversation.id, staff_id=staff.id)
    else:
        presence.beat(session, conversation.id, staff=staff, activity=Activity(activity), now=clock())
    return _render_presence(request, session, staff, conversation, clock)


def _render_presence(
    request: Request, session: Session, staff: Staff, conversation: Conversation, clock: ClockDep
) -> Response:
    there = presence.others_present(session, conversation.id, staff_id=staff.id, now=clock())
    return render(request, "handoff/_presence.html", staff=staff, present=there)
