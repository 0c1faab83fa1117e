"""What the actions ask and hand in, through the real client."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from backoffice.client.client import BackofficeClient
from backoffice.client.errors import NotFound
from backoffice.client.schemas import (
    CaseType,
    ConsentGiven,
    FurtherAnswers,
    FurtherKind,
    HousingIntake,
    IntakeRequest,
)
from backoffice.question.models import QuestionSet
from backoffice.question.queries import latest_answers
from backoffice.staff.models import Staff
from tests.backoffice.factories import create_conversation
from tests.backoffice.question.sets import drafted, published, question


def intake(conversation_id: str, further: FurtherAnswers | None) -> IntakeRequest:
    return IntakeRequest(
        conversation_id=conversation_id,
        turn_id="turn",
        housing=HousingIntake(municipalities=["Crema"], budget_eur_month=600, people=2),
        consent=ConsentGiven(purpose="housing_search", text_version="1", text="?", language="it"),
        further=further,
    )


async def test_the_chat_gets_the_published_questions_in_its_language(
    client: BackofficeClient, session: Session, anna: Staff
) -> None:
    published(session, anna, question("pets", required=True), question("desk", in_chat=False))
    session.commit()
    found = await client.read_further_questions(CaseType.HOUSING, "ar")
    assert [(each.code, each.label, each.required) for each in found.questions] == [
        ("pets", "pets? (ar)", True)
    ]
    none = await client.read_further_questions(CaseType.CARE_WORK, "ar")
    assert (none.set_id, none.questions) == (None, [])


async def test_a_form_goes_on_with_the_version_that_it_began_with(
    client: BackofficeClient, session: Session, anna: Staff
) -> None:
    first = published(session, anna, question("pets"))
    published(session, anna, question("floor", FurtherKind.ONE_OF, options=("low", "high")))
    draft = drafted(session, anna, question("draft"))
    session.commit()
    again = await client.read_further_questions(CaseType.HOUSING, "it", set_id=first.id)
    assert [each.code for each in again.questions] == ["pets"]
    for unknown in (draft.id, "none"):
        with pytest.raises(NotFound):
            await client.read_further_questions(CaseType.HOUSING, "it", set_id=unknown)


async def kept_of(
    client: BackofficeClient, session: Session, found: QuestionSet | str, answers: dict[str, object]
) -> tuple[str, dict[str, object]] | None:
    set_id = found if isinstance(found, str) else found.id
    conversation = create_conversation(session)
    session.commit()
    further = FurtherAnswers.model_validate({"set_id": set_id, "answers": answers})
    case = await client.submit_intake(intake(conversation.id, further), idempotency_key="turn:submit")
    row = latest_answers(session, case.id)
    session.commit()
    return (row.set_id, row.answers) if row else None


async def test_answers_are_kept_under_the_version_that_was_asked_though_it_was_replaced(
    client: BackofficeClient, session: Session, anna: Staff
) -> None:
    first = published(session, anna, question("pets"))
    published(session, anna, question("lift"))
    assert await kept_of(client, session, first, {"pets": True}) == (first.id, {"pets": True})


async def test_a_case_is_opened_though_an_answer_does_not_fit(
    client: BackofficeClient, session: Session, anna: Staff
) -> None:
    found = published(session, anna, question("pets"), question("size", FurtherKind.NUMBER, minimum=1))
    answers = {"pets": False, "size": -3, "unheard": "x"}
    assert await kept_of(client, session, found, answers) == (found.id, {"pets": False})


async def test_answers_under_a_version_that_nobody_published_are_dropped(
    client: BackofficeClient, session: Session, anna: Staff
) -> None:
    published(session, anna, question("pets"))
    assert await kept_of(client, session, "none", {"pets": True}) is None
