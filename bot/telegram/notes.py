"""What stands around a text on Telegram: who translated it, its original to unfold, what it corrects.

No parse mode: the original is folded by an entity, so that no letter of anybody is markup.
"""

from __future__ import annotations

from dataclasses import dataclass

from telegram import MessageEntity

from backoffice.client.schemas import Delivery
from bot.telegram.texts import MESSAGE_LIMIT, units
from translations.catalog import text

_SENTENCES = {"machine": "translated_machine", "person": "translated_person", "none": "not_translated"}


@dataclass(frozen=True)
class Noted:
    """A text with its notes, and the entities that go with it."""

    text: str
    entities: tuple[MessageEntity, ...] = ()


def with_notes(delivery: Delivery) -> Noted:
    """Return a delivery's text with the sentences that belong to it, in the person's language."""
    spoken = delivery.person_language or delivery.language
    above = [text("telegram.correction", spoken)] if delivery.corrects else []
    below = []
    if delivery.translated_by is not None:
        key = f"telegram.{_SENTENCES[delivery.translated_by]}"
        below = ["", text(key, spoken, name=delivery.staff_name or "")]
    words = "\n".join([*above, delivery.text, *below])
    return _with_original(words, delivery, spoken)


def _with_original(words: str, delivery: Delivery, spoken: str) -> Noted:
    if delivery.original is None or not delivery.original.text.strip():
        return Noted(words)
    original = delivery.original.text.strip()
    before = f"{words}\n\n{text('telegram.original', spoken)}\n"
    if units(before + original) > MESSAGE_LIMIT:
        return Noted(words)  # a text in parts has no room for it; the office has it
    folded = MessageEntity(MessageEntity.EXPANDABLE_BLOCKQUOTE, offset=units(before), length=units(original))
    return Noted(before + original, (folded,))
