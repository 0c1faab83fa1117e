from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from backoffice.conversation.permissions import get_readable_conversation
from backoffice.staff.models import Staff
from backoffice.staff.roles import Role
from backoffice.workplace.errors import (
    BadCode,
    CannedReplyNotFound,
    CodeTaken,
    EmptyCannedReply,
    UnknownVariable,
)
from backoffice.workplace.models import CannedReply
from backoffice.workplace.permissions import get_editable_reply, readable_replies
from backoffice.workplace.queries import canned_replies
from backoffice.workplace.service import keep_reply, values_for
from backoffice.workplace.variables import Values, fill
from tests.backoffice.case.cases import create_person
from tests.backoffice.factories import NOW, create_conversation, create_organisation, create_staff


@pytest.fixture
def amina(session: Session) -> Staff:
    return create_staff(session, name="Amina Haddad")


def keep(
    session: Session, staff: Staff, text: str = "Ciao", *, code: str = "ciao", language: str = "it"
) -> CannedReply:
    return keep_reply(session, None, code=code, language=language, text=text, staff=staff, now=NOW)


def test_a_code_serves_each_language_once(session: Session, amina: Staff) -> None:
    keep(session, amina, "Buongiorno")
    keep(session, amina, "Добрий день", language="uk")
    with pytest.raises(CodeTaken):
        keep(session, amina, "Salve")
    texts = [reply.text for reply in canned_replies(session, readable_replies(amina))]
    assert texts == ["Buongiorno", "Добрий день"]


def test_a_code_is_two_to_thirty_letters_and_a_slash_before_it_is_forgiven(
    session: Session, amina: Staff
) -> None:
    assert keep(session, amina, code=" /Saluti ").code == "saluti"
    for code in ("a", "x" * 31, "due parole", "però", "n1", ""):
        with pytest.raises(BadCode):
            keep(session, amina, code=code)


@pytest.mark.parametrize("text", ["{surname}", "{person.name}", "{person!r}", "{0}", "{}", "{ person }"])
def test_what_nobody_fills_in_is_refused(session: Session, amina: Staff, text: str) -> None:
    with pytest.raises(UnknownVariable):
        keep(session, amina, f"Ciao {text}")


def test_an_answer_without_words_is_refused(session: Session, amina: Staff) -> None:
    with pytest.raises(EmptyCannedReply):
        keep(session, amina, " \n")


def test_changing_an_answer_keeps_its_own_code(session: Session, amina: Staff) -> None:
    reply = keep(session, amina)
    keep_reply(session, reply, code="ciao", language="it", text="Salve", staff=amina, now=NOW)
    assert reply.text == "Salve"


def test_the_variables_are_those_of_this_conversation(session: Session, amina: Staff) -> None:
    conversation = create_conversation(session)
    conversation.person_id = create_person(session, name="Olena {phone}").id
    session.commit()
    known = get_readable_conversation(session, amina, conversation.id)
    values = values_for(session, amina, known)
    text = fill("Ciao {person}, sono {mediator}", values, "it")
    assert text == "Ciao Olena {phone}, sono Amina"


def test_an_unknown_name_leaves_no_gap() -> None:
    nobody = Values(mediator="Amina")
    assert fill("Ciao {person}, sono {mediator}.", nobody, "it") == "Ciao, sono Amina."
    assert fill("Добрий день, {person}!", nobody, "uk") == "Добрий день!"


def test_a_value_keeps_its_direction_in_a_text_from_right_to_left() -> None:
    assert fill("أنا {mediator}.", Values(mediator="Amina"), "ar") == "أنا \u2068Amina\u2069."


def test_another_body_has_its_own_answers(session: Session, amina: Staff) -> None:
    reply = keep(session, amina)
    partner = create_organisation(session)
    elena = create_staff(session, roles=frozenset({Role.CASEWORKER}), organisation=partner)
    assert canned_replies(session, readable_replies(elena)) == []
    with pytest.raises(CannedReplyNotFound):
        get_editable_reply(session, elena, reply.id)


def test_who_only_reads_conversations_changes_no_answer(session: Session, amina: Staff) -> None:
    reply = keep(session, amina)
    desk = create_staff(session, roles=frozenset({Role.HOUSING_DESK}))
    assert len(canned_replies(session, readable_replies(desk))) == 1
    with pytest.raises(CannedReplyNotFound):
        get_editable_reply(session, desk, reply.id)
