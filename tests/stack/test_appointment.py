"""An appointment from "I want to come" to its end, in Ukrainian, by buttons, with the desk beside it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import httpx
import pytest
from icalendar import Calendar

from backoffice.italy import day_in_italy
from tests.stack.people import Message, StaffMember, WebCitizen
from tests.stack.processes import Stack
from translations.catalog import text

pytestmark = pytest.mark.stack

LANGUAGE = "uk"


def test_somebody_books_moves_and_cancels_an_appointment_and_the_desk_sees_it(
    stack: Stack, caseworker: StaffMember
) -> None:
    olena = WebCitizen(stack.bot_url, LANGUAGE)
    olena.ask("хочу записатись на прийом")
    _pressed(olena, _button("topic_documents"))
    _pressed(olena, _offered(olena, 0))
    _pressed(olena, _offered(olena, 0))
    booked = _pressed(olena, _button("yes"))
    assert booked["text"].startswith("Вас записано.\n")
    before = _calendar(stack, booked)
    assert [each["state"] for each in _of(caseworker, before["DTSTART"].dt)] == ["booked"]

    _pressed(olena, _button("move"))
    _pressed(olena, _offered(olena, 1))
    _pressed(olena, _offered(olena, 0))
    _pressed(olena, _button("yes"))
    after = _calendar(stack, booked)
    assert after["UID"] == before["UID"]
    assert after["DTSTART"].dt > before["DTSTART"].dt
    (seen,) = _of(caseworker, after["DTSTART"].dt)
    assert (seen["state"], seen["language"], seen["topic"]) == ("booked", LANGUAGE, "documents")
    assert _of(caseworker, before["DTSTART"].dt) == []

    _pressed(olena, _button("cancel"))
    _pressed(olena, _button("cancel_yes"))
    assert caseworker.get(f"/appointments/{seen['id']}")["state"] == "cancelled"
    assert _calendar(stack, booked)["STATUS"] == "CANCELLED"


def _pressed(citizen: WebCitizen, label: str) -> Message:
    """Press a button and return what is said to it."""
    return citizen.answer_to(citizen.press(label))[-1]


def _offered(citizen: WebCitizen, number: int) -> str:
    """Return the label of a button under the last message: a day, or an hour."""
    return str(citizen.messages()[-1]["buttons"][number]["label"])


def _button(key: str) -> str:
    return text(f"system.button.appointment_{key}", LANGUAGE)


def _calendar(stack: Stack, booked: Message) -> Any:
    """Read the calendar file whose address was told."""
    (link,) = (word for word in booked["text"].split() if word.endswith(".ics"))
    file = httpx.get(stack.backoffice_url + httpx.URL(link).path, timeout=20)
    assert file.status_code == 200, file.text
    return Calendar.from_ical(file.content).walk("VEVENT")[0]


def _of(desk: StaffMember, moment: datetime) -> list[Any]:
    """Return what stands in the desk's calendar at a moment."""
    day = day_in_italy(moment).isoformat()
    found = desk.get("/appointments", first=day, last=day)["items"]
    return [each for each in found if datetime.fromisoformat(each["starts_at"]) == moment]
