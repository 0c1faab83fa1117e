"""What people ask that the guide does not answer: counted, small numbers hidden, marked by mediators."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import product

import httpx
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from backoffice.client.schemas import ConsentGiven, MisunderstoodMessage
from backoffice.conversation.models import Message
from backoffice.guide.topics import read_guide
from backoffice.guide_report.figures import Figure, by_month
from backoffice.guide_report.queries import gap_figures
from backoffice.review.errors import NoSuchMeaning
from backoffice.review.intents import GUIDE_INTENTS
from backoffice.review.models import ReviewItem
from backoffice.review.service import give_message, label_item
from backoffice.staff.roles import Role
from tests.backoffice.factories import (
    NOW,
    create_conversation,
    create_front_door,
    create_staff,
    send,
    sign_in,
)


def give(session: Session, language: str, *, now: datetime = NOW) -> ReviewItem:
    conversation = create_conversation(session, language=language)
    send(session, conversation, "non capito")
    written = select(Message.id).where(Message.conversation_id == conversation.id)
    given = MisunderstoodMessage(
        conversation_id=conversation.id,
        turn_id=session.scalars(written).one(),
        language=language,
        consent=ConsentGiven(purpose="understanding", text_version="1", text="?", language="it"),
    )
    return give_message(session, given, now=now)


def label(session: Session, item: ReviewItem, *, intent: str = "out_of_scope", gap: str = "") -> None:
    staff = create_staff(session)
    label_item(
        session, item, staff=staff, intent=intent, language=item.language, text="x", now=NOW, guide_gap=gap
    )


def test_the_topics_that_can_be_marked_are_those_of_the_guide() -> None:
    assert tuple(f"ask_{topic}" for topic in read_guide().topics) == GUIDE_INTENTS


def test_messages_are_counted_by_month_language_and_what_their_reader_said(session: Session) -> None:
    for number in range(12):
        item = give(session, "ar" if number < 6 else "uk")
        if number % 2:
            label(session, item, gap="ask_benefits")
    give(session, "ar", now=NOW - timedelta(days=400))

    figures, topics = gap_figures(session, create_front_door(session).id, now=NOW)

    assert [(figure.code, figure.total) for figure in figures] == [
        ("not_understood", 12),
        ("out_of_scope", 6),
        ("guide_gap", 6),
    ]
    assert figures[0].months[0].month == "2026-12"
    assert figures[0].months[0].counts.parts == [("ar", 6), ("uk", 6)]
    assert figures[1].months[0].counts.parts == [("ar", None), ("uk", None)]
    assert topics == {"ask_benefits": 6}


def test_a_topic_that_the_guide_does_not_know_is_refused(session: Session) -> None:
    item = give(session, "ar")

    with pytest.raises(NoSuchMeaning):
        label(session, item, gap="ask_football")
    label(session, item, gap="other")
    assert item.guide_gap == "other"


def possible(figure: Figure, most: int) -> dict[tuple[str, str], set[int]]:
    """Return what each hidden cell of two months and two languages may be, from all that is shown."""
    places = [(line.month, language) for line in figure.months for language, _ in line.counts.parts]
    known = {(line.month, language): count for line in figure.months for language, count in line.counts.parts}
    found: dict[tuple[str, str], set[int]] = {place: set() for place in places if known[place] is None}
    choices = [range(1, most + 1) if known[place] is None else [known[place]] for place in places]
    for values in product(*choices):
        guess = {place: value or 0 for place, value in zip(places, values, strict=True)}
        months = {
            line.month: sum(guess[line.month, code] for code in figure.languages) for line in figure.months
        }
        fits = figure.total in (None, sum(months.values())) and all(
            line.counts.total in (None, months[line.month]) for line in figure.months
        )
        if fits:
            for place in found:
                found[place].add(guess[place])
    return found


@pytest.mark.parametrize(
    "counts", [(9, 3, 8, 7), (2, 0, 9, 9), (9, 4, 4, 9), (5, 1, 0, 12), (1, 1, 1, 1), (6, 6, 2, 1)]
)
def test_no_hidden_cell_can_be_worked_out(counts: tuple[int, int, int, int]) -> None:
    places = list(product(("2026-11", "2026-12"), ("ar", "uk")))
    figure = by_month("guide_gap", {place: n for place, n in zip(places, counts, strict=True) if n})

    shown = {(line.month, code): count for line in figure.months for code, count in line.counts.parts}
    assert not [count for count in shown.values() if count is not None and 0 < count < 5]
    for values in possible(figure, most=15).values():
        assert len(values) > 1


@pytest.mark.parametrize("role", list(Role))
async def test_the_report_is_for_coordinators_and_planners(
    http: httpx.AsyncClient, session: Session, role: Role
) -> None:
    headers = sign_in(session, create_staff(session, roles=frozenset({role})))
    session.commit()

    answer = await http.get("/guide/gaps", headers=headers)

    assert (answer.status_code == 200) is (role in (Role.COORDINATOR, Role.PLANNER))
