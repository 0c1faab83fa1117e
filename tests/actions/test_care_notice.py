"""Days of notice, worked out with the person's own answers."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from actions.care_notice import NoticeForm, TellNotice
from actions.slots import NOTICE_FORM
from backoffice.client.errors import BackofficeUnavailable
from backoffice.client.schemas import CareNotice, NoticeBy
from tests.actions.fakes import FakeBackoffice
from tests.actions.trackers import Outcome, act, tracker
from translations.languages import SUPPORTED

ANSWERS: dict[str, Any] = {"ended_by": "family", "hours_week": 30, "years_with_family": 3}


def answer(asked: str, typed: str = "", *, known: dict[str, Any] | None = None, **message: Any) -> Outcome:
    slots = {**(known or {}), "form_progress": {"form": NOTICE_FORM}}
    return act(NoticeForm, tracker(text=typed, slots=slots, form=NOTICE_FORM, asked=asked, **message))


def told(backoffice: FakeBackoffice | None = None, *, language: str = "it", **changes: Any) -> Outcome:
    slots = {**ANSWERS, **changes, "form_progress": {"form": NOTICE_FORM}}
    at = tracker("deny", "no", slots=slots, language=language)
    return act(TellNotice, at, backoffice or FakeBackoffice())


@pytest.mark.parametrize(("by", "then"), [("family", "after_maternity"), ("worker", None)])
def test_maternity_is_asked_only_where_the_family_ends_the_work(by: str, then: str | None) -> None:
    said = answer("years_with_family", "3", known={"ended_by": by, "hours_week": 30})
    assert said.slots["requested_slot"] == then


@pytest.mark.parametrize(
    ("language", "typed", "by"),
    [
        ("it", "la famiglia", "family"),
        ("uk", "я йду", "worker"),
        ("zh", "我自己走", "worker"),
        ("ar", "العائلة", "family"),
    ],
)
def test_who_ends_it_is_heard_in_own_words(language: str, typed: str, by: str) -> None:
    assert answer("ended_by", typed, language=language).slots["ended_by"] == by


def test_the_days_are_told_with_their_source() -> None:
    backoffice = FakeBackoffice()
    said = told(backoffice)
    [asked] = backoffice.notices
    assert (asked.on, asked.ends_by, asked.near_maternity) == (date(2026, 11, 23), NoticeBy.FAMILY, False)
    assert (asked.hours_week, asked.years_with_employer) == (30, Decimal(3))
    assert "Giorni di preavviso: 15" in said.text
    assert "• contratticcnl.it: senza data" in said.text
    assert "TFR" in said.text


def test_after_maternity_they_are_said_to_be_doubled() -> None:
    backoffice = FakeBackoffice()
    backoffice.notice = CareNotice(days=30, doubled=True)
    assert "il doppio" in told(backoffice, after_maternity="yes").text
    assert backoffice.notices[0].near_maternity


def test_where_the_source_does_not_decide_both_are_told_and_the_desk_is_asked() -> None:
    backoffice = FakeBackoffice()
    backoffice.notice = CareNotice(days=None, possible_days=[7, 8])
    said = told(backoffice, ended_by="worker")
    assert "7 / 8" in said.text
    assert said.says("bot.care_ask_desk")
    backoffice.notice = CareNotice(days=None)
    assert told(backoffice).says("bot.notice_unknown")


@pytest.mark.parametrize("language", SUPPORTED)
def test_every_language_tells_the_days(language: str) -> None:
    said = told(language=language)
    assert "15" in said.text
    assert "{" not in said.text


def test_days_that_cannot_be_had_now_can_be_tried_again() -> None:
    backoffice = FakeBackoffice()
    backoffice.failure = BackofficeUnavailable("down")
    assert "/count_notice" in told(backoffice).payloads
