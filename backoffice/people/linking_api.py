"""Codes that let a person go on in another chat: for staff, and for bot and actions."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from backoffice.audit.service import SERVICE
from backoffice.case.people import get_changeable_person
from backoffice.client.schemas import LinkCode, Linked, TypedCode
from backoffice.clock import ClockDep
from backoffice.conversation.queries import lock_conversation
from backoffice.conversation.silence import was_silent
from backoffice.database import DbSession
from backoffice.people.linking import (
    VALID_FOR,
    begin_as_somebody_else,
    begin_person,
    issue_link_code,
    redeem_link_code,
)
from backoffice.person.blind_index import link_key
from backoffice.person.errors import ChatWasSilent
from backoffice.person.models import Person
from backoffice.service_access import ServiceOnly
from backoffice.staff.sign_in import SignedIn

router = APIRouter(prefix="/api/v1", tags=["persons"])
_ROOT = "/service/conversations/{conversation_id}"


@router.post("/persons/{person_id}/link-codes", status_code=201)
def give_code(
    person_id: str, http: Request, session: DbSession, staff: SignedIn, clock: ClockDep
) -> LinkCode:
    """Give a code for a person who shall go on in a chat; earlier codes end."""
    person = get_changeable_person(session, staff, person_id)
    now = clock()
    code = issue_link_code(session, person, key=_key(http), by=staff.id, now=now)
    return LinkCode(code=code, expires_at=now + VALID_FOR)


@router.post(_ROOT + "/link-codes", status_code=201, dependencies=[ServiceOnly])
def ask_for_code(conversation_id: str, http: Request, session: DbSession, clock: ClockDep) -> LinkCode:
    """Give a code to who asks for one in a conversation.

    Raises:
        ChatWasSilent: for so long that it may be somebody else who asks.
    """
    now = clock()
    conversation = lock_conversation(session, conversation_id)
    if was_silent(session, conversation.id):
        raise ChatWasSilent
    person = session.get(Person, conversation.person_id) if conversation.person_id else None
    person = person or begin_person(session, conversation, by=SERVICE, now=now)
    code = issue_link_code(
        session, person, conversation_id=conversation_id, key=_key(http), by=SERVICE, now=now
    )
    return LinkCode(code=code, expires_at=now + VALID_FOR)


@router.post(_ROOT + "/link", dependencies=[ServiceOnly])
def use_code(
    conversation_id: str, typed: TypedCode, http: Request, session: DbSession, clock: ClockDep
) -> Linked:
    """Let a conversation go on as the person of a code."""
    now = clock()
    done = redeem_link_code(session, conversation_id, typed.code, key=_key(http), by=SERVICE, now=now)
    return Linked(linked=done)


@router.post(_ROOT + "/somebody-else", status_code=204, dependencies=[ServiceOnly])
def somebody_else(conversation_id: str, session: DbSession, clock: ClockDep) -> Response:
    """Let a shared telephone's chat go on for another person."""
    begin_as_somebody_else(session, conversation_id, by=SERVICE, now=clock())
    return Response(status_code=204)


def _key(http: Request) -> bytes:
    return link_key(http.app.state.settings.secret)
