"""Each connection between two parts, harmed in each way: the person gets the answer, and nothing is lost."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass

import pytest

from tests.stack.fault_proxy import Fault, FaultProxy, Kind, fault_proxy
from tests.stack.people import StaffMember, WebCitizen
from tests.stack.processes import Stack, free_port, new_stack, wait_for
from tests.stack.telegram_citizen import TelegramCitizen
from tests.stack.test_kills import check_history
from tests.telegram_emulator.server import TelegramEmulator, run_emulator

pytestmark = [pytest.mark.stack, pytest.mark.timeout(600)]

QUESTION = "Where is your office?"
TOLD_SECONDS = 60.0
"""Ten seconds are the promise (test_outages.py holds it); the rest is for seven such talks at once."""
ANSWERED_SECONDS = 75.0


@dataclass(frozen=True)
class Connection:
    """Who calls whom, and how a request between them begins."""

    name: str
    proxy: str
    mark: bytes


WEB = (
    Connection("bot to backoffice, a message", "backoffice", b"POST /api/v1/service/messages "),
    Connection("bot to backoffice, a turn", "backoffice", b"POST /api/v1/service/turns/claim"),
    Connection("bot to backoffice, an answer", "backoffice", b"/answer HTTP/1.1"),
    Connection("actions to backoffice", "backoffice", b"GET /api/v1/service/office"),
    Connection("bot to Rasa", "rasa", b"POST /webhooks/sportello/turns"),
    Connection("Rasa to actions", "actions", b"POST /webhook"),
)
TELEGRAM = Connection("bot to Telegram", "telegram", b"/sendMessage")


@dataclass
class Harmed:
    """An installation with a proxy in each connection."""

    stack: Stack
    telegram: TelegramEmulator
    proxies: dict[str, FaultProxy]

    def harm(self, connection: Connection, kind: Kind) -> None:
        self.proxies[connection.proxy].harm(Fault(kind, connection.mark))


@pytest.fixture(scope="module")
def harmed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Harmed]:
    token = "4242:invented-token-of-the-proxies"
    with ExitStack() as running:
        telegram = running.enter_context(run_emulator(token))
        ports = {name: free_port() for name in ("backoffice", "actions", "rasa")}
        proxies = {
            name: running.enter_context(fault_proxy(port))
            for name, port in {**ports, "telegram": telegram.port}.items()
        }
        stack = new_stack(
            tmp_path_factory.mktemp("proxied"),
            SPORTELLO_BACKOFFICE_URL=proxies["backoffice"].url,
            SPORTELLO_RASA_URL=proxies["rasa"].url,
            SPORTELLO_ACTIONS_URL=proxies["actions"].url,
            SPORTELLO_TELEGRAM_TOKEN=token,
            SPORTELLO_TELEGRAM_API_URL=proxies["telegram"].url,
            **{f"SPORTELLO_{name.upper()}_PORT": str(port) for name, port in ports.items()},
        )
        stack.ports |= ports
        stack.lend_model()
        running.callback(stack.stop)
        stack.start()
        yield Harmed(stack, telegram, proxies)


@pytest.mark.parametrize("kind", list(Kind))
def test_the_person_gets_the_answer_and_nothing_is_lost(harmed: Harmed, kind: Kind) -> None:
    talks: list[Callable[[], None]] = [
        lambda connection=each: talk_on_the_web(harmed, connection, kind)  # type: ignore[misc]
        for each in WEB
    ]
    talks.append(lambda: talk_on_telegram(harmed, kind))
    with ThreadPoolExecutor(len(talks)) as at_once:
        for talk in [at_once.submit(each) for each in talks]:
            talk.result()
    for connection in (*WEB, TELEGRAM):
        done = harmed.proxies[connection.proxy].done[connection.mark]
        assert done == list(Kind).index(kind) + 1, f"{connection.name} was not harmed"


def talk_on_the_web(harmed: Harmed, connection: Connection, kind: Kind) -> None:
    citizen = WebCitizen(harmed.stack.bot_url, "en")
    harmed.harm(connection, kind)
    question = f"{QUESTION} ({connection.name})"
    seq = citizen.send(question)
    said = citizen.answer_to(seq, seconds=TOLD_SECONDS)
    assert said[0]["from"] == "assistant" or "112" in said[0]["text"], f"{connection.name}: {said}"
    citizen.answer_to(seq, seconds=ANSWERED_SECONDS, speaker="assistant")
    check_history(citizen, sent=1)
    assert citizen.messages()[0]["text"] == question


def talk_on_telegram(harmed: Harmed, kind: Kind) -> None:
    number = 7_500_000 + list(Kind).index(kind)
    citizen = TelegramCitizen(harmed.telegram.person(number, first_name="Amina", language_code="en"))
    harmed.harm(TELEGRAM, kind)
    citizen.send(QUESTION)
    heard = wait_for("an answer", lambda: citizen.heard_after(0), seconds=ANSWERED_SECONDS)
    assert heard
    staff = StaffMember(harmed.stack.backoffice_url, "caseworker")
    found = staff.get("/conversations", channel="telegram", limit="200")["items"][0]

    def everything_is_sent() -> bool:
        messages = staff.get(f"/conversations/{found['id']}/messages")["items"]
        return all(each["delivery"] in (None, "sent") for each in messages) and len(messages) > 1

    wait_for("everything is sent", everything_is_sent, seconds=ANSWERED_SECONDS)
    texts = [message["text"] for message in citizen.heard_after(0)]
    # Telegram knows no key: what it took and did not acknowledge comes once more, and no more than that.
    repeats = len(texts) - len(set(texts))
    assert repeats <= int(kind in (Kind.RESET, Kind.TRUNCATE, Kind.LATENCY))
