"""Sends deliveries on Telegram and says what became of each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import structlog
from telegram import InlineKeyboardMarkup, LinkPreviewOptions, MessageEntity, ReplyParameters
from telegram.error import BadRequest, ChatMigrated, Forbidden, InvalidToken, RetryAfter, TelegramError

from backoffice.client.errors import BackofficeClientError
from backoffice.client.schemas import Delivery, DeliveryOutcome, DeliveryReport
from bot.pauses import Gate, Pace
from bot.telegram.chat_languages import ChatLanguages
from bot.telegram.gateway_bot import GatewayBot, seconds_of
from bot.telegram.keyboards import inline_keyboard
from bot.telegram.notes import Noted, with_notes
from bot.telegram.texts import split_text

log = structlog.get_logger(__name__)

MESSAGES_A_SECOND = 25
"""Telegram's FAQ for bots: about 30 a second over all chats."""

_LONGEST_WAIT_SECONDS = 10.0
"""How long a delivery in hand waits for the end of a 429; the backoffice's lease on it is 30 s."""

_LONGEST_BACKOFF_SECONDS = 60.0
_BAD_TOKEN_SECONDS = 60.0
_NOBODY_THERE = (
    "chat not found",
    "user is deactivated",
    "peer_id_invalid",
    "user_is_blocked",
    "bot was blocked",
)
_NO_PREVIEW = LinkPreviewOptions(is_disabled=True)


class FetchPicture(Protocol):
    """Reads a picture: its bytes and their media type."""

    async def __call__(self, attachment_id: str, *, conversation_id: str) -> tuple[bytes, str]:
        """Raise `BackofficeClientError` where there is none."""


class _Refused(Exception):
    """Telegram will not take this message as it is (400)."""


