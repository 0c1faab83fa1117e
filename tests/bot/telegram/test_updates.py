from contextlib import suppress
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from backoffice.client.schemas import AttachmentKind, Command, IncomingRequest, MessageKind
from bot.telegram.updates import MalformedUpdate, Reading, read_update
from tests.telegram_emulator import Person, World

BOT = 123456789


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def olena(world: World) -> Person:
    return Person(world, 5_000_001, "Olena", "Bondar", "uk")


def read(world: World) -> Reading:
    return read_update(world.updates[-1], bot_id=BOT, username="sportello_bot")


def request(world: World) -> IncomingRequest:
    message = read(world).message
    assert message is not None
    return message.request


def test_a_text_keeps_its_words_its_sender_and_its_time(world: World, olena: Person) -> None:
    sent = olena.send_text("Шукаю квартиру")
    stored = request(world)
    assert stored.external_id == f"{BOT}:{world.updates[-1]['update_id']}"
    assert stored.second_id == f"5000001:{sent['message_id']}:0"
    assert (stored.kind, stored.text, stored.language) == (MessageKind.TEXT, "Шукаю квартиру", "uk")
    assert stored.telegram is not None
    assert (stored.telegram.chat_id, stored.telegram.name) == (5_000_001, "Olena Bondar")
    assert stored.telegram.language_hint == "uk"
    assert stored.sent_at is not None
    assert stored.sent_at.timestamp() == sent["date"]


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("/start", Command.START),
        ("/START", Command.START),
        ("/start@Sportello_Bot ciao", Command.START),
        ("/menu", Command.MENU),
        ("/help", Command.MENU),
        ("/language", Command.LANGUAGE),
        ("/human per favore", Command.HUMAN),
        ("/stop", Command.STOP),
        ("/privacy\n", Command.PRIVACY),
        ("/start@other_bot", None),
        ("/restart", None),
        ("/startle", None),
        ('/inform{"people": 99}', None),
        ("//start", None),
        ("scrivi /start", None),
        ("\u2003/delete_my_data", None),
    ],
)
def test_only_the_known_commands_are_commands_and_all_else_is_text(
    world: World, olena: Person, text: str, command: Command | None
) -> None:
    olena.send_text(text)
    stored = request(world)
    assert stored.command is command
    assert stored.kind is (MessageKind.TEXT if command is None else MessageKind.COMMAND)
    assert stored.text


def test_a_press_carries_the_token_and_is_answered(world: World, olena: Person) -> None:
    query_id = olena.press_data("tok-1")
    reading, stored = read(world), request(world)
    assert (stored.kind, stored.button, stored.second_id) == (
        MessageKind.BUTTON,
        "tok-1",
        f"press:{query_id}",
    )
    assert (reading.callback_id, reading.chat_id) == (query_id, olena.id)


@pytest.mark.parametrize("phone", ["393331234567", "+39 333 1234567", "+39-333-1234567"])
def test_ones_own_contact_is_a_telephone_number(world: World, olena: Person, phone: str) -> None:
    olena.share_contact(phone)
    stored = request(world)
    assert (stored.kind, stored.phone) == (MessageKind.CONTACT, "+393331234567")


def test_the_contact_of_another_is_not_kept(world: World, olena: Person) -> None:
    olena.share_contact("+393330000000", user_id=77)
    assert (read(world).message, read(world).notice) == (None, "telegram.contact_not_own")
    olena.share_card_without_account("+393330000000")
    assert (read(world).message, read(world).notice) == (None, "telegram.contact_not_own")


def test_of_a_photo_the_largest_size_is_taken_with_the_caption(world: World, olena: Person) -> None:
    sent = olena.send_photo(b"x" * 99, caption="il mio permesso")
    message = read(world).message
    assert message is not None
    assert message.file is not None
    assert (message.request.kind, message.request.text) == (MessageKind.ATTACHMENT, "il mio permesso")
    assert (message.file.kind, message.file.size_bytes) == (AttachmentKind.PHOTO, 99)
    assert message.file.reference == sent["photo"][1]["file_id"]


@pytest.mark.parametrize(
    ("claimed", "believed"),
    [
        ("application/pdf", "application/pdf"),
        (None, "application/octet-stream"),
        ("a\r\nb", "application/octet-stream"),
    ],
)
def test_a_document_is_taken_and_its_type_is_only_a_claim(
    world: World, olena: Person, claimed: str | None, believed: str
) -> None:
    olena.send_document(b"%PDF", mime_type=claimed, name="../../etc/passwd")
    message = read(world).message
    assert message is not None
    assert message.file is not None
    assert (message.file.kind, message.file.media_type) == (AttachmentKind.DOCUMENT, believed)
    assert "passwd" not in repr(message)


def test_a_voice_message_is_taken(world: World, olena: Person) -> None:
    olena.send_voice(b"ogg")
    message = read(world).message
    assert message is not None
    assert message.file is not None
    assert (message.file.kind, message.file.media_type) == (AttachmentKind.VOICE, "audio/ogg")


