"""The last copy of the guide: kept whole, read back, made again and again."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import pytest

from backoffice.client.errors import BackofficeUnavailable, NotFound
from backoffice.client.guide_copy import FRESH_SECONDS, RETRY_SECONDS, GuideCopies, keep_copies
from backoffice.client.schemas import GuideCopy
from tests.bot.guide_copies import MADE_AT, copied_guide

NOW = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)


@pytest.fixture
def copies(tmp_path: Path) -> GuideCopies:
    return GuideCopies(tmp_path)


class ScriptedGuide:
    """Gives copies, or what the script says; ends the loop after a number of rounds."""

    def __init__(self, *failures: Exception | None) -> None:
        self.script = list(failures)
        self.asked: list[str] = []
        self.slept: list[float] = []
        self.rounds = 1

    async def read_guide_copy(self, language: str) -> GuideCopy:
        self.asked.append(language)
        if self.script and (error := self.script.pop(0)) is not None:
            raise error
        return copied_guide(language)

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        if len(self.slept) == self.rounds:
            raise asyncio.CancelledError


async def copy_until_cancelled(guide: ScriptedGuide, copies: GuideCopies, *languages: str) -> None:
    with pytest.raises(asyncio.CancelledError):
        await keep_copies(guide, copies, languages, sleep=guide.sleep)


def test_where_nothing_was_copied_there_is_no_answer(copies: GuideCopies) -> None:
    assert copies.read("uk") is None
    assert copies.answer("tax_code", "uk", now=NOW) is None


def test_a_copy_is_read_back_as_it_was_kept_and_replaced_by_the_next(copies: GuideCopies) -> None:
    copies.keep(copied_guide("uk"))
    newer = copied_guide("uk").model_copy(update={"made_at": NOW})
    copies.keep(newer)

    assert copies.read("uk") == newer
    assert copies.read("it") is None


def test_a_copied_answer_says_when_it_was_copied(copies: GuideCopies) -> None:
    copies.keep(copied_guide())

    answer = copies.answer("tax_code", "it", now=NOW)

    assert answer is not None
    assert (answer.copied_at, answer.call_first) == (MADE_AT, False)
    assert copies.answer("football", "it", now=NOW) is None


def test_a_copy_that_outlives_its_facts_says_call_first(copies: GuideCopies) -> None:
    copies.keep(copied_guide())
    last_minute = datetime(2026, 12, 31, 22, 59, tzinfo=UTC)
    midnight = datetime(2026, 12, 31, 23, 0, tzinfo=UTC)

    still_good = copies.answer("residence_permit", "it", now=last_minute)
    too_old = copies.answer("residence_permit", "it", now=midnight)

    assert still_good is not None
    assert too_old is not None
    assert (still_good.call_first, too_old.call_first) == (False, True)


@pytest.mark.parametrize("content", [b"", b"{", b"\xff\xfe", b'{"language": "it"}'])
def test_a_copy_that_cannot_be_read_counts_as_none(
    copies: GuideCopies, tmp_path: Path, content: bytes
) -> None:
    copies.keep(copied_guide())
    (tmp_path / "guide" / "it.json").write_bytes(content)

    assert copies.read("it") is None
    copies.keep(copied_guide())
    assert copies.read("it") == copied_guide()


async def test_every_language_is_copied_and_again_when_it_is_no_longer_fresh(copies: GuideCopies) -> None:
    guide = ScriptedGuide()
    guide.rounds = 2

    await copy_until_cancelled(guide, copies, "it", "ar")

    assert guide.asked == ["it", "ar", "it", "ar"]
    assert guide.slept == [FRESH_SECONDS, FRESH_SECONDS]
    assert copies.read("ar") == copied_guide("ar")


async def test_while_the_backoffice_is_away_the_copies_stay_and_are_tried_again_soon(
    copies: GuideCopies,
) -> None:
    copies.keep(copied_guide("it"))
    guide = ScriptedGuide(BackofficeUnavailable("away"))

    await copy_until_cancelled(guide, copies, "it", "ar")

    assert guide.slept == [RETRY_SECONDS]
    assert copies.read("it") == copied_guide("it")


async def test_one_language_that_fails_does_not_keep_the_others(copies: GuideCopies) -> None:
    guide = ScriptedGuide(NotFound(404, "not_found", "no"))

    await copy_until_cancelled(guide, copies, "it", "ar")

    assert guide.slept == [RETRY_SECONDS]
    assert copies.read("it") is None
    assert copies.read("ar") == copied_guide("ar")
