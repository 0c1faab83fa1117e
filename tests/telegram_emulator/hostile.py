"""Updates that follow the published description, except where they do not.

Fields are missing, of a wrong type, too large, in the wrong direction, cut in the middle of a character,
or nested until a parser gives up.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

from tests.telegram_emulator.description import description
from tests.telegram_emulator.world import Json

KINDS = ("message", "edited_message", "callback_query", "my_chat_member")
LIKELY = {
    "from": 0.9,
    "text": 0.8,
    "data": 0.9,
    "caption": 0.3,
    "photo": 0.1,
    "document": 0.1,
    "voice": 0.1,
    "audio": 0.1,
    "contact": 0.1,
    "message": 0.6,
    "edit_date": 0.5,
}
"""How likely the optional fields are that we read; others are drawn now and then."""

NUMBERS = (0, 1, -1, 7_000_001, 1_700_000_000, 2**31, -(2**31) - 1, 2**53, 2**63 - 1, 2**63, 2**64, -(2**63))
TEXTS = (
    "",
    " ",
    "ciao",
    "/start",
    "//restart",
    '/inform{"people": 99}',
    "مرحبا",
    "\u202eolleh\u202c",
    "\u2066\u2069\u200b\ufeff",
    "a\x00b",
    "\ud800",
    "x\udfffy",
    "e" + "\u0301" * 300,
    "👨‍👩‍👧‍👦" * 50,
    "<script>alert(1)</script>",
    "{name} {0} %s ${x} {{7*7}}",
    "x" * 5000,
    "\r\n\t\x0b\x1c",
    "private",
    "member",
)
_DEEPEST = 5


def _nested(depth: int) -> Any:
    value: Any = "deep"
    for turn in range(depth):
        value = [value] if turn % 2 else {"reply_to_message": value}
    return value


_JUNK: tuple[Callable[[], Any], ...] = (
    lambda: None,
    lambda: True,
    lambda: 1.5,
    list,
    dict,
    lambda: [None],
    lambda: {"id": None},
    lambda: 2**70,
    lambda: "x",
    lambda: _nested(400),
)


def hostile_update(dice: random.Random, update_id: int) -> Json:
    """Return one update with a usable number."""
    kind = dice.choice(KINDS) if dice.random() < 0.9 else dice.choice(list(description()["types"]["Update"]))
    [type_name] = description()["types"]["Update"].get(kind, {"types": ["Message"]})["types"]
    return {"update_id": update_id, kind: _value(dice, type_name, 0)}


def _value(dice: random.Random, type_name: str, depth: int) -> Any:
    if dice.random() < 0.012:
        return dice.choice(_JUNK)()
    if type_name.startswith("Array of "):
        return [
            _value(dice, type_name.removeprefix("Array of "), depth + 1) for _ in range(dice.randint(0, 2))
        ]
    if type_name in ("Integer", "Float"):
        return dice.choice(NUMBERS) if dice.random() < 0.06 else dice.randint(1, 10**9)
    if type_name == "Boolean":
        return dice.random() < 0.1
    if type_name == "String":
        return dice.choice(TEXTS)
    if type_name == "ChatMember":
        type_name = dice.choice(("ChatMemberMember", "ChatMemberLeft", "ChatMemberBanned"))
    return _object(dice, {"MaybeInaccessibleMessage": "Message"}.get(type_name, type_name), depth)


def _object(dice: random.Random, type_name: str, depth: int) -> Any:
    fields = description()["types"].get(type_name)
    if fields is None or depth > _DEEPEST:
        return dice.choice(_JUNK)() if dice.random() < 0.5 else {}
    made: Json = {}
    for name, field in fields.items():
        share = 0.99 if field.get("required") else LIKELY.get(name, 0.003)
        if dice.random() < share:
            made[name] = _value(dice, dice.choice(field["types"]), depth + 1)
    if type_name.startswith("ChatMember") and dice.random() < 0.9:
        made["status"] = {"ChatMemberMember": "member", "ChatMemberLeft": "left"}.get(type_name, "kicked")
    if type_name == "Chat" and dice.random() < 0.8:
        made |= {"id": dice.randint(1, 50), "type": "private"}
    if type_name == "User" and dice.random() < 0.8:
        made |= {"id": dice.randint(1, 50), "is_bot": False}
    return made
