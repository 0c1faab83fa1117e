"""The checker finds each anomaly, and nothing in a history that is as it should be."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from tests.campaign.checker import PROMISES, Verdict, check
from tests.campaign.history import (
    Accepted,
    AssignmentRow,
    CaseRow,
    Claimed,
    ConversationRow,
    Delivered,
    DeliveryRow,
    Event,
    FloorRow,
    History,
    InboxRow,
    Killed,
    Ledger,
    MessageRow,
    Replied,
    Sent,
    Shown,
    Told,
    TrackerRow,
)


def message(seq: int, author: str, text: str, **about: object) -> MessageRow:
    row = MessageRow("c", seq, author, None, text, for_everybody=True)
    return replace(row, **about)  # type: ignore[arg-type]


def good_events() -> list[Event]:
    """A person writes twice on the web, is answered, taken over, and handed back; a chat gets one answer."""
    return [
        Sent(1, "k1", "p", "first #1"),
        Accepted(2, "k1", 1),
        Shown(3, "c", 1, "citizen"),
        Shown(4, "c", 2, "assistant"),
        Claimed(5, "c", "Amina", 3),
        Shown(5, "c", 3, "system"),
        Replied(6, "c", "Amina", 3, "reply #1"),
        Shown(7, "c", 4, "mediator"),
        Shown(8, "c", 5, "system"),
        Sent(9, "k2", "p", "second #2"),
        Accepted(10, "k2", 6),
        Shown(11, "c", 6, "citizen"),
        Shown(12, "c", 7, "assistant"),
        Told(12, "p", "N1"),
        Sent(20, "t1", "q", "hello #3"),
        Accepted(21, "t1", None),
        Delivered(22, 9, "hi", ("b1",), withheld=False),
        Delivered(23, 9, "there", (), withheld=False),
    ]


def good_ledger() -> Ledger:
    return Ledger(
        conversations=[
            ConversationRow("c", None, "assistant", 4, 7),
            ConversationRow("t", 9, "assistant", 1, 3),
        ],
        messages=[
            message(1, "citizen", "first #1"),
            message(2, "assistant", "answer"),
            message(3, "system", "Amina writes now", mark="joined"),
            message(4, "mediator", "reply #1"),
            message(5, "system", "back", mark="handed_back"),
            message(6, "citizen", "second #2"),
            message(7, "assistant", "answer"),
            message(1, "citizen", "hello #3", conversation="t"),
            message(2, "assistant", "hi", conversation="t", buttons=("b1",)),
            message(3, "assistant", "there", conversation="t"),
        ],
        inbox=[
            InboxRow("u1", "k1", "c", 1, "done"),
            InboxRow("u2", "k2", "c", 6, "done"),
            InboxRow("u3", "t1", "t", 1, "done"),
        ],
        deliveries=[DeliveryRow("t", 2, "sent", 22.5), DeliveryRow("t", 3, "sent", 23.5)],
        floor=[FloorRow("c", 2, "waiting"), FloorRow("c", 3, "mediator"), FloorRow("c", 4, "assistant")],
        assignments=[AssignmentRow("c", 3, "Amina")],
        cases=[CaseRow("N1", "c", "housing")],
        tracker=[
            TrackerRow("c", "u1", None),
            TrackerRow("c", None, "answer"),
            TrackerRow("c", "u2", None),
            TrackerRow("c", None, "answer"),
            TrackerRow("t", "u3", None),
            TrackerRow("t", None, "hi"),
            TrackerRow("t", None, "there"),
        ],
    )


def verdict(events: list[Event], ledger: Ledger) -> Verdict:
    return check(History(events), ledger)


def broken(events: list[Event], ledger: Ledger) -> set[str]:
    found = verdict(events, ledger)
    assert not found.holds
    return {promise for promise, anomalies in found.broken.items() if anomalies}


def test_nothing_is_found_where_nothing_is_wrong() -> None:
    found = verdict(good_events(), good_ledger())
    assert found.holds
    assert found.broken == {promise: [] for promise in PROMISES}
    assert (found.repeated_after_kills, found.send_windows, found.withheld) == (0, 0, 0)


def change(rows: list[MessageRow], number: int, /, **about: object) -> None:
    for place, row in enumerate(rows):
        if (row.conversation, row.seq) == ("c", number):
            rows[place] = replace(row, **about)  # type: ignore[arg-type]


Change = Callable[[list[Event], Ledger], object]

CHANGES: list[tuple[str, str, Change]] = [
    ("lost", "an accepted message that is not stored", lambda e, ledger: ledger.inbox.pop(1)),
    ("lost", "an accepted message under another number", lambda e, ledger: e.append(Accepted(30, "k2", 9))),
    ("lost", "other words", lambda e, ledger: change(ledger.messages, 1, text="else #1")),
    ("lost", "a mediator's words", lambda e, ledger: e.append(Replied(30, "c", "Amina", 3, "gone #9"))),
    ("lost", "a message that the page skipped", lambda e, ledger: e.remove(Shown(7, "c", 4, "mediator"))),
    ("lost", "a delivery that never came", lambda e, ledger: e.pop()),
    ("lost", "words from nowhere", lambda e, ledger: e.append(Delivered(30, 9, "?", (), withheld=False))),
    (
        "lost",
        "a turn that nobody takes",
        lambda e, ledger: ledger.inbox.append(InboxRow("u9", "k9", "c", 6, "pending")),
    ),
    (
        "lost",
        "a turn that waits though the assistant has the floor",
        lambda e, ledger: ledger.inbox.append(InboxRow("u9", "k9", "c", 6, "deferred")),
    ),
    (
        "processed twice",
        "the same key twice",
        lambda e, ledger: ledger.inbox.append(InboxRow("u8", "k1", "c", 6, "done")),
    ),
    (
        "processed twice",
        "the same words twice",
        lambda e, ledger: change(ledger.messages, 6, text="first #1"),
    ),
    (
        "processed twice",
        "a turn made twice",
        lambda e, ledger: ledger.tracker.append(TrackerRow("c", "u2", None)),
    ),
    ("processed twice", "an answer said twice", lambda e, ledger: ledger.tracker.pop(3)),
    (
        "side effects twice",
        "a second case",
        lambda e, ledger: ledger.cases.append(CaseRow("N2", "c", "housing")),
    ),
    ("side effects twice", "a number without case", lambda e, ledger: ledger.cases.clear()),
    (
        "order inversions",
        "a sender's messages",
        lambda e, ledger: e.append(Sent(0.5, "k2", "p", "second #2")),
    ),
    (
        "order inversions",
        "turns",
        lambda e, ledger: ledger.tracker.insert(0, TrackerRow("c", "u2", None)),
    ),
    ("order inversions", "a page", lambda e, ledger: e.append(Shown(0.5, "c", 7, "assistant"))),
    (
        "order inversions",
        "a chat",
        lambda e, ledger: e.append(Delivered(30, 9, "hi", ("b1",), withheld=True)),
    ),
    ("gaps in numbers", "a number is missing", lambda e, ledger: change(ledger.messages, 7, seq=8)),
    (
        "two holders of an epoch",
        "two were told that it is theirs",
        lambda e, ledger: e.append(Claimed(30, "c", "Olena", 3)),
    ),
    (
        "two holders of an epoch",
        "somebody acted in an epoch that was nobody's",
        lambda e, ledger: ledger.assignments.clear(),
    ),
    (
        "two holders of an epoch",
        "an epoch twice",
        lambda e, ledger: ledger.floor.append(FloorRow("c", 3, "waiting")),
    ),
    (
        "bot text inside a takeover",
        "the assistant",
        lambda e, ledger: change(ledger.messages, 4, author="assistant"),
    ),
    (
        "bot text inside a takeover",
        "a mediator without the floor",
        lambda e, ledger: change(ledger.messages, 3, mark=""),
    ),
    (
        "shown twice on the web",
        "a repeat on the stream",
        lambda e, ledger: e.append(Shown(13, "c", 7, "assistant")),
    ),
    (
        "sent twice on Telegram without a reason",
        "a repeat on Telegram",
        lambda e, ledger: e.append(Delivered(24, 9, "there", (), withheld=False)),
    ),
]


@pytest.mark.parametrize(("promise", "what", "harm"), CHANGES, ids=[what for _, what, _ in CHANGES])
def test_each_anomaly_is_found(promise: str, what: str, harm: Change) -> None:
    events, ledger = good_events(), good_ledger()
    harm(events, ledger)
    assert promise in broken(events, ledger), what


def test_a_repeat_is_allowed_when_the_bot_died_in_between_or_never_got_its_answer() -> None:
    again = Delivered(25, 9, "there", (), withheld=False)
    died = verdict([*good_events(), Killed(24, "bot", 1, "random"), again], good_ledger())
    assert died.holds
    assert (died.repeated_after_kills, died.send_windows) == (1, 1)
    events = [
        replace(event, withheld=True) if isinstance(event, Delivered) and event.text == "there" else event
        for event in good_events()
    ]
    silent = verdict([*events, again], good_ledger())
    assert silent.holds
    assert (silent.repeated_after_silence, silent.withheld) == (1, 1)


def test_the_death_of_another_process_excuses_no_repeat() -> None:
    events = [*good_events(), Killed(24, "rasa", 1, "random"), Delivered(25, 9, "there", (), withheld=False)]
    assert broken(events, good_ledger()) == {"sent twice on Telegram without a reason"}


def test_an_answer_that_was_thought_of_and_not_said_is_no_anomaly() -> None:
    ledger = good_ledger()
    ledger.tracker.insert(2, TrackerRow("c", None, "suppressed, or given up"))
    assert verdict(good_events(), ledger).holds
