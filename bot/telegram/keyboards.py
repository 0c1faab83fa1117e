"""Buttons under a message, and the commands in Telegram's menu."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from telegram import BotCommand, InlineKeyboardButton, InlineKeyboardMarkup

from backoffice.client.schemas import Button, Command
from translations.catalog import text

_SHORT = 14
"""Up to this many letters two buttons share a row on a narrow phone."""

_LABEL_LIMIT = 64


def inline_keyboard(
    buttons: Sequence[Button], direction: Literal["ltr", "rtl"]
) -> InlineKeyboardMarkup | None:
    """Return the buttons in rows of one or two; the token is what a press sends back.

    Telegram lays every row out from the left: a row in a right-to-left language is turned round.
    """
    rows: list[list[InlineKeyboardButton]] = []
    for button in buttons:
        key = InlineKeyboardButton(button.label[:_LABEL_LIMIT], callback_data=button.token)
        fits = rows and len(rows[-1]) == 1 and max(len(rows[-1][0].text), len(key.text)) <= _SHORT
        if fits:
            rows[-1].append(key)
        else:
            rows.append([key])
    if direction == "rtl":
        rows = [row[::-1] for row in rows]
    return InlineKeyboardMarkup(rows) if rows else None


def command_menu(language: str) -> list[BotCommand]:
    """Return the six commands with their descriptions in one language."""
    return [
        BotCommand(command.value, text(f"telegram.command.{command.value}", language)) for command in Command
    ]
