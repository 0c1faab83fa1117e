"""Who of the staff has to do with a conversation, for programs: present, invited, barred, able to take it."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.orm import Session

from backoffice.clock import ClockDep
from backoffice.conversation.permissions import get_claimable_conversation, get_readable_conversation
from backoffice.conversation.routing import colleagues_for, meets_wish, participants_of
from backoffice.conversation.schemas import StaffName
from backoffice.database import DbSession, ReadSession
from backoffice.handoff import conflicts, participants, presence
from backoffice.handoff.models import Activity
from backoffice.staff.models import Staff
from backoffice.staff.sign_in import SignedIn

router = APIRouter(prefix="/api/v1/conversations/{conversation_id}", tags=["conversations"])

StaffId = Annotated[str, Field(min_length=1, max_length=36)]


class Document(BaseModel):
    """Base of what goes in and out here."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Beat(Document):
    """What somebody does with the open thread; `gone`: they have closed it."""

    activity: Literal["reading", "writing", "gone"]


class PresentOut(StaffName):
    """A member of staff with the thread open."""

    activity: Activity


class People(Document):
    """Who else has the thread open just now, and who was invited to write; joining raises the epoch."""

    epoch: int
    present: list[PresentOut]
    participants: list[StaffName]


class Invitation(Document):
    """Whom to invite: the id or the e-mail address of a colleague, and the epoch that the caller saw."""

    epoch: int
    to: Annotated[str, Field(min_length=1, max_length=254)]


class ConflictStated(Document):
    """Of whom; the caller, where nobody is named. Only a coordinator names somebody else."""

    staff: StaffId | None = None


class Colleague(StaffName):
    """Somebody to give the conversation to. `meets_wish`: whom the person would rather speak with."""

    languages: list[str]
    speaks_language: bool
    meets_wish: bool


class Colleagues(Document):
    """Who could take the conversation, the best first."""

    items: list[Colleague]
    next: None = None


@router.post("/presence")
def note_presence(
    conversation_id: str, beat: Beat, session: DbSession, staff: SignedIn, clock: ClockDep
) -> People:
    """Say that the thread is open, every ten seconds; who is silent for 25 seconds is gone."""
    get_readable_conversation(session, staff, conversation_id)
    if beat.activity == "gone":
        presence.leave(session, conversation_id, staff_id=staff.id)
    else:
        activity = Activity(beat.activity)
        presence.beat(session, conversation_id, staff=staff, activity=activity, now=clock())
    return _people(session, conversation_id, staff, clock)


@router.get("/people")
def list_people(conversation_id: str, session: ReadSession, staff: SignedIn, clock: ClockDep) -> People:
    """Return who else reads or writes just now, and who was invited."""
    return _people(session, conversation_id, staff, clock)


@router.get("/colleagues")
def list_colleagues(conversation_id: str, session: ReadSession, staff: SignedIn) -> Colleagues:
    """Return who could take the conversation or be invited, who speaks the language first."""
    conversation = get_claimable_conversation(session, staff, conversation_id)
    found = colleagues_for(session, conversation, but=staff.id)
    return Colleagues(
        items=[
            Colleague(
                id=each.id,
                name=each.name,
                languages=each.languages,
                speaks_language=conversation.language in each.languages,
                meets_wish=meets_wish(conversation, each),
            )
            for each in found
        ]
    )


@router.post("/participants", status_code=201)
def invite(
    conversation_id: str, asked: Invitation, session: DbSession, staff: SignedIn, clock: ClockDep
) -> People:
    """Let a colleague write beside who holds the floor."""
    participants.invite(session, conversation_id, staff=staff, epoch=asked.epoch, to=asked.to, now=clock())
    return _people(session, conversation_id, staff, clock)


@router.delete("/participants/{staff_id}")
def take_out(
    conversation_id: str, staff_id: str, session: DbSession, staff: SignedIn, clock: ClockDep
) -> People:
    """End somebody's part in the conversation, one's own included."""
    participants.take_out(session, conversation_id, staff=staff, colleague_id=staff_id, now=clock())
    return _people(session, conversation_id, staff, clock)


@router.post("/conflict", status_code=204)
def state_conflict(
    conversation_id: str, stated: ConflictStated, session: DbSession, staff: SignedIn, clock: ClockDep
) -> None:
    """State that somebody must not have to do with this person: for them it is gone from now on."""
    conflicts.state_conflict(session, conversation_id, staff=staff, colleague_id=stated.staff, now=clock())


@router.delete("/conflict/{staff_id}", status_code=204)
def withdraw_conflict(
    conversation_id: str, staff_id: str, session: DbSession, staff: SignedIn, clock: ClockDep
) -> None:
    """Take a statement back, as a coordinator."""
    conflicts.withdraw_conflict(session, conversation_id, staff=staff, colleague_id=staff_id, now=clock())


def _people(session: Session, conversation_id: str, staff: Staff, clock: ClockDep) -> People:
    session.flush()
    conversation = get_readable_conversation(session, staff, conversation_id)
    there = presence.others_present(session, conversation_id, staff_id=staff.id, now=clock())
    return People(
        epoch=conversation.epoch,
        present=[PresentOut(id=each.id, name=each.name, activity=each.activity) for each in there],
        participants=[
            StaffName(id=each.id, name=each.name) for each in participants_of(session, conversation_id)
        ],
    )
