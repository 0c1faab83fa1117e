"""What stands around a mediator's words on Telegram."""

from __future__ import annotations

import pytest
from telegram import MessageEntity

from backoffice.client.schemas import Original
from bot.telegram.notes import with_notes
from bot.telegram.texts import MESSAGE_LIMIT
from tests.bot.fakes import delivery
from translations.catalog import text
from translations.languages import SUPPORTED

ORIGINAL = Original(text="Serve il permesso 😀.", language="it")


def test_words_that_nobody_translated_stand_alone() -> None:
    assert with_notes(delivery(text="Ciao")).text == "Ciao"


@pytest.mark.parametrize("language", SUPPORTED)
@pytest.mark.parametrize(
    ("by", "key"),
    [("machine", "translated_machine"), ("person", "translated_person"), ("none", "not_translated")],
)
def test_the_person_reads_who_translated(language: str, by: str, key: str) -> None:
    noted = with_notes(delivery(text="Ciao", translated_by=by, staff_name="Sara", person_language=language))
    assert noted.text == f"Ciao\n\n{text(f'telegram.{key}', language, name='Sara')}"


def test_the_original_can_be_unfolded() -> None:
    noted = with_notes(
        delivery(text="😀 так", translated_by="machine", original=ORIGINAL, person_language="uk")
    )
    (entity,) = noted.entities
    assert entity.type == MessageEntity.EXPANDABLE_BLOCKQUOTE
    units = noted.text.encode("utf-16-le")
    start, end = 2 * entity.offset, 2 * (entity.offset + entity.length)
    assert units[start:end].decode("utf-16-le") == ORIGINAL.text


def test_a_long_text_goes_without_its_original() -> None:
    noted = with_notes(delivery(text="а" * MESSAGE_LIMIT, translated_by="machine", original=ORIGINAL))
    assert ORIGINAL.text not in noted.text
    assert noted.entities == ()


def test_a_correction_says_so_first() -> None:
    noted = with_notes(delivery(text="Нове", corrects=True, person_language="uk"))
    assert noted.text == f"{text('telegram.correction', 'uk')}\nНове"
