"""What the forms of care work become: an entry in the register, a request, papers, a consent of its own."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from backoffice.care_request.models import CareRequest, RefusedCareWish, RequestState
from backoffice.care_request.service import move_request
from backoffice.care_worker.models import CareWorker, WorkerReason, WorkerState
from backoffice.care_worker.service import move_worker
from backoffice.case.labels import intake_rows
from backoffice.case.models import Case
from backoffice.client.client import BackofficeClient
from backoffice.client.schemas import (
    CareRequestIntake,
    CareWorkIntake,
    CaseType,
    Channel,
    ConsentGiven,
    IntakeRequest,
    PapersAsked,
    UnlawfulWish,
)
from backoffice.consent.models import Consent
from backoffice.conversation.models import Conversation, Message
from backoffice.document.models import CaseDocument, DocumentKind
from tests.backoffice.care import REQUEST, WORKER
from tests.backoffice.factories import NOW, create_conversation
from tests.backoffice.home_offer.test_offer import picture

CONSENT = ConsentGiven(purpose="care_work_register", text_version="1", text="Я погоджуюся", language="uk")
PROFILE = ConsentGiven(purpose="care_profile", text_version="1", text="Так, профіль", language="uk")
SHORT = CareWorkIntake(municipalities=["Crema"], years_experience=5, skills=["elderly"], schedules=["hourly"])


@pytest.fixture
def conversation(session: Session) -> Conversation:
    made = create_conversation(session, channel=Channel.TELEGRAM, language="uk")
    session.commit()
    return made


def form(conversation: Conversation, **changes: Any) -> IntakeRequest:
    values: dict[str, Any] = {
        "conversation_id": conversation.id,
        "turn_id": "turn-1",
        "person_name": "Олена",
        "consent": CONSENT,
    }
    return IntakeRequest(**{**values, **changes})


async def test_who_tells_more_later_stays_one_entry_of_the_register(
    client: BackofficeClient, session: Session, conversation: Conversation
) -> None:
    first = await client.submit_intake(form(conversation, care_work=SHORT), idempotency_key="a")
    told = CareWorkIntake(
        **{**SHORT.model_dump(), "years_experience": 6, "transport": ["bus"], "italian": "enough"}
    )
    second = await client.submit_intake(form(conversation, care_work=told), idempotency_key="b")
    assert second.id == first.id
    case = session.get_one(Case, first.id)
    assert (case.intake["years_experience"], case.intake["transport"]) == (6, ["bus"])
    session.commit()
    third = await client.submit_intake(form(conversation, care_work=SHORT), idempotency_key="c")
    session.refresh(case)
    assert third.id == first.id
    assert case.intake["transport"] == ["bus"]


async def test_who_was_refused_applies_anew(
    client: BackofficeClient, session: Session, conversation: Conversation
) -> None:
    first = await client.submit_intake(form(conversation, care_work=SHORT), idempotency_key="a")
    case = session.get_one(Case, first.id)
    reason = WorkerReason.NOT_ELIGIBLE
    move_worker(session, case, WorkerState.REFUSED, by="service", now=NOW, reason=reason)
    session.commit()
    second = await client.submit_intake(form(conversation, care_work=SHORT), idempotency_key="b")
    assert second.id != first.id


async def test_families_see_the_profile_only_of_who_said_so(
    client: BackofficeClient, session: Session, conversation: Conversation
) -> None:
    first = await client.submit_intake(form(conversation, care_work=SHORT), idempotency_key="a")
    worker = session.get_one(CareWorker, first.id)
    assert worker.shows_profile is False
    session.commit()
    agreed = form(conversation, care_work=SHORT, profile_consent=PROFILE)
    await client.submit_intake(agreed, idempotency_key="b")
    session.refresh(worker)
    assert worker.shows_profile is True
    given = session.scalars(select(Consent).where(Consent.purpose == "care_profile")).one()
    assert (given.text, given.language) == ("Так, профіль", "uk")


async def test_pictures_become_the_papers_that_were_asked_for(
    client: BackofficeClient, session: Session, conversation: Conversation
) -> None:
    certificate = picture(session, conversation, at=NOW - timedelta(minutes=20))
    permit = picture(session, conversation, at=NOW - timedelta(minutes=5))
    picture(session, conversation, at=NOW - timedelta(hours=2))
    session.commit()
    papers = [
        PapersAsked(kind="certificate", since=NOW - timedelta(minutes=30)),
        PapersAsked(kind="permit", since=NOW - timedelta(minutes=10)),
    ]
    registered = await client.submit_intake(
        form(conversation, care_work=SHORT, papers=papers), idempotency_key="a"
    )
    kept = session.scalars(select(CaseDocument).where(CaseDocument.case_id == registered.id)).all()
    assert {(each.attachment_id, each.kind) for each in kept} == {
        (certificate.id, DocumentKind.CERTIFICATE),
        (permit.id, DocumentKind.PERMIT),
    }
    assert {(each.is_from_chat, each.added_by) for each in kept} == {(True, None)}
    said = session.scalars(select(Message).where(Message.conversation_id == conversation.id)).all()
    assert any("2" in (message.text or "") and message.author == "system" for message in said)


async def test_a_request_begins_at_the_desk_and_a_wish_is_counted_without_its_words(
    client: BackofficeClient, session: Session, conversation: Conversation
) -> None:
    wishes = [UnlawfulWish(ground="age", words="solo giovane"), UnlawfulWish(ground="religion", words="")]
    request = form(conversation, care_request=CareRequestIntake(**REQUEST), wishes=wishes)
    registered = await client.submit_intake(request, idempotency_key="a")
    case = session.get_one(Case, registered.id)
    assert (registered.type, case.municipality) == (CaseType.CARE_REQUEST, "Crema")
    assert session.get_one(CareRequest, case.id).state is RequestState.NEW
    refused = session.scalars(select(RefusedCareWish).where(RefusedCareWish.case_id == case.id)).all()
    assert {each.ground.value for each in refused} == {"age", "religion"}
    assert "giovane" not in str(case.intake)


async def test_a_wish_for_a_woman_without_intimate_care_is_not_kept(
    client: BackofficeClient, session: Session, conversation: Conversation
) -> None:
    asked = CareRequestIntake(**{**REQUEST, "abilities": ["driving"], "gender_wished": "woman"})
    registered = await client.submit_intake(form(conversation, care_request=asked), idempotency_key="a")
    assert session.get_one(Case, registered.id).intake["gender_wished"] is None


async def test_a_person_hears_how_far_the_desk_is(
    client: BackofficeClient, session: Session, conversation: Conversation
) -> None:
    worker = await client.submit_intake(form(conversation, care_work=SHORT), idempotency_key="a")
    family = await client.submit_intake(
        form(conversation, care_request=CareRequestIntake(**REQUEST)), idempotency_key="b"
    )
    move_request(
        session, session.get_one(Case, family.id), RequestState.VISIT_OR_INTERVIEW, by="service", now=NOW
    )
    session.commit()
    own = await client.read_own_cases(conversation.id)
    states = {case.number: case.care_state for case in own.cases}
    assert states == {worker.number: "applied", family.number: "visit_or_interview"}


@pytest.mark.parametrize(
    ("language", "shown"), [("it", "Anziani: Lavoro in Italia, Corso"), ("en", "Monday")]
)
def test_staff_read_every_answer_in_words(language: str, shown: str) -> None:
    worker = CareWorkIntake(
        **{**WORKER, "skill_origins": {"elderly": ["work_italy", "course"]}, "days_not_possible": [0],
           "limits": ["pets"], "months_with_contract": 12, "eu_citizen": False}
    )  # fmt: skip
    family = CareRequestIntake(
        **{**REQUEST, "gender_wished": "woman", "days": [0, 6], "stairs": True, "smokers": False, "months": 6}
    )
    words = []
    for intake in (worker, family):
        rows = intake_rows(intake.model_dump(mode="json"), language)
        words += [value for row in rows for value in row.values]
        assert not any("_" in row.label or row.label in intake.model_dump() for row in rows)
    assert shown in words
    assert not any("_" in word for word in words)
