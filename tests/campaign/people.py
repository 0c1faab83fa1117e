"""The people of a campaign: they write, press, fill forms in, wait, take over, and note what they were told.

All of them go on for ever: what a kill breaks off they try again, as pages and people do.
"""

from __future__ import annotations

import json
import random
import threading
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any, TypeVar

import httpx
from sqlalchemy.exc import SQLAlchemyError

from tests.campaign.history import Accepted, Claimed, History, Replied, Sent, Shown, Told, Trouble
from tests.campaign.installation import Installation
from tests.stack.dialogue import Dialogue
from tests.stack.forms import HOUSING_ANSWERS, HOUSING_END, number_in
from tests.stack.people import Message, StaffMember, WebCitizen
from tests.stack.telegram_citizen import TelegramCitizen
from tests.telegram_emulator.people import Person
from tests.telegram_emulator.server import TelegramEmulator
from tests.telegram_emulator.world import Json

T = TypeVar("T")

QUESTIONS = (
    "How do I renew my residence permit?",
    "Where is your office?",
    "I need a family doctor",
    "hello",
    "What can you do?",
    "My daughter needs a school",
)
ASK_FOR_A_PERSON = "I want to talk to someone"
OPENINGS = ("cerco casa a Crema, siamo in 4", "cerco un bilocale a Crema per 4 persone, massimo 600 euro")
FORM = {**HOUSING_ANSWERS, "bot.not_registered_yet": "button:bot.button.retry"}

PATIENCE_SECONDS = 60.0
ANSWER_SECONDS = 25.0
MEDIATOR_SECONDS = 20.0
_PAUSE_SECONDS = 0.1


class Stopped(Exception):
    """The campaign is over; whoever waits stops waiting."""


@dataclass
class Stage:
    """What all people of a campaign share."""

    installation: Installation
    telegram: TelegramEmulator
    history: History
    over: threading.Event = field(default_factory=threading.Event)
    open_to_mediators: dict[str, float] = field(default_factory=dict)
    """Conversations in which a mediator may act, and since when."""
    updates: list[Json] = field(default_factory=list)
    """What was written on Telegram, for Telegram to bring again."""
    _numbers: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def number(self) -> int:
        """Return a number that nobody had before."""
        with self._lock:
            self._numbers += 1
            return self._numbers

    def wait_for(self, probe: Callable[[], T | None], *, seconds: float) -> T | None:
        """Return the first answer of `probe` that says something, or None when time is up.

        Raises:
            Stopped: the campaign is over.
        """
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            try:
                found = probe()
            except (httpx.HTTPError, AssertionError, SQLAlchemyError):
                found = None
            if found:
                return found
            if self.over.wait(_PAUSE_SECONDS):
                raise Stopped
        return None


class OwnWebCitizen(WebCitizen):
    """A person on the web who notes what was sent and acknowledged, and listens to the stream."""

    def __init__(self, stage: Stage, language: str, dice: random.Random) -> None:
        self.stage = stage
        self.dice = dice
        self.headers = stage.installation.new_caller()
        super().__init__(stage.installation.bot_url, language, headers=self.headers)
        self.conversation = str(self.session["conversation_id"])
        self.page = Page(stage, self.conversation, str(self.session["token"]), self.headers)
        self.page.start()

    def _post(self, body: dict[str, str]) -> int:
        key = f"{self.session['session']}:{body['id']}"
        self.stage.history.note(Sent, key=key, line=self.conversation, text=body.get("text", ""))
        # Sent until it is taken, also when the campaign is over: the page does not give up either.
        deadline = time.monotonic() + PATIENCE_SECONDS
        while (seq := self._try_post(body)) is None:
            assert time.monotonic() < deadline, "the message is not taken"
            time.sleep(_PAUSE_SECONDS)
        self.stage.history.note(Accepted, key=key, seq=seq)
        if self.dice.random() < 0.2 and (again := self._try_post(body)) is not None:
            self.stage.history.note(Accepted, key=key, seq=again)
        return seq


class Page(threading.Thread):
    """The open stream of a web page: comes again with the last number it got."""

    def __init__(self, stage: Stage, conversation: str, token: str, headers: dict[str, str]) -> None:
        super().__init__(daemon=True, name=f"page {conversation}")
        self.stage = stage
        self.conversation = conversation
        self.closed = threading.Event()
        self.last = 0
        self._headers = {**headers, "Authorization": f"Bearer {token}"}

    def run(self) -> None:
        with httpx.Client(base_url=self.stage.installation.bot_url, timeout=20) as http:
            while not self.closed.is_set():
                try:
                    self._listen(http)
                except httpx.HTTPError:
                    self.closed.wait(_PAUSE_SECONDS)

    def _listen(self, http: httpx.Client) -> None:
        headers = {**self._headers, "Last-Event-ID": str(self.last)}
        with http.stream("GET", "/chat/events", headers=headers) as stream:
            if stream.status_code != 200:
                self.closed.wait(_PAUSE_SECONDS)
                return
            for line in stream.iter_lines():
                if self.closed.is_set():
                    return
                if line.startswith("data: ") and '"seq"' in line:
                    self._show(json.loads(line.removeprefix("data: ")))

    def _show(self, message: Message) -> None:
        seq = int(message["seq"])
        self.stage.history.note(Shown, conversation=self.conversation, seq=seq, author=message["from"])
        self.last = max(self.last, seq)


