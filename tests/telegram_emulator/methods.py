"""The methods, with the refusals that Telegram is known for."""

from __future__ import annotations

import re
import time
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import urlsplit

from tests.telegram_emulator.world import Json, Webhook, World

_LONGEST_TEXT = 4096
_LONGEST_BUTTON_DATA = 64
_FILE_LIMIT_BYTES = 20 * 1024 * 1024


class ApiError(Exception):
    """An answer with `ok: false`."""

    def __init__(self, status: int, description: str, retry_after: int | None = None) -> None:
        super().__init__(description)
        self.status = status
        self.description = description
        self.retry_after = retry_after


def bot_user(world: World) -> Json:
    return {"id": world.bot_id, "is_bot": True, "first_name": "Sportello", "username": world.username}


async def get_me(world: World, _parameters: Json) -> Json:
    return bot_user(world)


async def get_updates(world: World, parameters: Json) -> list[Any]:
    """Confirm what lies below `offset`, then wait for something or for the time to be over."""
    if world.webhook is not None:
        raise ApiError(
            409,
            "Conflict: can't use getUpdates method while webhook is active; "
            "use deleteWebhook to delete the webhook first",
        )
    with world.lock:
        world.poller += 1
        mine = world.poller
        world.fetches += 1
        if "allowed_updates" in parameters:
            world.allowed_updates = parameters["allowed_updates"]
    world.ring()
    if (offset := parameters.get("offset")) is not None:
        world.confirm(int(offset))
    await _wait(world, mine, float(parameters.get("timeout", 0)))
    if world.poller != mine:
        raise ApiError(
            409,
            "Conflict: terminated by other getUpdates request; "
            "make sure that only one bot instance is running",
        )
    limit = max(1, min(int(parameters.get("limit", 100)), 100))
    return world.next_updates(limit)


async def _wait(world: World, mine: int, seconds: float) -> None:
    deadline = time.monotonic() + seconds

    def over() -> bool:
        return bool(world.updates) or world.poller != mine or world.is_out or world.webhook is not None

    while not over() and (remaining := deadline - time.monotonic()) > 0:
        try:
            await world.until(over, seconds=remaining)
        except TimeoutError:
            return


async def set_webhook(world: World, parameters: Json) -> bool:
    url = parameters["url"]
    secret = parameters.get("secret_token", "")
    if not url:
        return await delete_webhook(world, parameters)
    if urlsplit(url).scheme not in {"http", "https"}:
        raise ApiError(400, "Bad Request: bad webhook: An HTTPS URL must be provided for webhook")
    if secret and not re.fullmatch(r"[A-Za-z0-9_-]{1,256}", secret):
        raise ApiError(400, "Bad Request: secret token contains unallowed characters")
    with world.lock:
        world.webhook = Webhook(url, secret)
        world.allowed_updates = parameters.get("allowed_updates", world.allowed_updates)
        _drop_pending(world, parameters)
    world.ring()
    return True


async def delete_webhook(world: World, parameters: Json) -> bool:
    with world.lock:
        world.webhook = None
        _drop_pending(world, parameters)
    world.ring()
    return True


def _drop_pending(world: World, parameters: Json) -> None:
    if parameters.get("drop_pending_updates"):
        world.updates.clear()


async def get_webhook_info(world: World, _parameters: Json) -> Json:
    return {
        "url": world.webhook.url if world.webhook else "",
        "has_custom_certificate": False,
        "pending_update_count": len(world.updates),
    }


async def send_message(world: World, parameters: Json) -> Json:
    chat = _chat(world, parameters)
    text = str(parameters["text"]).strip()
    if not text:
        raise ApiError(400, "Bad Request: message text is empty")
    if len(text.encode("utf-16-le")) // 2 > _LONGEST_TEXT:
        raise ApiError(400, "Bad Request: message is too long")
    if parameters.get("parse_mode") and re.search(r"[_*<`\[]", text):
        raise ApiError(400, "Bad Request: can't parse entities: Can't find end of the entity")
    message: Json = {
        "message_id": world.next_message_id(),
        "from": bot_user(world),
        "chat": chat,
        "date": int(time.time()),
        "text": text,
    }
    if "reply_markup" in parameters:
        message["reply_markup"] = _keyboard(parameters["reply_markup"])
    with world.lock:
        world.messages[chat["id"], message["message_id"]] = message
    return message


