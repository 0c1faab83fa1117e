"""The guide walked through on the real processes: a permit that ends, its day, the list, the place."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import httpx
import pytest

from actions.replies import Replies
from backoffice.italy import day_in_italy
from tests.stack.people import Message, WebCitizen
from tests.stack.processes import Stack
from translations.catalog import text

pytestmark = pytest.mark.stack

LANGUAGE = "uk"


def test_a_permit_is_renewed_in_small_steps_with_its_day_its_list_and_its_place(stack: Stack) -> None:
    olena = WebCitizen(stack.bot_url, LANGUAGE)
    olena.ask("Як продовжити посвідку на проживання?")
    _pressed(olena, text("guide_steps.button.not_eu", LANGUAGE))
    told = _pressed(olena, text("guide_topics.residence_permit.renew.option", LANGUAGE))
    assert text("guide_topics.residence_permit.renew.bring", LANGUAGE) in told["text"]

    asked = _pressed(olena, text("guide_topics.aspect.deadline", LANGUAGE))
    assert text("guide_steps.date.permit_expiry.ask", LANGUAGE) in asked["text"]
    ends = day_in_italy(datetime.now(UTC)) + timedelta(days=200)
    answer = olena.ask(f"{ends.day}.{ends.month}.{ends.year}")[-1]
    assert _day(ends - timedelta(days=60)) in answer["text"]

    saved = _pressed(olena, text("guide_steps.button.save", LANGUAGE))
    assert "Паспорт" in saved["text"]
    card = _pressed(olena, text("guide_steps.button.card", LANGUAGE))
    (link,) = (word for word in card["text"].split() if "/checklist/" in word)
    sheet = httpx.get(stack.backoffice_url + httpx.URL(link).path, timeout=20)
    assert (sheet.status_code, sheet.content[:5]) == (200, b"%PDF-")

    olena.ask("Як продовжити посвідку на проживання?")
    _pressed(olena, text("guide_steps.button.not_eu", LANGUAGE))
    _pressed(olena, text("directory.button.where", LANGUAGE))
    places = _pressed(olena, "Crema")
    assert "Crema" in places["text"]
    assert places["buttons"]


def _pressed(citizen: WebCitizen, label: str) -> Message:
    """Press a button and return the last that is said to it."""
    return citizen.answer_to(citizen.press(label))[-1]


def _day(day: date) -> str:
    return Replies(LANGUAGE).day(day)