class OwnTelegramCitizen(TelegramCitizen):
    """A person on Telegram who notes what was sent; Telegram keeps it until the bot has it."""

    def __init__(self, stage: Stage, person: Person) -> None:
        super().__init__(person)
        self.stage = stage

    def send(self, text: str) -> int:
        with self.person.world.lock:
            heard = super().send(text)
            self._note(text)
        return heard

    def press(self, label: str) -> int:
        with self.person.world.lock:
            heard = super().press(label)
            self._note("")
        return heard

    def _note(self, text: str) -> None:
        update = self.person.world.updates[-1]
        self.stage.updates.append(update)
        key = f"{self.person.world.bot_id}:{update['update_id']}"
        self.stage.history.note(Sent, key=key, line=f"chat {self.person.id}", text=text)
        self.stage.history.note(Accepted, key=key, seq=None)


AnyCitizen = OwnWebCitizen | OwnTelegramCitizen


class Actor(threading.Thread):
    """Somebody who lives one episode after the other until the campaign is over."""

    def __init__(self, stage: Stage, name: str, seed: int) -> None:
        super().__init__(daemon=True, name=name)
        self.stage = stage
        self.dice = random.Random(seed)  # a seed makes a campaign again
        self.crashed: BaseException | None = None

    def run(self) -> None:
        try:
            while not self.stage.over.is_set():
                try:
                    self.episode()
                except Stopped:
                    return
                except (AssertionError, httpx.HTTPError, SQLAlchemyError) as error:
                    self.trouble(f"{type(error).__name__}: {str(error)[:200]}")
                    self.stage.over.wait(0.5)
        except BaseException as error:  # the campaign's end tells of it
            self.crashed = error

    def episode(self) -> None:
        raise NotImplementedError

    def trouble(self, what: str) -> None:
        self.stage.history.note(Trouble, what=f"{self.name}: {what}")


class Citizen(Actor):
    """Talks, asks for a person, fills a form in: on the web in new conversations, on Telegram in one chat."""

    def __init__(self, stage: Stage, name: str, seed: int, *, chat: int | None, forms: float) -> None:
        super().__init__(stage, name, seed)
        self._chat = chat
        self._forms = forms
        self._chats = 0

    def episode(self) -> None:
        fills_in = self.dice.random() < self._forms
        citizen = self._citizen("it" if fills_in else "en")
        if isinstance(citizen, OwnWebCitizen) and not fills_in:
            self.stage.open_to_mediators[citizen.conversation] = time.monotonic()
        if fills_in:
            self._fill_in(citizen)
        else:
            self._talk(citizen)
        if isinstance(citizen, OwnWebCitizen):
            self._close(citizen)

    def _citizen(self, language: str) -> AnyCitizen:
        if self._chat is None:
            found = self.stage.wait_for(
                lambda: OwnWebCitizen(self.stage, language, self.dice), seconds=PATIENCE_SECONDS
            )
            assert found is not None, "no conversation could be opened"
            return found
        # A form needs a chat of its own: a second one would be the same person's second request.
        self._chats += 1
        number = self._chat + self._chats
        person = self.stage.telegram.person(number, first_name="Amina", language_code=language)
        return OwnTelegramCitizen(self.stage, person)

    def _talk(self, citizen: AnyCitizen) -> None:
        for _ in range(self.dice.randint(2, 4)):
            seq = self._say(citizen, f"{self.dice.choice(QUESTIONS)} #{self.stage.number()}")
            if self.dice.random() < 0.6:
                self._await(partial(citizen.heard_after, seq), "an answer", ANSWER_SECONDS)
        if self.dice.random() < 0.6:
            self._talk_with_a_person(citizen)

    def _talk_with_a_person(self, citizen: AnyCitizen) -> None:
        conversation = self._conversation(citizen)
        if conversation is None:
            return
        self._say(citizen, ASK_FOR_A_PERSON)
        self.stage.open_to_mediators.setdefault(conversation, time.monotonic())
        for _ in range(self.dice.randint(1, 4)):
            self._say(citizen, f"My question is number #{self.stage.number()}")
            self.stage.over.wait(self.dice.uniform(0, 0.6))
        self._await(
            lambda: self.stage.installation.mode(conversation) == "mediator", "a mediator", MEDIATOR_SECONDS
        )
        self._say(citizen, f"Thank you for coming #{self.stage.number()}")
        self._await(
            lambda: self.stage.installation.mode(conversation) == "assistant", "the end", MEDIATOR_SECONDS
        )
        self._say(citizen, f"{self.dice.choice(QUESTIONS)} #{self.stage.number()}")

    def _fill_in(self, citizen: AnyCitizen) -> None:
        line = citizen.conversation if isinstance(citizen, OwnWebCitizen) else f"chat {citizen.person.id}"
        dialogue = Dialogue(citizen, "it", FORM, self._look_around)
        said = dialogue.play(self.dice.choice(OPENINGS), until=HOUSING_END)
        self.stage.history.note(Told, line=line, number=number_in(said))

    def _look_around(self, _step: int) -> None:
        if self.stage.over.is_set():
            raise Stopped

    def _say(self, citizen: AnyCitizen, text: str) -> int:
        if self.stage.over.is_set():
            raise Stopped
        return citizen.send(text)

    def _await(self, probe: Callable[[], Any], what: str, seconds: float) -> None:
        if not self.stage.wait_for(probe, seconds=seconds):
            self.trouble(f"{what} did not come within {seconds:.0f} s")

    def _conversation(self, citizen: AnyCitizen) -> str | None:
        if isinstance(citizen, OwnWebCitizen):
            return citizen.conversation
        return self.stage.wait_for(
            lambda: self.stage.installation.conversation_of_chat(citizen.person.id), seconds=ANSWER_SECONDS
        )

    def _close(self, citizen: OwnWebCitizen) -> None:
        """Leave the page when it has shown what there is."""
        last = self.stage.wait_for(citizen.messages, seconds=PATIENCE_SECONDS)
        if last:
            self._await(lambda: citizen.page.last >= last[-1]["seq"], "the page's last message", 40)
        citizen.page.closed.set()
        citizen.http.close()


