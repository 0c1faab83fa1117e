"""An update of Telegram -> what the gateway does with it. Pure: nothing is sent or stored here.

| arrives in a private chat | becomes |
|---|---|
| text | a message; `/start` and its like a command |
| a press on a button | a message of kind button with the button's token |
| the sender's own contact | a message with the telephone number; another's contact is not kept |
| photo, document, voice, audio | a message with its file, the caption as text |
| an edit of text or caption | a message of kind edit |
| video, sticker, location, poll and the like | a line that says what can be sent; a caption is kept |
| service messages, messages of bots | nothing |
In groups and channels: a line, once, and the bot leaves.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from telegram import CallbackQuery, Chat, ChatMember, ChatMemberUpdated, Message, Update, User
from telegram.constants import MessageAttachmentType, MessageType

from backoffice.client.schemas import (
    AttachmentKind,
    Channel,
    Command,
    IncomingRequest,
    MessageKind,
    TelegramSender,
)
from bot.language import language_of_text, two_letters
from bot.messages import FileReference, IncomingMessage, storable, storable_name

_LARGEST_ID = 2**52
"""Telegram's ids have at most 52 significant bits; anything beyond is no update of Telegram's."""

_COMMAND = re.compile(r"/([a-z]+)(?:@(\w+))?(?=\s|$)", re.IGNORECASE)
_COMMANDS = {command.value: command for command in Command} | {"help": Command.MENU}
_MEDIA_TYPE = re.compile(r"[a-z0-9][\w.+-]{0,60}/[a-z0-9][\w.+-]{0,80}", re.IGNORECASE)
_NOT_SERVICE = {"text", "checklist", "effect_id", "reply_to_story", "business_connection_id"} | {
    "sender_boost_count",
    "sender_business_bot",
}
_SERVICE_KINDS = frozenset(
    {kind.value for kind in MessageType} - {kind.value for kind in MessageAttachmentType} - _NOT_SERVICE
)
"""What Telegram writes by itself: somebody joined, a message was pinned, a chat got a title."""


class MalformedUpdate(Exception):
    """This is not an update that Telegram could have sent; `update_id` is what is known of it."""

    def __init__(self, update_id: int | None) -> None:
        super().__init__(update_id)
        self.update_id = update_id


@dataclass(frozen=True)
class Reading:
    """What an update asks for.

    Store `message`, say `notice` (a catalogue key), answer the press `callback_id`, `leave` the
    chat. `ignored` names why nothing is done.
    """

    update_id: int
    chat_id: int | None = None
    language_hint: str | None = None
    message: IncomingMessage | None = None
    notice: str | None = None
    callback_id: str | None = None
    leave: bool = False
    joined: bool = False
    ignored: str | None = None


def read_update(raw: Any, *, bot_id: int, username: str | None = None) -> Reading:
    """Read one update as Telegram wrote it.

    Raises:
        MalformedUpdate: it cannot be read; it must be skipped, not asked for again.
    """
    update_id = id_of(raw)
    if update_id is None or not isinstance(raw, dict):
        raise MalformedUpdate(update_id)
    try:
        return _Reader(bot_id, username, update_id).read(Update.de_json(raw, None))
    except Exception as error:  # whatever a hostile update makes a parser raise
        raise MalformedUpdate(update_id) from error


def id_of(raw: Any) -> int | None:
    """Return an update's number, or none if it has no usable one."""
    update_id = raw.get("update_id") if isinstance(raw, Mapping) else None
    usable = isinstance(update_id, int) and not isinstance(update_id, bool) and 0 <= update_id < _LARGEST_ID
    return update_id if usable else None


