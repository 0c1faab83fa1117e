from __future__ import annotations

import httpx
from sqlalchemy.orm import Session

from backoffice.client.schemas import WaitingReason
from backoffice.conversation.floor import make_wait
from backoffice.handoff.service import claim, release
from tests.backoffice.case.cases import create_case
from tests.backoffice.factories import NOW, create_conversation, create_staff, sign_in


async def test_a_mediator_sees_the_cases_of_conversations_that_they_held(
    http: httpx.AsyncClient, session: Session
) -> None:
    amina, olena = create_staff(session), create_staff(session)
    conversation = create_conversation(session)
    case = create_case(session, conversation=conversation)
    make_wait(session, conversation, reason=WaitingReason.ASKED, now=NOW)
    held = claim(session, conversation.id, staff=amina, epoch=conversation.epoch, now=NOW)
    release(session, conversation.id, staff=amina, epoch=held.epoch, summary="", now=NOW)
    hers, others = sign_in(session, amina), sign_in(session, olena)
    session.commit()
    path = f"/api/v1/cases/{case.id}"
    assert (await http.get(path, headers=hers)).status_code == 200
    assert (await http.post(path + "/notes", json={"text": "nota"}, headers=hers)).status_code == 201
    assert (await http.patch(path, json={"phase": "taking_charge"}, headers=hers)).status_code == 404
    assert (await http.get(path, headers=others)).status_code == 404
