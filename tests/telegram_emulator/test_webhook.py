"""The emulated Telegram brings updates as the Bot API's server does."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from tests.telegram_emulator.people import Person
from tests.telegram_emulator.webhook import WebhookDelivery
from tests.telegram_emulator.world import Webhook, World

FIRST, SECOND = 11, 12


class Receiver(ThreadingHTTPServer):
    """Takes updates; refuses as many of each chat's first ones as it is told."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.refuse = {FIRST: 0, SECOND: 0}
        self.asked: list[tuple[int, str, bool]] = []
        self.lock = threading.Lock()

    def texts(self, chat: int, *, taken: bool) -> list[str]:
        with self.lock:
            return [text for who, text, was_taken in self.asked if who == chat and was_taken is taken]


class Handler(BaseHTTPRequestHandler):
    server: Receiver

    def do_POST(self) -> None:
        message = json.loads(self.rfile.read(int(self.headers["Content-Length"])))["message"]
        chat = message["from"]["id"]
        with self.server.lock:
            taken = self.server.refuse[chat] == 0
            self.server.refuse[chat] -= not taken
            self.server.asked.append((chat, message["text"], taken))
        self.send_response(200 if taken else 503)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with Receiver() as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def bring(receiver: Receiver, *, lost_answers: float = 0.0) -> World:
    world = World()
    world.webhook = Webhook(f"http://127.0.0.1:{receiver.server_port}/", "secret")
    for number in range(3):
        for chat in (FIRST, SECOND):
            Person(world, chat).send_text(f"word {number}")
    delivery = WebhookDelivery(world, lost_answers=lost_answers, seed=1)
    delivery.start()
    try:
        world.wait_for(lambda: not world.updates, seconds=30)
    finally:
        delivery.stop()
    return world


def test_a_chat_waits_for_its_own_update_and_not_for_anothers(receiver: Receiver) -> None:
    receiver.refuse[FIRST] = 1
    bring(receiver)
    in_order = [f"word {number}" for number in range(3)]
    assert receiver.texts(FIRST, taken=False) == ["word 0"]
    assert receiver.texts(FIRST, taken=True) == in_order
    assert receiver.texts(SECOND, taken=True) == in_order
    first_again = receiver.asked.index((FIRST, "word 0", True))
    assert receiver.asked.index((SECOND, "word 2", True)) < first_again


def test_an_update_whose_answer_was_lost_comes_again_before_the_next(receiver: Receiver) -> None:
    bring(receiver, lost_answers=0.4)
    for chat in (FIRST, SECOND):
        brought = receiver.texts(chat, taken=True)
        assert brought == sorted(brought)
        assert set(brought) == {f"word {number}" for number in range(3)}
    assert len(receiver.asked) > 6
