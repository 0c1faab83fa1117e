"""What the statements count, on rows that the services of each domain have written."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from backoffice.case.phases import ClosingReason
from backoffice.case.service import move_case
from backoffice.client.schemas import CaseType, Channel, Mode, Phase
from backoffice.conversation.models import (
    Conversation,
    Delivery,
    DeliveryState,
    FloorChange,
    InboxEntry,
    Message,
    Rendering,
    RenderingState,
)
from backoffice.form_course.models import FormCourse
from backoffice.form_course.service import follow_form, form_sent
from backoffice.mediation.models import MediationRefusal, MediationState
from backoffice.person.details import Details
from backoffice.person.models import PersonDetails
from backoffice.planning.people import age_band
from backoffice.planning.places import SUB_DISTRICT, read_places
from backoffice.planning.raw import read_raw
from backoffice.planning.registry import figure_of
from backoffice.planning.told import tell
from backoffice.review.models import ReviewItem, ReviewState
from backoffice.staff.models import Unit
from backoffice.staff.roles import Role
from tests.backoffice.care import create_request
from tests.backoffice.case.cases import create_case, move_through
from tests.backoffice.factories import NOW, create_conversation, create_front_door, create_staff, send
from tests.backoffice.homes import create_household, create_match
from tests.backoffice.mediation.mediations import create_mediation

MONTH = "2026-12"
NIGHT_IN_ITALY = datetime(2026, 5, 31, 22, 30, tzinfo=UTC)
"""Half past midnight of the first of June."""


def counted(session: Session, code: str, *wanted: str) -> Counter[tuple[str, ...]]:
    """Return the cells of a figure by some of its columns."""
    session.flush()
    figure = figure_of(code)
    names = ["period", *(["place"] if figure.has_place else []), *figure.dimensions]
    sums: Counter[tuple[str, ...]] = Counter()
    for cell, count in read_raw(session, figure, 2026).cells.items():
        by_name = dict(zip(names, cell, strict=True))
        sums[tuple(by_name[name] for name in wanted)] += count
    return sums


def said(session: Session, conversation: Conversation, text: str = "ciao", **changes: object) -> Message:
    before = set(session.scalars(select(Message.id)))
    send(session, conversation, text, **changes)  # type: ignore[arg-type]  # what a channel hands in
    return session.scalars(select(Message).where(Message.id.not_in(before))).one()


def test_cases_are_counted_by_the_month_in_italy_the_town_and_what_was_found(session: Session) -> None:
    create_match(session)
    create_household(session)
    create_request(session)
    create_case(session, type=CaseType.RECEPTION, municipality=None, now=NIGHT_IN_ITALY)
    create_case(session, type=CaseType.RECEPTION, municipality="Milano", now=NIGHT_IN_ITALY)
    create_case(session, now=datetime(2026, 12, 31, 23, 30, tzinfo=UTC))  # 2027 in Italy
    assert counted(session, "asked", "period", "place", "what") == {
        (MONTH, "Crema", "housing/found"): 1,
        (MONTH, "Crema", "housing/not_found"): 1,
        (MONTH, "Crema", "care_request/not_found"): 1,
        ("2026-06", "nowhere", "reception"): 1,
        ("2026-06", "elsewhere", "reception"): 1,
    }
    front_door = create_front_door(session).id
    assert counted(session, "asked", "language", "door", "body") == {("uk", "web", front_door): 5}


def test_a_case_counts_once_for_each_of_its_needs(session: Session) -> None:
    create_case(session).needs = ["rent", "work"]
    create_case(session).needs = ["care_work"]
    create_case(session).needs = []
    assert counted(session, "needs", "need") == {("rent",): 1, ("work",): 1, ("care_work",): 1}


def test_a_phase_takes_the_days_until_the_case_leaves_it(session: Session) -> None:
    staff = create_staff(session, roles=frozenset({Role.CASEWORKER}))
    case = create_case(session, now=NOW - timedelta(days=3, hours=5))
    move_through(session, case, staff, Phase.TAKING_CHARGE, now=NOW)
    later = NOW + timedelta(days=7)
    move_case(session, case, Phase.CLOSED, by=staff.id, now=later, closing_reason=ClosingReason.MOVED_AWAY)
    create_case(session)
    assert counted(session, "phase_stays", "period", "phase") == {
        (MONTH, "reception"): 1,
        (MONTH, "taking_charge"): 1,
    }
    measured = read_raw(session, figure_of("phase_stays"), 2026).measured
    assert sorted(days for values in measured.values() for days in values) == [3, 7]
    assert counted(session, "outcomes", "outcome", "case_type", "place") == {
        ("moved_away", "housing", "Crema"): 1
    }


def test_a_wait_lasts_until_somebody_comes_or_it_ends_otherwise(session: Session) -> None:
    changes = {
        "uk": ((Mode.WAITING, 0), (Mode.WAITING, 4), (Mode.MEDIATOR, 12), (Mode.ASSISTANT, 60)),
        "ar": ((Mode.WAITING, 0), (Mode.ASSISTANT, 90), (Mode.WAITING, 100)),
    }
    for language, steps in changes.items():
        conversation = create_conversation(session, language=language)
        for epoch, (mode, minutes) in enumerate(steps, start=2):
            at = NOW + timedelta(minutes=minutes)
            session.add(FloorChange(conversation_id=conversation.id, epoch=epoch, mode=mode, at=at))
    session.flush()
    measured = read_raw(session, figure_of("waits"), 2026).measured
    assert measured == {
        (MONTH, "came", "uk", "web"): {12: 1},
        (MONTH, "did_not_come", "ar", "web"): {90: 1},
    }


def test_typed_messages_are_understood_or_not_and_buttons_do_not_count(session: Session) -> None:
    conversation = create_conversation(session, language="pa")
    for intent, payload in (("ask_health", None), ("nlu_fallback", None), ("greet", "/greet"), (None, None)):
        entry = session.get_one(InboxEntry, said(session, conversation).id)
        entry.intent, entry.payload = intent, payload
    assert counted(session, "understanding", "understood", "language", "channel") == {
        ("yes", "pa", "web"): 1,
        ("no", "pa", "web"): 1,
    }


def test_what_the_machine_could_not_translate_is_counted_by_the_person_s_language(session: Session) -> None:
    conversation, staff = create_conversation(session, language="bn"), create_staff(session)
    states = ((RenderingState.DONE, None), (RenderingState.REFUSED, None), (RenderingState.PENDING, None))
    for state, by in (*states, (RenderingState.DONE, staff.id)):
        session.add(
            Rendering(
                message_id=said(session, conversation).id,
                language="it",
                state=state,
                staff_id=by,
                next_at=NOW,
                created_at=NOW,
            )
        )
    assert counted(session, "translations", "translated", "language") == {("yes", "bn"): 1, ("no", "bn"): 1}


def test_what_did_not_arrive_is_counted(session: Session) -> None:
    conversation = create_conversation(session, channel=Channel.TELEGRAM, language="ur")
    assert conversation.chat_id is not None
    for state in (DeliveryState.SENT, DeliveryState.DEAD, DeliveryState.PENDING):
        message = said(session, conversation)
        session.add(
            Delivery(
                conversation_id=conversation.id,
                message_id=message.id,
                seq=message.seq,
                channel=Channel.TELEGRAM,
                chat_id=conversation.chat_id,
                state=state,
                next_at=NOW,
            )
        )
    assert counted(session, "deliveries", "delivered", "channel") == {
        ("yes", "telegram"): 1,
        ("no", "telegram"): 1,
    }


def test_requests_for_mediators_tell_why_there_was_none(session: Session) -> None:
    create_mediation(session)
    create_mediation(session, state=MediationState.DRAFT)
    create_mediation(session).state = MediationState.DONE
    refused = create_mediation(session)
    refused.state, refused.refusal = MediationState.REFUSED, MediationRefusal.NO_MEDIATOR
    assert counted(session, "mediation_requests", "mediation", "language", "setting", "place") == {
        ("waiting", "ur", "health", "Crema"): 1,
        ("served", "ur", "health", "Crema"): 1,
        ("no_mediator", "ur", "health", "Crema"): 1,
    }


def test_what_the_guide_lacks_is_counted_by_topic(session: Session) -> None:
    conversation = create_conversation(session, language="zh")
    for gap in ("ask_health", None):
        session.add(
            ReviewItem(
                organisation_id=conversation.organisation_id,
                conversation_id=conversation.id,
                message_id=said(session, conversation).id,
                language="zh",
                text="?",
                consent_text="?",
                consent_version="1",
                consent_language="zh",
                given_at=NOW,
                state=ReviewState.LABELLED,
                intent="ask_health",
                guide_gap=gap,
            )
        )
    assert counted(session, "guide_gaps", "topic", "language") == {
        ("ask_health", "zh"): 1,
        ("answered", "zh"): 1,
    }


def test_from_rows_to_what_is_told(session: Session) -> None:
    front_door = create_front_door(session)
    session.add(Unit(organisation_id=front_door.id, name="Crema", municipalities=["Crema", "Izano"]))
    for town in ["Crema"] * 6 + ["Izano"] * 2 + ["Soncino"] * 5:
        create_case(session, type=CaseType.RECEPTION, municipality=town)
    session.flush()
    told = tell(
        figure_of("asked"),
        read_raw(session, figure_of("asked"), 2026),
        year=2026,
        places=read_places(session),
        today=date(2027, 1, 1),
    )
    assert told.count() == 13
    assert told.count(place=SUB_DISTRICT + "Crema", period=MONTH) == 8
    assert told.count(place="Izano") is None
    assert told.count(place="Crema") is None
    assert told.count(place="Soncino") == 5


def test_a_form_is_sent_or_left_after_seven_days_without_an_answer(session: Session) -> None:
    sent, left = create_conversation(session), create_conversation(session, language="ar")
    for conversation in (sent, left):
        follow_form(session, conversation.id, "housing_form", now=NOW)
        follow_form(session, conversation.id, "housing_form", now=NOW + timedelta(hours=1))
        follow_form(session, conversation.id, None, now=NOW + timedelta(hours=2))
    form_sent(session, sent.id, CaseType.HOUSING, now=NOW + timedelta(days=1))
    form_sent(session, sent.id, CaseType.CARE_WORK, now=NOW + timedelta(days=1))  # none was begun
    follow_form(session, left.id, "rent_form", now=NOW)  # works something out, and is sent nowhere
    follow_form(session, left.id, "housing_form", now=NOW + timedelta(days=8))
    assert counted(session, "forms", "language", "sent", "form") == {
        ("it", "yes", "housing"): 1,
        ("ar", "no", "housing"): 2,
    }
    ends = sorted(session.scalars(select(FormCourse.ends_at).where(~FormCourse.sent)))
    assert ends == [NOW + timedelta(days=7, hours=1), NOW + timedelta(days=15)]


def test_who_asked_is_told_in_coarse_bands_and_known_months_are_not_opened_again(session: Session) -> None:
    create_case(session, intake={"people": 4, "minors": 2, "permit": "being_renewed"})
    young = create_case(session, intake={"people": 1, "minors": None}, now=NIGHT_IN_ITALY)
    document = Details(birth_year=2002).model_dump(mode="json", exclude_defaults=True)
    session.add(
        PersonDetails(person_id=young.person_id, document=document, changed_by="staff", changed_at=NOW)
    )
    create_case(session, type=CaseType.RECEPTION)
    assert counted(session, "asked", "period", "age_band", "household", "permit") == {
        (MONTH, "unknown", "with_minors", "being_renewed"): 1,
        (MONTH, "unknown", "unknown", "unknown"): 1,
        ("2026-06", "18_29", "alone", "unknown"): 1,
    }
    cells = read_raw(session, figure_of("asked"), 2026, but_for={MONTH}).cells
    assert {cell[0] for cell in cells} == {"2026-06"}


@pytest.mark.parametrize(
    ("born", "band"),
    [("2009-12-31", "under_18"), ("2008-12-31", "18_29"), ("1961-01-01", "65_over"), (None, "unknown")],
)
def test_the_age_is_that_which_somebody_reaches_in_the_year(born: str | None, band: str) -> None:
    assert age_band({"born_on": born}, NOW) == band
