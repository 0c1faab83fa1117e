"""Two bodies and one person, over the API and the chat: asked in Punjabi, shared, stopped, what stays."""

from __future__ import annotations

from typing import Any

import httpx
from sqlalchemy import select
from sqlalchemy.orm import Session

from backoffice.client.schemas import MessageKind
from backoffice.conversation.models import Button, Conversation
from backoffice.rights.choices import answer_choice
from tests.backoffice.case.cases import create_case
from tests.backoffice.factories import NOW, create_conversation, send
from tests.backoffice.sharing.conftest import Bodies
from tests.backoffice.sharing.conftest import bodies as bodies

UNTIL = "2027-01-31T00:00:00Z"


def press(session: Session, conversation: Conversation, ending: str) -> None:
    session.expire_all()
    buttons = session.scalars(select(Button).where(Button.conversation_id == conversation.id)).all()
    token = next(button.token for button in reversed(buttons) if ending in button.payload)
    send(session, conversation, None, kind=MessageKind.BUTTON, button=token)
    session.commit()


async def test_a_case_is_shared_after_a_yes_in_the_chat_and_closed_again_by_the_person(
    http: httpx.AsyncClient, session: Session, bodies: Bodies
) -> None:
    conversation = create_conversation(session, language="pa")
    conversation.person_id = bodies.case.person_id
    case = create_case(session, person=bodies.case.person, conversation=conversation, language="pa")
    session.commit()
    path, asked = (
        f"/api/v1/cases/{case.id}",
        {"organisation": bodies.partner.id, "parts": ["person", "notes"]},
    )
    wanted: dict[str, Any] = {**asked, "purpose": "Trovare un alloggio", "until": UNTIL}
    offer = {**wanted, "ground": "consent"}
    early = await http.post(f"{path}/shares", json=offer, headers=bodies.by_owner)
    assert early.status_code in (409, 422), "nothing is shared before the person said yes"

    question = await http.post(f"{path}/consent-requests", json=wanted, headers=bodies.by_owner)
    assert (question.status_code, question.json()["language"]) == (201, "pa")
    press(session, conversation, ":yes")
    share = await http.post(f"{path}/shares", json=offer, headers=bodies.by_owner)
    assert share.status_code == 201, share.text
    assert (await http.get(path, headers=bodies.by_worker)).status_code == 404, "an offer opens nothing"
    accepted = await http.post(f"/api/v1/shares/{share.json()['id']}/accept", headers=bodies.by_worker)
    assert accepted.is_success, accepted.text
    assert (await http.get(path, headers=bodies.by_worker)).json()["person"]["name"] is not None
    note = {"kind": "internal", "text": "appunto del partner"}
    assert (await http.post(f"{path}/notes", json=note, headers=bodies.by_worker)).status_code == 201

    answer_choice(session, conversation, "rights:sees", now=NOW)
    session.commit()
    press(session, conversation, "stop:")
    assert (await http.get(path, headers=bodies.by_worker)).status_code == 404
    kept = (await http.get("/api/v1/contributions", headers=bodies.by_worker)).text
    assert "appunto del partner" in kept
    assert (await http.get(path, headers=bodies.by_owner)).status_code == 200