async def send_photo(world: World, parameters: Json) -> Json:
    """Show a picture; what was uploaded stands as its size (`application._read_parameters`)."""
    message: Json = {
        "message_id": world.next_message_id(),
        "from": bot_user(world),
        "chat": _chat(world, parameters),
        "date": int(time.time()),
        "photo": [{"file_id": "sent", "file_unique_id": "sent", "width": 640, "height": 480}],
    }
    with world.lock:
        world.messages[message["chat"]["id"], message["message_id"]] = message
    return message


def _chat(world: World, parameters: Json) -> Json:
    chat = world.chats.get(int(parameters["chat_id"]))
    if chat is None:
        raise ApiError(400, "Bad Request: chat not found")
    if chat["id"] in world.blocked_by:
        raise ApiError(403, "Forbidden: bot was blocked by the user")
    if chat["id"] in world.left_chats:
        raise ApiError(403, "Forbidden: bot is not a member of the group chat")
    return chat


def _keyboard(markup: Any) -> Json:
    rows = markup.get("inline_keyboard") if isinstance(markup, dict) else None
    if not isinstance(rows, list):
        raise ApiError(400, "Bad Request: object expected as reply markup")
    for button in (button for row in rows for button in row):
        if not str(button.get("text", "")).strip():
            raise ApiError(400, "Bad Request: inline keyboard button text is empty")
        data = button.get("callback_data")
        if data is not None and not 1 <= len(str(data).encode()) <= _LONGEST_BUTTON_DATA:
            raise ApiError(400, "Bad Request: BUTTON_DATA_INVALID")
        if data is None and "url" not in button:
            raise ApiError(400, "Bad Request: inline keyboard button must have exactly one optional field")
    return {"inline_keyboard": rows}


async def edit_message_reply_markup(world: World, parameters: Json) -> Json:
    message = world.messages.get((int(parameters.get("chat_id", 0)), int(parameters.get("message_id", 0))))
    if message is None:
        raise ApiError(400, "Bad Request: message to edit not found")
    message.pop("reply_markup", None)
    if parameters.get("reply_markup"):
        message["reply_markup"] = _keyboard(parameters["reply_markup"])
    return message


async def answer_callback_query(world: World, parameters: Json) -> bool:
    if parameters["callback_query_id"] not in world.open_queries:
        raise ApiError(
            400, "Bad Request: query is too old and response timeout expired or query ID is invalid"
        )
    world.open_queries.discard(parameters["callback_query_id"])
    return True


async def get_file(world: World, parameters: Json) -> Json:
    stored = world.files.get(parameters["file_id"])
    if stored is None:
        raise ApiError(400, "Bad Request: wrong file_id or the file is temporarily unavailable")
    if stored.size > _FILE_LIMIT_BYTES:
        raise ApiError(400, "Bad Request: file is too big")
    file_id = parameters["file_id"]
    return {
        "file_id": file_id,
        "file_unique_id": f"unique-{file_id}",
        "file_size": stored.size,
        "file_path": stored.path,
    }


async def set_my_commands(world: World, parameters: Json) -> bool:
    for command in parameters["commands"]:
        if not re.fullmatch(r"[a-z0-9_]{1,32}", command["command"]):
            raise ApiError(400, "Bad Request: BOT_COMMAND_INVALID")
        if not 1 <= len(command["description"]) <= 256:
            raise ApiError(400, "Bad Request: BOT_COMMAND_DESCRIPTION_INVALID")
    world.commands[parameters.get("language_code", "")] = parameters["commands"]
    return True


async def leave_chat(world: World, parameters: Json) -> bool:
    chat = _chat(world, parameters)
    if chat["type"] == "private":
        raise ApiError(400, "Bad Request: method is available only for supergroups and channel chats")
    world.left_chats.add(chat["id"])
    return True


async def send_chat_action(world: World, parameters: Json) -> bool:
    _chat(world, parameters)
    if parameters["action"] not in {"typing", "upload_photo", "upload_document", "record_voice"}:
        raise ApiError(400, "Bad Request: wrong parameter action in request")
    return True


METHODS: dict[str, Callable[[World, Json], Awaitable[Any]]] = {
    "getMe": get_me,
    "getUpdates": get_updates,
    "setWebhook": set_webhook,
    "deleteWebhook": delete_webhook,
    "getWebhookInfo": get_webhook_info,
    "sendMessage": send_message,
    "sendPhoto": send_photo,
    "editMessageReplyMarkup": edit_message_reply_markup,
    "answerCallbackQuery": answer_callback_query,
    "getFile": get_file,
    "setMyCommands": set_my_commands,
    "leaveChat": leave_chat,
    "sendChatAction": send_chat_action,
}

__all__ = ["METHODS", "ApiError", "bot_user"]
