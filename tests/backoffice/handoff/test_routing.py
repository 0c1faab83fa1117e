from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from backoffice.audit.models import AuditEntry
from backoffice.client.schemas import Mode
from backoffice.conversation.inbox import Reader, waiting_rows
from backoffice.conversation.models import Conversation
from backoffice.conversation.permissions import readable_conversations
from backoffice.conversation.routing import LONG_WAIT, colleagues_for
from backoffice.handoff.conflicts import state_conflict
from backoffice.handoff.errors import ConversationTaken, WishNotMet
from backoffice.handoff.service import claim
from backoffice.staff.models import Gender, Staff
from backoffice.staff.roles import Role
from tests.backoffice.factories import NOW, create_organisation, create_staff
from tests.backoffice.handoff.floor import waiting


def amina(session: Session) -> Staff:
    return create_staff(
        session,
        name="Amina Haddad",
        languages=("ar", "it"),
        gender=Gender.WOMAN,
        topics=("ask_health_care",),
    )


def queue(session: Session, staff: Staff, *, minutes: float = 5) -> list[str]:
    session.flush()
    now = NOW + timedelta(minutes=minutes)
    rows = waiting_rows(session, readable_conversations(staff), Reader(staff, now))
    return [row.id for row in rows]


def waits(
    session: Session,
    *,
    since: int,
    language: str = "ar",
    urgent: bool = False,
    wish: Gender | None = None,
    topic: str | None = "ask_health_care",
) -> Conversation:
    conversation = waiting(session, language=language, urgent=urgent, now=NOW + timedelta(seconds=since))
    conversation.wishes_gender, conversation.topic = wish, topic
    return conversation


def test_urgent_first_then_language_then_wish_then_topic_then_time(session: Session) -> None:
    last = waits(session, since=0, language="uk")
    wrong_wish = waits(session, since=1, wish=Gender.MAN)
    other_topic = waits(session, since=2, topic="ask_benefits")
    later, sooner = waits(session, since=9), waits(session, since=4, wish=Gender.WOMAN)
    urgent = waits(session, since=20, language="uk", urgent=True, wish=Gender.MAN)
    expected = [urgent, sooner, later, other_topic, wrong_wish, last]
    assert queue(session, amina(session)) == [each.id for each in expected]


def test_another_mediator_has_another_order(session: Session) -> None:
    arabic, ukrainian = waits(session, since=0), waits(session, since=1, language="uk")
    olena = create_staff(session, name="Olena", languages=("uk",))
    assert queue(session, olena) == [ukrainian.id, arabic.id]


def test_a_topic_that_nobody_knows_does_not_wait_behind_others_for_ever(session: Session) -> None:
    unknown, known = waits(session, since=0, topic="ask_benefits"), waits(session, since=1)
    staff = amina(session)
    assert queue(session, staff, minutes=5) == [known.id, unknown.id]
    assert queue(session, staff, minutes=LONG_WAIT.total_seconds() / 60 + 1) == [unknown.id, known.id]


def test_who_is_of_the_other_gender_still_sees_it_and_is_told(session: Session) -> None:
    conversation = waits(session, since=0, wish=Gender.MAN)
    staff = amina(session)
    session.flush()
    [row] = waiting_rows(session, readable_conversations(staff), Reader(staff, NOW))
    assert (row.id, row.wishes_gender) == (conversation.id, "man")


def test_against_the_wish_it_is_claimed_only_after_a_confirmation_which_is_noted(session: Session) -> None:
    conversation, staff = waits(session, since=0, wish=Gender.MAN), amina(session)
    session.flush()
    with pytest.raises(WishNotMet):
        claim(session, conversation.id, staff=staff, epoch=conversation.epoch, now=NOW)
    assert conversation.mode is Mode.WAITING
    claim(session, conversation.id, staff=staff, epoch=conversation.epoch, override=True, now=NOW)
    session.flush()
    noted = session.scalars(
        select(AuditEntry.actor).where(AuditEntry.action == "conversation.claimed_against_wish")
    )
    assert (conversation.mode, noted.all()) == (Mode.MEDIATOR, [staff.id])


@pytest.mark.parametrize("gender", [Gender.WOMAN, None])
def test_whoever_fits_or_never_said_claims_without_a_question(
    session: Session, gender: Gender | None
) -> None:
    conversation = waits(session, since=0, wish=Gender.WOMAN)
    session.flush()
    staff = create_staff(session, gender=gender)
    claim(session, conversation.id, staff=staff, epoch=conversation.epoch, now=NOW)
    assert conversation.holder_id == staff.id


def test_who_is_second_hears_of_the_first_and_not_of_the_wish(session: Session) -> None:
    conversation, staff = waits(session, since=0, wish=Gender.MAN), amina(session)
    epoch = conversation.epoch
    session.flush()
    claim(session, conversation.id, staff=create_staff(session, name="Marco"), epoch=epoch, now=NOW)
    with pytest.raises(ConversationTaken):
        claim(session, conversation.id, staff=staff, epoch=epoch, now=NOW)


def test_colleagues_who_speak_the_language_come_first_then_who_fits_the_wish(session: Session) -> None:
    conversation = waits(session, since=0, wish=Gender.WOMAN)
    caseworker = create_staff(session, name="Anna", roles=frozenset({Role.CASEWORKER}), gender=Gender.WOMAN)
    man = create_staff(session, name="Bilal", languages=("ar",), gender=Gender.MAN)
    woman = amina(session)
    create_staff(session, name="Altrove", organisation=create_organisation(session))
    create_staff(session, name="Via", active=False)
    create_staff(session, name="Piano", roles=frozenset({Role.PLANNER}))
    barred = create_staff(session, name="Cugino", languages=("ar",))
    session.flush()
    state_conflict(session, conversation.id, staff=barred, now=NOW)
    session.flush()
    found = colleagues_for(session, conversation)
    assert [each.id for each in found] == [woman.id, man.id, caseworker.id]
    assert woman.id not in [each.id for each in colleagues_for(session, conversation, but=woman.id)]
