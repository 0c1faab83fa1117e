"""People with Telegram: what they write, press, show and share."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass
from typing import Any

from tests.telegram_emulator.methods import bot_user
from tests.telegram_emulator.world import Json, StoredFile, World


@dataclass(frozen=True)
class Person:
    """Somebody in a private chat with the bot, or in a group."""

    world: World
    id: int
    first_name: str = "Olena"
    last_name: str | None = None
    language_code: str | None = None

    @property
    def user(self) -> Json:
        optional = {"last_name": self.last_name, "language_code": self.language_code}
        return {
            "id": self.id,
            "is_bot": False,
            "first_name": self.first_name,
            **{name: value for name, value in optional.items() if value is not None},
        }

    @property
    def chat(self) -> Json:
        return self.world.chats.setdefault(
            self.id, {"id": self.id, "type": "private", "first_name": self.first_name}
        )

    @property
    def received(self) -> list[Json]:
        """What the bot has written to this person, in order."""
        return self.world.sent_to(self.id)

    @property
    def texts(self) -> list[str]:
        return [message["text"] for message in self.received if "text" in message]

    def send_text(self, text: str, *, chat: Json | None = None) -> Json:
        """Write; Telegram cuts white space at the ends and marks commands."""
        text = text.strip()
        entities = [
            {"type": "bot_command", "offset": match.start(), "length": len(match.group())}
            for match in re.finditer(r"(?<!\S)/[A-Za-z0-9_]{1,32}(@\w+)?", text)
        ]
        return self._send({"text": text, **({"entities": entities} if entities else {})}, chat=chat)

    def edit_text(self, message: Json, text: str) -> Json:
        edited = {**message, "text": text, "edit_date": int(time.time()) + 1}
        edited.pop("entities", None)
        self.world.add_update(edited_message=edited)
        return edited

    def press(self, label: str) -> str:
        """Press the newest button with this label, and return its data."""
        for message in reversed(self.received):
            for row in message.get("reply_markup", {}).get("inline_keyboard", []):
                for button in row:
                    if button["text"] == label:
                        self.press_data(button["callback_data"], message)
                        return str(button["callback_data"])
        raise AssertionError(f"no button {label!r} among {self.labels}")

    @property
    def labels(self) -> list[str]:
        """The buttons under the newest message that has any."""
        for message in reversed(self.received):
            rows = message.get("reply_markup", {}).get("inline_keyboard", [])
            if rows:
                return [button["text"] for row in rows for button in row]
        return []

    def press_data(self, data: str, message: Json | None = None) -> str:
        query_id = str(9_000_000 + self.world.next_number())
        self.world.open_queries.add(query_id)
        message = message or {
            "message_id": self.world.next_message_id(),
            "from": bot_user(self.world),
            "chat": self.chat,
            "date": int(time.time()),
            "text": "?",
        }
        self.world.add_update(
            callback_query={
                "id": query_id,
                "from": self.user,
                "message": message,
                "chat_instance": str(self.id),
                "data": data,
            }
        )
        return query_id

    def share_contact(self, phone: str, *, user_id: int | None = None, name: str = "Olena") -> Json:
        contact: Json = {"phone_number": phone, "first_name": name, "user_id": user_id or self.id}
        return self._send({"contact": contact})

    def share_card_without_account(self, phone: str) -> Json:
        return self._send({"contact": {"phone_number": phone, "first_name": "Zia"}})

    def send_photo(self, content: bytes, *, caption: str | None = None) -> Json:
        small = self._store(content[:10], "photos/small.jpg")
        large = self._store(content, f"photos/file_{self.world.next_number()}.jpg")
        sizes = [{**small, "width": 90, "height": 90}, {**large, "width": 1280, "height": 960}]
        return self._send({"photo": sizes, **_caption(caption)})

    def send_document(
        self,
        content: bytes,
        *,
        name: str = "permesso.pdf",
        mime_type: str | None = "application/pdf",
        caption: str | None = None,
        size: int | None = None,
    ) -> Json:
        document = {**self._store(content, "documents/file_1.pdf", size=size), "file_name": name}
        if mime_type is not None:
            document["mime_type"] = mime_type
        return self._send({"document": document, **_caption(caption)})

    def send_voice(self, content: bytes) -> Json:
        voice = {**self._store(content, "voice/file_2.oga"), "duration": 3, "mime_type": "audio/ogg"}
        return self._send({"voice": voice})

    def send_sticker(self) -> Json:
        sticker = {
            **self._store(b"webp", "stickers/file_3.webp"),
            "type": "regular",
            "width": 512,
            "height": 512,
            "is_animated": False,
            "is_video": False,
        }
        return self._send({"sticker": sticker})

    def send_location(self) -> Json:
        return self._send({"location": {"latitude": 45.36, "longitude": 9.68}})

    def send_video(self, *, caption: str | None = None) -> Json:
        video = {**self._store(b"mp4", "videos/file_4.mp4"), "width": 10, "height": 10, "duration": 1}
        return self._send({"video": video, **_caption(caption)})

    def block(self) -> None:
        """Block the bot: it may not write any more."""
        self.world.blocked_by.add(self.id)
        self._membership("member", "kicked")

    def unblock(self) -> None:
        self.world.blocked_by.discard(self.id)
        self._membership("kicked", "member")

    def add_to_group(self, chat_id: int = -100200300, *, kind: str = "supergroup") -> Json:
        """Add the bot to a group or channel and return the chat."""
        chat = self.world.chats.setdefault(chat_id, {"id": chat_id, "type": kind, "title": "Famiglie"})
        self.world.left_chats.discard(chat_id)
        self._membership("left", "member", chat)
        return chat

    def _membership(self, old: str, new: str, chat: Json | None = None) -> None:
        bot = bot_user(self.world)
        self.world.add_update(
            my_chat_member={
                "chat": chat or self.chat,
                "from": self.user,
                "date": int(time.time()),
                "old_chat_member": _member(bot, old),
                "new_chat_member": _member(bot, new),
            }
        )

    def _store(self, content: bytes, path: str, *, size: int | None = None) -> Json:
        file_id = f"file-{self.world.next_number()}"
        self.world.files[file_id] = StoredFile(path, content, size or len(content))
        return {"file_id": file_id, "file_unique_id": f"unique-{file_id}", "file_size": size or len(content)}

    def _send(self, content: Json, *, chat: Json | None = None) -> Json:
        message: Json = {
            "message_id": self.world.next_message_id(),
            "from": self.user,
            "chat": chat or self.chat,
            "date": int(time.time()),
            **content,
        }
        self.world.add_update(message=message)
        return message


def _member(user: Json, status: str) -> Json:
    member: Json = {"status": status, "user": user}
    return {**member, "until_date": 0} if status == "kicked" else member


def _caption(caption: str | None) -> dict[str, Any]:
    return {} if caption is None else {"caption": caption}