@dataclass
class _Hold:
    conversation: str
    epoch: int


class Mediator(Actor):
    """Takes over who waits, now and then straight from the assistant; replies, hands back or on, or goes."""

    def __init__(self, stage: Stage, account: str, colleague: str, seed: int) -> None:
        super().__init__(stage, account, seed)
        self._account = account
        self._colleague = colleague
        self._staff: StaffMember | None = None

    def episode(self) -> None:
        if self._staff is None:
            made = self.stage.wait_for(
                lambda: StaffMember(
                    self.stage.installation.backoffice_url,
                    self._account,
                    self.stage.installation.new_caller(),
                ),
                seconds=PATIENCE_SECONDS,
            )
            assert made is not None, "the mediator cannot sign in"
            self._staff = made
        hold = self._handed_to_me() or self._take()
        if hold is None:
            self.stage.over.wait(0.2)
            return
        for _ in range(self.dice.randint(1, 3)):
            if not self._reply(hold):
                return
            self.stage.over.wait(self.dice.uniform(0, 0.8))
        self._leave(hold)

    def _handed_to_me(self) -> _Hold | None:
        found = self.stage.installation.held_by(f"{self._account}@demo.sportello")
        mine = [(conversation, epoch) for conversation, epoch in found if self._is_open(conversation)]
        return _Hold(*self.dice.choice(mine)) if mine and self.dice.random() < 0.9 else None

    def _take(self) -> _Hold | None:
        wanted = "assistant" if self.dice.random() < 0.15 else "waiting"
        choice = [
            (conversation, epoch)
            for conversation, mode, epoch in self.stage.installation.floors()
            if mode == wanted and self._is_open(conversation)
        ]
        if not choice:
            return None
        conversation, epoch = self.dice.choice(choice[-8:])
        answer = self._post(f"/conversations/{conversation}/claim", {"epoch": epoch})
        if answer is None:
            return None
        self.stage.history.note(
            Claimed, conversation=conversation, staff=answer["holder"]["id"], epoch=answer["epoch"]
        )
        return _Hold(conversation, answer["epoch"])

    def _is_open(self, conversation: str) -> bool:
        return conversation in self.stage.open_to_mediators

    def _reply(self, hold: _Hold) -> bool:
        text = f"I am here to help you #{self.stage.number()}"
        body = {"epoch": hold.epoch, "text": text, "language": "en"}
        answer = self._post(f"/conversations/{hold.conversation}/reply", body)
        if answer is None:
            return False
        self.stage.history.note(
            Replied,
            conversation=hold.conversation,
            staff=answer["staff"]["id"],
            epoch=hold.epoch,
            text=text,
        )
        return True

    def _leave(self, hold: _Hold) -> None:
        chance = self.dice.random()
        if chance < 0.05:
            return  # gone without a word: the lease runs out
        if chance < 0.2:
            to = f"{self._colleague}@demo.sportello"
            self._post(f"/conversations/{hold.conversation}/transfer", {"epoch": hold.epoch, "to": to})
            return
        self._post(f"/conversations/{hold.conversation}/release", {"epoch": hold.epoch, "summary": "done"})

    def _post(self, path: str, body: dict[str, Any]) -> Any:
        """Post with one key until there is an answer; None where the floor is another's."""
        assert self._staff is not None
        key = {"Idempotency-Key": str(uuid.uuid4())}
        deadline = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < deadline:
            try:
                answer = self._staff.http.post(f"/api/v1{path}", json=body, headers=key)
            except httpx.HTTPError:
                time.sleep(_PAUSE_SECONDS)
                continue
            if answer.is_success:
                return answer.json()
            if answer.status_code < 500:
                assert answer.status_code == 409, f"{path}: {answer.status_code} {answer.text}"
                return None
            time.sleep(_PAUSE_SECONDS)
        raise AssertionError(f"{path} brings no answer")