@dataclass(frozen=True)
class _Reader:
    bot_id: int
    username: str | None
    update_id: int

    def read(self, update: Update) -> Reading:
        if update.callback_query is not None:
            return self._press(update.callback_query)
        if update.message is not None:
            return self._message(update.message)
        if update.edited_message is not None:
            return self._edit(update.edited_message)
        if update.my_chat_member is not None:
            return self._membership(update.my_chat_member)
        return Reading(self.update_id, ignored="kind")

    def _message(self, message: Message) -> Reading:
        sender = message.from_user
        if message.chat.type != Chat.PRIVATE:
            return self._elsewhere(message.chat, sender)
        if sender is None or sender.is_bot:
            return Reading(self.update_id, message.chat.id, ignored="sender")
        if message.contact is not None:
            return self._contact(message, sender)
        if (file := _file(message)) is not None:
            return self._stored(message, sender, kind=MessageKind.ATTACHMENT, file=file)
        if not message.text:
            return self._without_text(message, sender)
        command = self._command(message.text)
        kind = MessageKind.TEXT if command is None else MessageKind.COMMAND
        return self._stored(message, sender, kind=kind, command=command)

    def _edit(self, message: Message) -> Reading:
        sender = message.from_user
        private = message.chat.type == Chat.PRIVATE
        if not private or sender is None or sender.is_bot or not (message.text or message.caption):
            return Reading(self.update_id, message.chat.id, ignored="edit")
        return self._stored(
            message,
            sender,
            kind=MessageKind.EDIT,
            second_id=f"{_second_id(message).removesuffix(':0')}:{_timestamp(message)}:{_mark(message)}",
            edited_external_id=_second_id(message),
        )

    def _contact(self, message: Message, sender: User) -> Reading:
        contact = message.contact
        phone = _phone(contact.phone_number) if contact is not None else None
        if contact is None or contact.user_id != sender.id or phone is None:
            return self._said(message.chat, sender, "telegram.contact_not_own")
        return self._stored(message, sender, kind=MessageKind.CONTACT, phone=phone)

    def _without_text(self, message: Message, sender: User) -> Reading:
        """Answer a video, sticker and the like, also kinds that Telegram has yet to invent."""
        if any(getattr(message, kind, None) for kind in _SERVICE_KINDS):
            return Reading(self.update_id, message.chat.id, ignored="service_message")
        if not message.caption:
            return self._said(message.chat, sender, "telegram.kind_not_read")
        stored = self._stored(message, sender, kind=MessageKind.TEXT)
        return Reading(
            self.update_id,
            message.chat.id,
            stored.language_hint,
            message=stored.message,
            notice="telegram.kind_not_read",
        )

    def _press(self, query: CallbackQuery) -> Reading:
        chat = query.message.chat if query.message is not None else None
        if chat is not None and chat.type != Chat.PRIVATE:
            return self._elsewhere(chat, query.from_user)
        chat_id = chat.id if chat is not None else query.from_user.id
        if not query.data:
            return Reading(self.update_id, chat_id, callback_id=query.id, ignored="press_without_data")
        request = IncomingRequest(
            channel=Channel.TELEGRAM,
            external_id=self._external_id,
            second_id=f"press:{query.id}"[:200],
            telegram=_sender(chat_id, query.from_user),
            kind=MessageKind.BUTTON,
            button=storable(query.data),
        )
        hint = request.telegram.language_hint if request.telegram else None
        return Reading(self.update_id, chat_id, hint, IncomingMessage(request), callback_id=query.id)

    def _membership(self, change: ChatMemberUpdated) -> Reading:
        joined = change.new_chat_member.status in {ChatMember.MEMBER, ChatMember.ADMINISTRATOR}
        if change.chat.type == Chat.PRIVATE or not joined:
            return Reading(self.update_id, change.chat.id, ignored="membership")
        return self._elsewhere(change.chat, change.from_user, joined=True)

    def _elsewhere(self, chat: Chat, sender: User | None, *, joined: bool = False) -> Reading:
        return Reading(
            self.update_id,
            _checked(chat.id),
            two_letters(sender.language_code if sender else None),
            # A line in a channel would be a post under its owner's name.
            notice=None if chat.type == Chat.CHANNEL else "telegram.private_only",
            leave=True,
            joined=joined,
        )

    def _said(self, chat: Chat, sender: User, key: str) -> Reading:
        return Reading(self.update_id, _checked(chat.id), two_letters(sender.language_code), notice=key)

    def _stored(
        self,
        message: Message,
        sender: User,
        *,
        kind: MessageKind,
        file: FileReference | None = None,
        command: Command | None = None,
        phone: str | None = None,
        second_id: str | None = None,
        edited_external_id: str | None = None,
    ) -> Reading:
        words = message.text or message.caption
        text = storable(words) if words else None
        who = _sender(message.chat.id, sender)
        request = IncomingRequest(
            channel=Channel.TELEGRAM,
            external_id=self._external_id,
            second_id=second_id or _second_id(message),
            telegram=who,
            kind=kind,
            text=text,
            command=command,
            language=None if command else language_of_text(text, hint=who.language_hint),
            phone=phone,
            edited_external_id=edited_external_id,
            sent_at=message.date,
        )
        return Reading(self.update_id, message.chat.id, who.language_hint, IncomingMessage(request, file))

    def _command(self, text: str) -> Command | None:
        match = _COMMAND.match(text)
        if match is None:
            return None
        addressed = match.group(2)
        if addressed and self.username and addressed.lower() != self.username.lower():
            return None
        return _COMMANDS.get(match.group(1).lower())

    @property
    def _external_id(self) -> str:
        return f"{self.bot_id}:{self.update_id}"


def _sender(chat_id: int, user: User) -> TelegramSender:
    return TelegramSender(
        chat_id=_checked(chat_id),
        user_id=_checked(user.id),
        name=storable_name(user.full_name),
        language_hint=two_letters(user.language_code),
    )


def _checked(number: int) -> int:
    if not isinstance(number, int) or isinstance(number, bool) or abs(number) >= _LARGEST_ID:
        raise ValueError("an id that Telegram does not give")
    return number


def _second_id(message: Message) -> str:
    return f"{_checked(message.chat.id)}:{_checked(message.message_id)}:0"


def _mark(message: Message) -> str:
    """Return what tells two edits of the same second apart: Telegram counts in whole seconds."""
    words = storable(message.text or message.caption or "")
    return hashlib.sha256(words.encode()).hexdigest()[:12]


def _timestamp(message: Message) -> int:
    return int((message.edit_date or message.date).timestamp())


def _phone(number: str | None) -> str | None:
    digits = re.sub(r"[^0-9]", "", number or "")
    return f"+{digits}" if 5 <= len(digits) <= 15 else None


def _file(message: Message) -> FileReference | None:
    """Return the file of a photo (its largest size), document, voice or audio message."""
    if message.photo:
        photo = max(message.photo, key=lambda size: size.width * size.height)
        return FileReference(AttachmentKind.PHOTO, photo.file_id, "image/jpeg", photo.file_size)
    # An animation carries a document too, for old clients: it is not one.
    if message.document is not None and message.animation is None:
        media_type = _media_type(message.document.mime_type, "application/octet-stream")
        return FileReference(
            AttachmentKind.DOCUMENT, message.document.file_id, media_type, message.document.file_size
        )
    sound = message.voice or message.audio
    if sound is not None:
        media_type = _media_type(sound.mime_type, "audio/ogg")
        return FileReference(AttachmentKind.VOICE, sound.file_id, media_type, sound.file_size)
    return None


def _media_type(claimed: str | None, otherwise: str) -> str:
    return claimed.lower() if claimed and _MEDIA_TYPE.fullmatch(claimed) else otherwise
