"""A person is asked in the chat, says yes or no, sees who sees, stops it, and is erased when they ask."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from backoffice.audit import service as audit
from backoffice.audit.models import AuditEntry
from backoffice.case.models import Case
from backoffice.case.needs import Need
from backoffice.client.schemas import MessageKind
from backoffice.consent.aims import Aim
from backoffice.consent.models import Consent, ConsentAnswer, ConsentHow, ConsentRequest
from backoffice.consent.queries import valid_consent
from backoffice.consent.service import OnPaper
from backoffice.conversation.models import Button, Conversation, Message
from backoffice.database import Database
from backoffice.person.models import Person
from backoffice.retention.jobs import erase_whose_time_is_over
from backoffice.retention.models import Erasure
from backoffice.retention.policy import spans
from backoffice.rights.choices import answer_choice
from backoffice.rights.erasures import grant_erasure, open_requests, waiting_orders
from backoffice.rights.errors import NoConversation, NotAsked, RequestIncomplete
from backoffice.rights.paper import record_on_paper
from backoffice.rights.requests import Question, ask_consent
from backoffice.rights.told import tell_who_looked, tell_who_sees
from backoffice.rights.wording import day_of
from backoffice.sharing.models import Share, ShareGround, ShareKind, ShareState
from backoffice.sharing.parts import CasePart
from backoffice.sharing.service import Offer, accept_share, offer_share
from backoffice.staff.models import Organisation, Staff
from backoffice.staff.roles import Role
from tests.backoffice.case.cases import create_case, create_person
from tests.backoffice.databases import FrozenClock
from tests.backoffice.databases import backend as backend
from tests.backoffice.factories import NOW, create_conversation, create_organisation, create_staff, send
from translations.catalog import text
from translations.languages import LANGUAGES

UNTIL = NOW + timedelta(days=30)
PARTS = frozenset({CasePart.PERSON, CasePart.NEEDS})


class Told:
    """One person with a case, the body that asks, and a caseworker."""

    def __init__(self, session: Session, language: str = "pa") -> None:
        self.session = session
        self.body: Organisation = create_organisation(session, name="Cooperativa Ponte")
        self.staff: Staff = create_staff(session, roles=frozenset({Role.CASEWORKER}))
        self.person: Person = create_person(session, name="ਹਰਪ੍ਰੀਤ ਕੌਰ")
        self.conversation: Conversation = create_conversation(session, language=language)
        self.conversation.person_id = self.person.id
        self.case: Case = create_case(session, person=self.person, conversation=self.conversation)

    def ask(self) -> ConsentRequest:
        question = Question(self.body.id, PARTS, "Trovare un alloggio", UNTIL)
        return ask_consent(self.session, self.case, question, by=self.staff.id, now=NOW)

    def press(self, ending: str) -> str:
        buttons = self.session.scalars(select(Button).where(Button.conversation_id == self.conversation.id))
        token = next(button.token for button in buttons if button.payload.endswith(ending))
        send(self.session, self.conversation, None, kind=MessageKind.BUTTON, button=token)
        return self.last()

    def last(self) -> str:
        newest = select(Message).where(Message.conversation_id == self.conversation.id)
        return self.session.scalars(newest.order_by(Message.seq.desc())).first().text  # type: ignore[union-attr]

    def share(self) -> Share:
        offer = Offer(ShareKind.SHARE, self.body.id, PARTS, "Trovare un alloggio", ShareGround.CONSENT, UNTIL)
        share = offer_share(
            self.session,
            offer,
            case_id=self.case.id,
            person_id=self.person.id,
            owner_id=self.case.organisation_id,
            by=self.staff.id,
            now=NOW,
        )
        accept_share(self.session, share, person_id=self.person.id, by=self.staff.id, now=NOW)
        return share

    def consent(self) -> Consent | None:
        return valid_consent(
            self.session,
            person_id=self.person.id,
            purpose="share",
            organisation_id=self.body.id,
            categories={"summary", "person", "needs"},
            now=NOW,
        )


@pytest.fixture
def told(session: Session) -> Told:
    return Told(session)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_question_says_who_what_why_and_until_when_in_the_person_s_language(
    session: Session, language: str
) -> None:
    told = Told(session, language)
    told.ask()
    said = told.last()
    assert "Cooperativa Ponte" in said
    assert "Trovare un alloggio" in said
    assert text("system.consent_part.person", language) in said
    assert "{" not in said
    assert said == session.scalars(select(ConsentRequest)).one().text


def test_a_yes_goes_into_the_ledger_with_the_words_that_were_shown(told: Told) -> None:
    asked = told.ask()
    assert told.press(":yes") == text("system.consent_given", "pa", organisation="Cooperativa Ponte")
    consent = told.consent()
    assert consent is not None
    assert (consent.text, consent.language, consent.how) == (asked.text, "pa", ConsentHow.CHAT)
    assert consent.expires_at == UNTIL


def test_a_no_gives_nothing_and_cannot_be_asked_away(told: Told) -> None:
    told.ask()
    assert told.press(":no") == text("system.consent_refused", "pa", organisation="Cooperativa Ponte")
    assert told.consent() is None
    assert told.press(":yes") == text("system.consent_over", "pa")
    assert told.consent() is None


def test_a_no_to_the_same_question_takes_the_yes_back(told: Told) -> None:
    told.ask()
    told.press(":yes")
    share = told.share()
    withdrawn = text("system.consent_withdrawn", "pa", organisation="Cooperativa Ponte")
    assert told.press(":no") == withdrawn
    assert (share.state, told.consent()) == (ShareState.REVOKED, None)
    assert told.press(":yes") == text("system.consent_over", "pa")
    assert told.consent() is None


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_purpose_is_read_in_the_person_s_language_where_staff_have_chosen_one(
    session: Session, language: str
) -> None:
    told = Told(session, language)
    question = Question(told.body.id, PARTS, "Trovare un alloggio", UNTIL, aim=Aim.HOME)
    asked = ask_consent(session, told.case, question, by=told.staff.id, now=NOW)
    assert text("system.consent_aim.home", language) in told.last()
    assert "Trovare un alloggio" not in told.last()
    assert (asked.text, asked.purpose) == (told.last(), "Trovare un alloggio")


def test_what_can_be_stopped_bears_the_number_of_its_button_and_its_last_day(told: Told) -> None:
    told.ask()
    told.press(":yes")
    for _ in ("agreed to", "shared"):
        tell_who_sees(told.session, told.conversation, now=NOW)
        told.session.flush()
        assert f"1. Cooperativa Ponte, {day_of(UNTIL, 'pa')}" in told.last()
        assert told.last().count("Cooperativa Ponte") == 1
        if told.session.scalars(select(Share)).first() is None:
            told.share()


def test_a_consent_gives_only_what_it_names_to_whom_it_names_and_while_it_lasts(told: Told) -> None:
    told.ask()
    told.press(":yes")
    other = create_organisation(told.session)

    def valid(organisation_id: str, categories: set[str], now: object = NOW) -> bool:
        return (
            valid_consent(
                told.session,
                person_id=told.person.id,
                purpose="share",
                organisation_id=organisation_id,
                categories=categories,
                now=now,  # type: ignore[arg-type]
            )
            is not None
        )

    assert valid(told.body.id, {"person"})
    assert not valid(told.body.id, {"person", "documents"})
    assert not valid(told.body.id, {"restricted"})
    assert not valid(other.id, {"person"})
    assert not valid(told.body.id, {"person"}, UNTIL)


def test_the_person_sees_who_sees_stops_it_and_the_share_ends_at_once(told: Told) -> None:
    told.ask()
    told.press(":yes")
    share = told.share()
    tell_who_sees(told.session, told.conversation, now=NOW)
    assert "Cooperativa Ponte" in told.last()
    assert told.case.number in told.last()
    told.session.flush()
    assert told.press(told.consent().id) == text(  # type: ignore[union-attr]
        "system.consent_withdrawn", "pa", organisation="Cooperativa Ponte"
    )
    assert share.state is ShareState.REVOKED
    assert told.consent() is None
    answers = told.session.scalars(select(Consent.answer).order_by(Consent.id)).all()
    assert answers == [ConsentAnswer.GIVEN, ConsentAnswer.WITHDRAWN]


def test_another_person_s_buttons_decide_nothing(told: Told) -> None:
    told.ask()
    stranger = Told(told.session)
    yes = next(
        button
        for button in told.session.scalars(select(Button))
        if button.conversation_id == told.conversation.id and button.payload.endswith(":yes")
    )
    send(told.session, stranger.conversation, None, kind=MessageKind.BUTTON, button=yes.token)
    assert told.consent() is None


def test_who_looked_is_told_by_body_and_day_without_names(told: Told) -> None:
    tell_who_looked(told.session, told.conversation, now=NOW)
    assert told.last() == text("system.rights_looked_none", "pa")
    for _ in range(2):
        audit.record(
            told.session,
            by=told.staff.id,
            action="case.read",
            subject_kind="case",
            subject_id=told.case.id,
            now=NOW,
        )
    told.session.flush()
    tell_who_looked(told.session, told.conversation, now=NOW)
    assert "Comunità Sociale Cremasca (2)" in told.last()
    assert told.staff.name not in told.last()


def test_somebody_without_a_case_is_told_so(session: Session) -> None:
    conversation = create_conversation(session, language="ar")
    tell_who_sees(session, conversation, now=NOW)
    assert session.scalars(select(Message.text)).one() == text("system.rights_none", "ar")


def test_a_case_of_the_desk_has_nobody_to_ask_in_a_chat(told: Told) -> None:
    case = create_case(told.session)
    with pytest.raises(NoConversation):
        ask_consent(told.session, case, Question(told.body.id, PARTS, "x", UNTIL), by=told.staff.id, now=NOW)


def test_what_was_only_said_needs_a_witness(told: Told) -> None:
    question = Question(told.body.id, PARTS, "Trovare un alloggio", UNTIL)
    by, now = told.staff.id, NOW
    with pytest.raises(RequestIncomplete):
        record_on_paper(told.session, told.case, question, OnPaper(ConsentHow.ORAL, " "), by=by, now=now)
    said = OnPaper(ConsentHow.ORAL, "Anna Testimone")
    record_on_paper(told.session, told.case, question, said, by=by, now=now)
    assert told.consent() is not None


# --- Erasure ------------------------------------------------------------------------------------


def test_an_erasure_that_was_asked_for_is_granted_told_and_done_a_little_later(
    told: Told, database: Database, clock: FrozenClock
) -> None:
    told.case.needs = [Need.DATA_ERASURE.value]
    told.session.flush()
    assert open_requests(told.session, told.case.organisation_id) == [told.case]
    order = grant_erasure(told.session, told.case, by=told.staff.id, now=clock())
    assert order.number in told.last()
    assert not open_requests(told.session, told.case.organisation_id)
    told.session.commit()
    erase_whose_time_is_over(database, spans(None), clock)
    with database.read() as reading:
        assert reading.get_one(Person, told.person.id).name == "ਹਰਪ੍ਰੀਤ ਕੌਰ"
    clock.advance(minutes=11)
    erase_whose_time_is_over(database, spans(None), clock)
    with database.read() as reading:
        assert reading.get_one(Person, told.person.id).name is None
        assert reading.scalars(select(Erasure.number)).one() == order.number


def test_who_thinks_again_before_it_is_done_is_not_erased_and_may_ask_anew(
    told: Told, database: Database, clock: FrozenClock
) -> None:
    told.case.needs = [Need.DATA_ERASURE.value, Need.HEALTH.value]
    told.session.flush()
    order = grant_erasure(told.session, told.case, by=told.staff.id, now=clock())
    choice = f"erasure:{order.id}:keep"
    stranger = create_conversation(told.session)
    answer_choice(told.session, stranger, choice, now=clock())
    assert waiting_orders(told.session, told.case.organisation_id) == [order]
    answer_choice(told.session, told.conversation, choice, now=clock())
    assert "ਕੁਝ ਨਹੀਂ ਮਿਟਾਵਾਂਗੇ" in told.last()
    assert told.case.needs == [Need.HEALTH.value]
    assert not waiting_orders(told.session, told.case.organisation_id)
    told.session.commit()
    clock.advance(minutes=11)
    erase_whose_time_is_over(database, spans(None), clock)
    with database.read() as reading:
        assert reading.get_one(Person, told.person.id).name == "ਹਰਪ੍ਰੀਤ ਕੌਰ"
        trail = reading.scalars(select(AuditEntry.action).where(AuditEntry.subject_id == told.person.id))
        assert {"person.erasure_granted", "person.erasure_withdrawn"} <= set(trail)
    told.case.needs = [Need.DATA_ERASURE.value]
    grant_erasure(told.session, told.case, by=told.staff.id, now=clock())


def test_nobody_is_erased_who_did_not_ask(told: Told) -> None:
    with pytest.raises(NotAsked):
        grant_erasure(told.session, told.case, by=told.staff.id, now=NOW)


def test_attack_4_after_a_long_silence_nothing_is_told_agreed_to_or_stopped(session: Session) -> None:
    told = Told(session)
    send(session, told.conversation, "ਸਤ ਸ੍ਰੀ ਅਕਾਲ")
    asked = told.ask()
    given = given_by(session, told)
    late = NOW + timedelta(days=91)
    send(session, told.conversation, "?", now=late)
    for choice in ("rights:sees", "rights:looked", f"consent:{asked.id}:yes", f"stop:{given.id}"):
        answer_choice(session, told.conversation, choice, now=late)
        assert told.last() == text("system.rights_locked", "pa"), choice
    assert asked.answered_at is None
    assert told.consent() is not None


@pytest.mark.parametrize("tell", [tell_who_sees, tell_who_looked])
def test_attack_4_of_a_private_case_nobody_is_named_in_the_chat(
    session: Session, tell: Callable[..., None]
) -> None:
    told = Told(session)
    given_by(session, told)
    told.share()
    reader = create_staff(session, organisation=told.body)
    who = {"subject_kind": "case", "subject_id": told.case.id}
    audit.record(session, by=reader.id, action="case.read", now=NOW, **who)
    session.flush()
    tell(session, told.conversation, now=NOW)
    assert "Cooperativa Ponte" in told.last()
    told.case.needs = [Need.VIOLENCE.value]
    tell(session, told.conversation, now=NOW)
    assert "Cooperativa Ponte" not in told.last()
    assert (told.case.number in told.last()) == (tell is tell_who_sees)


def given_by(session: Session, told: Told) -> Consent:
    """Let the person agree on paper that the body sees the case."""
    question = Question(told.body.id, PARTS, "Trovare un alloggio", UNTIL)
    return record_on_paper(
        session, told.case, question, OnPaper(ConsentHow.SIGNATURE, ""), by=told.staff.id, now=NOW
    )
