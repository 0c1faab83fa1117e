"""Words that want to be more than words: attacks 25, 27, 28, 29, 30, 35 and 36."""

from __future__ import annotations

import inspect
import re
from pathlib import Path

import httpx
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from backoffice.client import client, connection
from backoffice.client.schemas import Channel, Command, HandoffRequest, MessageKind, WaitingReason
from backoffice.conversation.models import InboxEntry, InboxState, Message
from backoffice.conversation.turn_words import PAYLOADS
from backoffice.conversation.turns import claim_turn
from backoffice.conversation.words import for_assistant
from backoffice.handoff.queue import request_handoff
from backoffice.handoff.service import claim
from backoffice.staff.roles import Role
from nlu.turn_request import harmless
from tests.backoffice.case.cases import create_case, create_person
from tests.backoffice.factories import NOW, create_conversation, create_staff, send, sign_in, take_turn
from tests.backoffice.pages.browser import HTML
from translations.catalog import _fill, text

ROOT = Path(__file__).resolve().parents[2]

RASA_COMMAND = re.compile(r"^\s*/")
"""What Rasa takes for a command, after its own stripping (RegexMessageHandler of 3.6.21)."""

ONE_LETTER = [
    *(" ", "\t", "\n", "\x1c", "\x00", "\u00a0", "\u2003", "\u3000", "\u200b", "\u200e", "\u202e"),
    *("\ufeff", "\u2060", "\u180e", "\u0085", "\U000e0020", "/", "\uff0f"),
]
BEFORE_A_SLASH = [*ONE_LETTER, "//", "/ /"]

TEMPLATES = [
    "{0.__class__}",
    "{name}",
    "{}",
    "{",
    "}",
    "{{7*7}}",
    "{% if 1 %}",
    "%n%s%(x)s",
    "${7*7}",
    "#{7*7}",
]

MARKUP = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    '"><svg onload=alert(1)>',
    "' onmouseover='alert(1)",
    "javascript:alert(1)",
    "</textarea><script>alert(1)</script>",
    "<!--<script>",
]


@pytest.mark.parametrize("before", BEFORE_A_SLASH, ids=ascii)
@pytest.mark.parametrize("typed", ["/restart", '/inform{"people": 99}', "/session_start", "/back", "//x"])
def test_attack_25_a_typed_command_reaches_rasa_as_words(before: str, typed: str) -> None:
    for clean in (for_assistant, harmless):
        assert not RASA_COMMAND.match(clean(before + typed).strip())
        assert not RASA_COMMAND.match(clean(typed + before + typed).strip())


@given(st.text(alphabet=st.sampled_from([*'/{}"a1', *ONE_LETTER]), max_size=40) | st.text(max_size=80))
@settings(max_examples=500, deadline=None, derandomize=True)
def test_attack_25_no_text_at_all_is_a_command(typed: str) -> None:
    for sent in (for_assistant(typed), harmless(typed), harmless(for_assistant(typed))):
        assert not RASA_COMMAND.match(sent.strip())
        assert not RASA_COMMAND.match(sent.strip("\x00\u200b\ufeff "))
        assert 1 <= len(sent) <= 1000


def test_attack_25_the_transcript_keeps_what_was_typed(session: Session) -> None:
    conversation = create_conversation(session)
    send(session, conversation, "  /restart")
    turn = take_turn(session)
    assert (turn.text, turn.payload) == ("restart", None)
    assert session.scalars(select(Message.text)).all() == ["  /restart"]


