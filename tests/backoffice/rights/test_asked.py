"""The page of a case says what the person was asked, what they answered, and leads on to the offer."""

from __future__ import annotations

from datetime import timedelta

import httpx
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from backoffice.case.models import Case
from backoffice.client.schemas import CaseType
from backoffice.consent.models import ConsentRequest
from backoffice.conversation.models import Conversation
from backoffice.rights.choices import answer_choice
from backoffice.sharing.models import Share, ShareGround
from tests.backoffice.case.cases import create_case
from tests.backoffice.factories import NOW, create_conversation
from tests.backoffice.sharing.conftest import Bodies
from tests.backoffice.sharing.conftest import bodies as bodies
from translations.catalog import text

WAITS, YES, NO, UNANSWERED = (
    text(f"backoffice.share_asked.{each}", "it") for each in ("waiting", "yes", "no", "unanswered")
)


@pytest.fixture
def case(session: Session, bodies: Bodies) -> Case:
    conversation = create_conversation(session, language="pa")
    conversation.person_id = bodies.case.person_id
    found = create_case(
        session, type=CaseType.HOUSING, person=bodies.case.person, conversation=conversation, language="pa"
    )
    session.commit()
    return found


async def ask(http: httpx.AsyncClient, bodies: Bodies, case: Case, **fields: object) -> httpx.Response:
    form = {"organisation": bodies.partner.id, "parts": ["person", "needs"], "aim": "home", **fields}
    return await http.post(f"/cases/{case.id}/consent-requests", data=form, headers=bodies.by_owner)


async def panel(http: httpx.AsyncClient, bodies: Bodies, case: Case) -> str:
    answer = await http.get(f"/cases/{case.id}/sharing", headers=bodies.by_owner)
    assert answer.status_code == 200
    return answer.text


def answer(session: Session, case: Case, words: str) -> ConsentRequest:
    session.expire_all()
    asked = session.scalars(select(ConsentRequest)).one()
    conversation = session.get_one(Conversation, case.conversation_id)
    answer_choice(session, conversation, f"consent:{asked.id}:{words}", now=NOW)
    session.commit()
    return asked


async def test_a_yes_leads_to_an_offer_as_the_person_agreed_to_it(
    http: httpx.AsyncClient, session: Session, bodies: Bodies, case: Case
) -> None:
    assert (await ask(http, bodies, case)).status_code == 303
    assert WAITS in await panel(http, bodies, case)
    asked = answer(session, case, "yes")
    link = f"/cases/{case.id}/shares/new?asked={asked.id}"
    shown = await panel(http, bodies, case)
    assert (YES in shown, link in shown) == (True, True)

    page = (await http.get(link, headers=bodies.by_owner)).text
    for part in ("person", "needs"):
        assert f'name="parts" value="{part}" checked' in page
    assert 'name="parts" value="documents" checked' not in page
    assert "consent-requests" not in page, "nobody is asked twice"
    offer = {
        "organisation": bodies.partner.id,
        "parts": ["person", "needs"],
        "purpose": asked.purpose,
        "until": "2026-12-31",
    }
    sent = await http.post(f"/cases/{case.id}/shares", data=offer, headers=bodies.by_owner)
    assert sent.status_code == 303, sent.text
    session.expire_all()
    assert session.scalars(select(Share)).one().ground is ShareGround.CONSENT
    assert YES not in await panel(http, bodies, case)


async def test_a_no_and_a_silence_are_said_and_lead_nowhere(
    http: httpx.AsyncClient, session: Session, bodies: Bodies, case: Case
) -> None:
    await ask(http, bodies, case)
    asked = session.scalars(select(ConsentRequest)).one()
    asked.asked_at -= timedelta(days=15)
    session.commit()
    assert UNANSWERED in await panel(http, bodies, case)
    asked.asked_at += timedelta(days=15)
    session.commit()
    answer(session, case, "no")
    assert NO in await panel(http, bodies, case)
    link = f"/cases/{case.id}/shares/new?asked={asked.id}"
    assert (await http.get(link, headers=bodies.by_owner)).status_code == 404


async def test_a_question_that_lacks_something_keeps_what_was_filled_in(
    http: httpx.AsyncClient, bodies: Bodies, case: Case
) -> None:
    words = "Una camera per cinque persone"
    lacks: tuple[dict[str, object], ...] = ({"organisation": ""}, {"parts": []}, {"until": "2020-01-01"})
    for missing in lacks:
        refused = await ask(http, bodies, case, purpose=words, **missing)
        assert refused.status_code == 422
        assert words in refused.text
        assert 'formaction="/cases/' in refused.text, "the form is there to be mended"


async def test_the_last_day_of_an_offer_is_the_day_that_was_asked_for(
    http: httpx.AsyncClient, session: Session, bodies: Bodies, case: Case
) -> None:
    last = (NOW + timedelta(days=40)).date().isoformat()
    await ask(http, bodies, case, until=last)
    asked = answer(session, case, "yes")
    page = (await http.get(f"/cases/{case.id}/shares/new?asked={asked.id}", headers=bodies.by_owner)).text
    assert f'value="{last}"' in page