class TelegramSender:
    """Turns deliveries into messages: plain text, in parts where it is long, buttons under the last.

    Args:
        gate: shut while Telegram's 429 lasts, for everything that this process sends.
        languages: learns the language of each chat from what is delivered to it.
        pictures: fetches a picture that a delivery shows; without it none is sent.
    """

    def __init__(
        self,
        bot: GatewayBot,
        *,
        gate: Gate | None = None,
        pace: Pace | None = None,
        languages: ChatLanguages | None = None,
        pictures: FetchPicture | None = None,
    ) -> None:
        self._bot = bot
        self._gate = gate or Gate()
        self._pace = pace or Pace(MESSAGES_A_SECOND)
        self._languages = languages or ChatLanguages()
        self._pictures = pictures
        self._parts_sent: dict[str, int] = {}
        self._pictures_sent: set[str] = set()

    async def ready(self) -> None:
        """Wait until Telegram may be asked again."""
        await self._gate.passed()

    async def send(self, delivery: Delivery) -> DeliveryReport:
        """Send one delivery.

        Returns:
            `sent`; `retry` with the seconds that a 429 asks for or a growing pause after 5xx and
            silence; `unreachable` when the person blocked the bot or is gone; `failed` when
            Telegram refuses even the plain text.
        """
        self._languages.remember(delivery.chat_id, delivery.person_language or delivery.language)
        try:
            report = await self._send(delivery)
        except RetryAfter as error:
            self._gate.shut(seconds_of(error))
            report = _retry(seconds_of(error), "429")
        except (Forbidden, ChatMigrated) as error:
            report = _ended(DeliveryOutcome.UNREACHABLE, error)
        except InvalidToken as error:
            log.error("telegram.token_refused")
            self._gate.shut(_BAD_TOKEN_SECONDS)
            report = _retry(_BAD_TOKEN_SECONDS, type(error).__name__)
        except TelegramError as error:
            pause = min(2.0 ** min(delivery.attempt - 1, 10), _LONGEST_BACKOFF_SECONDS)
            report = _retry(pause, type(error).__name__)
        if report.outcome is not DeliveryOutcome.RETRY:
            self._parts_sent.pop(delivery.id, None)
            self._pictures_sent.discard(delivery.id)
        return report

    async def _send(self, delivery: Delivery) -> DeliveryReport:
        if self._gate.remaining_seconds > _LONGEST_WAIT_SECONDS:
            return _retry(self._gate.remaining_seconds, "429")
        keyboard = inline_keyboard(delivery.buttons, delivery.direction)
        await self._send_picture(delivery)
        try:
            return await self._send_parts(delivery, with_notes(delivery), keyboard)
        except _Refused:
            log.warning("telegram.refused", delivery=delivery.id, again="plain")
        try:
            return await self._send_parts(delivery, Noted(_plain(delivery)), None)
        except _Refused as refusal:
            return _ended(DeliveryOutcome.FAILED, refusal.__cause__)

    async def _send_picture(self, delivery: Delivery) -> None:
        """Send the picture before the text. One that cannot be had, or is refused, holds no words up."""
        if delivery.picture_id is None or self._pictures is None or delivery.id in self._pictures_sent:
            return
        try:
            content, _type = await self._pictures(
                delivery.picture_id, conversation_id=delivery.conversation_id
            )
        except BackofficeClientError as error:
            log.warning("telegram.picture_not_read", delivery=delivery.id, error=type(error).__name__)
            return
        await self._gate.passed()
        await self._pace.passed()
        try:
            await self._bot.send_photo(delivery.chat_id, content)
        except BadRequest:
            log.warning("telegram.picture_refused", delivery=delivery.id)
        self._pictures_sent.add(delivery.id)

    async def _send_parts(
        self, delivery: Delivery, noted: Noted, keyboard: InlineKeyboardMarkup | None
    ) -> DeliveryReport:
        message_id: int | None = None
        parts = split_text(noted.text)
        if not parts:
            raise _Refused
        # What a 429 or an outage interrupted goes on where it stopped.
        for index in range(self._parts_sent.get(delivery.id, 0), len(parts)):
            last = index == len(parts) - 1
            message_id = await self._send_part(
                delivery.chat_id,
                parts[index],
                keyboard if last else None,
                entities=noted.entities if parts[index] == noted.text else (),
                reply_to=delivery.reply_to if index == 0 else None,
            )
            self._parts_sent[delivery.id] = index + 1
        return DeliveryReport(
            outcome=DeliveryOutcome.SENT, provider_id=None if message_id is None else str(message_id)
        )

    async def _send_part(
        self,
        chat_id: int,
        part: str,
        keyboard: InlineKeyboardMarkup | None,
        *,
        entities: Sequence[MessageEntity] = (),
        reply_to: str | None = None,
    ) -> int:
        await self._gate.passed()
        await self._pace.passed()
        try:
            message = await self._bot.send_message(
                chat_id,
                part,
                reply_markup=keyboard,
                link_preview_options=_NO_PREVIEW,
                entities=entities or None,
                reply_parameters=_reply(reply_to),
            )
        except BadRequest as error:
            if any(sign in error.message.lower() for sign in _NOBODY_THERE):
                raise Forbidden(error.message) from error
            raise _Refused from error
        return message.message_id


def _plain(delivery: Delivery) -> str:
    """Return the words of a message and of its buttons, when Telegram refuses what goes with them."""
    return "\n".join([with_notes(delivery).text, *(f"• {button.label}" for button in delivery.buttons)])


def _reply(message_id: str | None) -> ReplyParameters | None:
    """Return a link to an earlier message. One that the person has deleted must not hold the new one up."""
    if message_id is None or not message_id.isdecimal():
        return None
    return ReplyParameters(int(message_id), allow_sending_without_reply=True)


def _retry(seconds: float, error: str) -> DeliveryReport:
    return DeliveryReport(outcome=DeliveryOutcome.RETRY, retry_after_seconds=seconds, error=error)


def _ended(outcome: DeliveryOutcome, error: BaseException | None) -> DeliveryReport:
    reason = error.message if isinstance(error, TelegramError) else "nothing to send"
    return DeliveryReport(outcome=outcome, error=reason[:300])