@pytest.mark.parametrize(
    "typed", ["/restart", "/start", "/session_start", "/back", "/delete_my_data", "stop"]
)
def test_attack_27_nothing_that_is_typed_ends_a_talk_with_a_person(session: Session, typed: str) -> None:
    conversation = create_conversation(session, channel=Channel.TELEGRAM)
    asked = HandoffRequest(reason=WaitingReason.ASKED)
    request_handoff(session, conversation.id, asked, turn_id=None, now=NOW)
    for mode in ("waiting", "mediator"):
        if mode == "mediator":
            claim(session, conversation.id, staff=create_staff(session), epoch=conversation.epoch, now=NOW)
        epoch = conversation.epoch
        send(session, conversation, typed)
        for command in Command:
            send(session, conversation, typed, kind=MessageKind.COMMAND, command=command)
        session.refresh(conversation)
        assert (conversation.mode, conversation.epoch) == (mode, epoch)
        assert claim_turn(session, "bot", now=NOW) is None
    assert set(session.scalars(select(InboxEntry.state)).all()) == {InboxState.DONE}


def test_attack_28_no_intent_gives_a_right_that_staff_have() -> None:
    intents = yaml.safe_load((ROOT / "nlu/domain/intents.yml").read_text())["intents"]
    names = {name if isinstance(name, str) else next(iter(name)) for name in intents}
    assert {payload[1:] for payload in PAYLOADS.values()} <= names
    assert [name for name in names if re.search("admin|staff|login|password|role|assign|claim", name)] == []


def test_attack_28_the_dialogue_s_only_hands_reach_nothing_of_staff() -> None:
    source = "".join(inspect.getsource(module) for module in (client, connection))
    paths = set(re.findall(r"/api/v1/(\w+)", source))
    assert paths == {"service", "services", "guide"}


@pytest.mark.parametrize("language", ["it", "en", "ar", "uk"])
@pytest.mark.parametrize("name", TEMPLATES)
def test_attack_29_a_name_is_put_in_once_and_never_read_as_a_template(name: str, language: str) -> None:
    said = text("system.mediator_joined", language, name=name)
    assert name in said
    assert said.count(name) == 1
    assert "49" not in said
    assert "class" not in said.replace(name, "")


@pytest.mark.parametrize("sentence", ["costa 5 {", "{}", "}", "{0}", "{0.__class__}", "{name", "{{name}}"])
def test_attack_30_a_sentence_with_a_lone_brace_loses_no_message_and_shows_no_variables(
    sentence: str,
) -> None:
    said = _fill(sentence, "it", {"name": "Amina", "secret": "x"})
    assert said == sentence.replace("{name}", "Amina")


@pytest.mark.parametrize("payload", [*MARKUP, *TEMPLATES])
async def test_attack_35_words_and_names_are_shown_as_words(
    http: httpx.AsyncClient, session: Session, payload: str
) -> None:
    staff = create_staff(session, roles=frozenset({Role.COORDINATOR}))
    conversation = create_conversation(session)
    conversation.person_id = create_person(session, name=f"N{payload}").id
    send(session, conversation, f"T{payload}")
    case = create_case(
        session,
        person=create_person(session, name=f"N{payload}"),
        municipality=payload,
        intake={"needs": f"I{payload}", "note": payload},
    )
    headers = {**sign_in(session, staff), **HTML}
    session.commit()
    note = {"kind": "internal", "text": f"O{payload}"}
    await http.post(f"/api/v1/cases/{case.id}/notes", json=note, headers=headers)
    for path in (f"/conversations/{conversation.id}", "/conversations", f"/cases/{case.id}", "/cases", "/"):
        shown = await http.get(path, headers=headers)
        assert shown.status_code == 200
        assert "49" not in re.findall(r">[NTIO](\d+)<", shown.text)
        if set(payload) & set("<>'\""):
            assert payload not in shown.text, path
        policy = shown.headers["content-security-policy"]
        assert "unsafe" not in policy
        assert policy.startswith("default-src 'self'")
    thread = await http.get(f"/conversations/{conversation.id}", headers=headers)
    unescaped = (
        thread.text.replace("&lt;", "<").replace("&gt;", ">").replace("&#34;", '"').replace("&#39;", "'")
    )
    assert f"T{payload}" in unescaped.replace("&amp;", "&") or "&lt;" in payload