def test_an_edit_names_the_message_that_it_changes(world: World, olena: Person) -> None:
    first = olena.send_text("siamo in 3")
    edited = olena.edit_text(first, "siamo in 4")
    stored = request(world)
    assert (stored.kind, stored.text) == (MessageKind.EDIT, "siamo in 4")
    assert stored.edited_external_id == f"5000001:{first['message_id']}:0"
    assert stored.second_id is not None
    assert stored.second_id.startswith(f"5000001:{first['message_id']}:{edited['edit_date']}:")


def test_what_cannot_be_read_is_answered_and_its_caption_kept(world: World, olena: Person) -> None:
    for send in (olena.send_sticker, olena.send_location, olena.send_video):
        send()
        assert (read(world).notice, read(world).message) == ("telegram.kind_not_read", None)
    olena.send_video(caption="guarda")
    assert (read(world).notice, request(world).text) == ("telegram.kind_not_read", "guarda")


def test_a_kind_that_telegram_invents_tomorrow_is_answered_too(world: World, olena: Person) -> None:
    olena._send({"hologram": {"file_id": "1"}})
    assert read(world).notice == "telegram.kind_not_read"


def test_groups_are_refused_and_left_and_channels_are_left_without_a_word(
    world: World, olena: Person
) -> None:
    group = olena.add_to_group()
    reading = read(world)
    assert (reading.leave, reading.joined, reading.notice) == (True, True, "telegram.private_only")
    olena.send_text("ciao a tutti", chat=group)
    assert (read(world).leave, read(world).message) == (True, None)
    olena.add_to_group(-1001, kind="channel")
    assert (read(world).leave, read(world).notice) == (True, None)


def test_a_block_and_service_messages_are_nothing_to_do(world: World, olena: Person) -> None:
    olena.block()
    assert read(world).ignored == "membership"
    olena._send({"pinned_message": olena.send_text("x")})
    assert read(world).ignored == "service_message"
    olena._send({"text": "from a bot", "from": {"id": 9, "is_bot": True, "first_name": "B"}})
    assert read(world).ignored == "sender"
    world.add_update(poll={"id": "1"})
    with pytest.raises(MalformedUpdate):
        read(world)


@pytest.mark.parametrize(
    "raw",
    [
        None,
        [],
        "update",
        {},
        {"update_id": "7"},
        {"update_id": True},
        {"update_id": -1},
        {"update_id": 2**63},
        {"update_id": 1, "message": "hello"},
        {"update_id": 1, "message": {"text": "no chat"}},
        {
            "update_id": 1,
            "message": {"message_id": 1, "date": 1, "chat": {"id": 2**63, "type": "private"}, "text": "x"},
        },
        {"update_id": 1, "callback_query": {"id": "1"}},
        {
            "update_id": 1,
            "message": {
                "message_id": 1,
                "date": 10**18,
                "chat": {"id": 1, "type": "private"},
                "from": {"id": 1, "is_bot": False, "first_name": "A"},
                "text": "x",
            },
        },
        {
            "update_id": 1,
            "message": {
                "message_id": 1,
                "date": 1,
                "chat": {"id": 2**60, "type": "private"},
                "from": {"id": 1, "is_bot": False, "first_name": "A"},
                "text": "x",
            },
        },
    ],
)
def test_what_telegram_could_not_have_sent_is_malformed_and_nothing_worse(raw: Any) -> None:
    try:
        reading = read_update(raw, bot_id=BOT)
    except MalformedUpdate:
        return
    assert reading.message is None


def test_lone_surrogates_and_nul_do_not_reach_the_store(world: World, olena: Person) -> None:
    olena.send_text("a\x00b\ud800c")
    assert request(world).text == "a\ufffdb\ufffdc"


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
    max_leaves=10,
)
FIELDS = ["message", "edited_message", "callback_query", "my_chat_member"]
INNER = [
    "message_id",
    "date",
    "chat",
    "from",
    "text",
    "caption",
    "photo",
    "document",
    "voice",
    "contact",
    "data",
]


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(
    st.fixed_dictionaries(
        {"update_id": st.integers()},
        optional={
            name: json_values | st.dictionaries(st.sampled_from(INNER), json_values) for name in FIELDS
        },
    )
)
def test_no_update_whatever_its_shape_does_more_than_be_malformed(raw: dict[str, Any]) -> None:
    with suppress(MalformedUpdate):
        read_update(raw, bot_id=BOT)


def test_a_real_update_with_one_field_replaced_is_read_or_malformed(world: World, olena: Person) -> None:
    olena.send_photo(b"x", caption="ciao")
    olena.press_data("t")
    olena.share_contact("+393331234567")
    for update in world.updates:
        (kind,) = set(update) - {"update_id"}
        for name in update[kind]:
            for value in (None, [], {}, "x", 2**70, -1, True, [None], {"id": None}):
                with suppress(MalformedUpdate):
                    read_update({**update, kind: {**update[kind], name: value}}, bot_id=BOT)
