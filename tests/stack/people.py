"""The people of the tests: a citizen on the web, and a member of staff with the API."""

from __future__ import annotations

import time
import uuid
from dataclasses import dataclass, field
from typing import Any

import httpx

from tests.stack.processes import wait_for

Message = dict[str, Any]


class WebCitizen:
    """A person on the web chat, speaking the contract's protocol."""

    def __init__(
        self,
        bot_url: str,
        language: str | None,
        *,
        session: dict[str, Any] | None = None,
        headers: dict[str, str] | None = None,
    ) -> None:
        """Open a session, or go on with one that a page has opened."""
        self.http = httpx.Client(base_url=bot_url, timeout=20, headers=headers)
        if session is None:
            answer = self.http.post("/chat/sessions", json={"language": language} if language else {})
            assert answer.status_code == 201, answer.text
            session = answer.json()
        self.session: dict[str, Any] = session
        self.http.headers["Authorization"] = f"Bearer {self.session['token']}"
        self.seen = 0

    def send(self, text: str, *, message_id: str | None = None) -> int:
        """Send a text, again and again while the service is not there, as the page does; return its seq."""
        return self._post({"id": message_id or str(uuid.uuid4()), "text": text})

    def press(self, label: str) -> int:
        """Press the newest button with this label."""
        for message in reversed(self.messages()):
            for button in message["buttons"]:
                if button["label"] == label:
                    return self._post({"id": str(uuid.uuid4()), "button": button["token"]})
        raise AssertionError(f"no button {label!r} in {self.transcript()}")

    def _post(self, body: dict[str, str]) -> int:
        return wait_for("the message is accepted", lambda: self._try_post(body), seconds=60, pause=0.2)

    def _try_post(self, body: dict[str, str]) -> int | None:
        try:
            answer = self.http.post("/chat/messages", json=body)
        except httpx.HTTPError:
            return None
        if answer.status_code in (429, 502, 503, 504):
            return None
        assert answer.status_code == 202, answer.text
        return int(answer.json()["seq"])

    def messages(self, after: int = 0) -> list[Message]:
        """Every message after a number."""
        answer = self.http.get("/chat/messages", params={"after": after})
        assert answer.status_code == 200, answer.text
        return list(answer.json()["messages"])

    def answers(self, after: int, *, speaker: str | None = None) -> list[Message]:
        """What was said to the person after a number, by anybody or by one kind of speaker."""
        try:
            said = [message for message in self.messages(after) if message["from"] != "citizen"]
        except (httpx.HTTPError, AssertionError):
            return []
        return [message for message in said if speaker in (None, message["from"])]

    def ask(self, text: str, *, seconds: float = 30) -> list[Message]:
        """Send a text and return the assistant's whole answer."""
        return self.answer_to(self.send(text), seconds=seconds)

    def heard_after(self, seq: int) -> list[Message]:
        """What the assistant has said after a number."""
        return self.answers(seq, speaker="assistant")

    def answer_to(self, seq: int, *, seconds: float = 30, speaker: str | None = None) -> list[Message]:
        """Return what was said after the person's message `seq`; an answer comes in one commit."""
        what = f"an answer to message {seq}"
        return wait_for(what, lambda: self.answers(seq, speaker=speaker), seconds=seconds)

    def transcript(self) -> str:
        return "\n".join(f"{m['from']}: {m['text']}" for m in self.messages())


@dataclass
class StaffMember:
    """Somebody who works here, with the JSON API."""

    backoffice_url: str
    account: str
    headers: dict[str, str] = field(default_factory=dict)
    http: httpx.Client = field(init=False)

    def __post_init__(self) -> None:
        self.http = httpx.Client(base_url=self.backoffice_url, timeout=20, headers=self.headers)
        form = {"username": f"{self.account}@demo.sportello", "password": "sportello-demo"}
        answer = self.http.post("/api/v1/auth/token", data=form)
        assert answer.status_code == 200, answer.text
        self.http.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"

    def get(self, path: str, **parameters: str) -> Any:
        answer = self.http.get(f"/api/v1{path}", params=parameters)
        assert answer.status_code == 200, f"{path}: {answer.status_code} {answer.text}"
        return answer.json()

    def post(self, path: str, body: dict[str, Any]) -> httpx.Response:
        return self.http.post(f"/api/v1{path}", json=body, headers={"Idempotency-Key": str(uuid.uuid4())})

    def conversation(self, conversation_id: str) -> Any:
        return self.get(f"/conversations/{conversation_id}")

    def wait_for_mode(self, conversation_id: str, mode: str, *, seconds: float = 15) -> Any:
        """Wait until a conversation is in a mode, and return it."""

        def probe() -> Any:
            found = self.conversation(conversation_id)
            return found if found["mode"] == mode else None

        return wait_for(f"{conversation_id} is in mode {mode}", probe, seconds=seconds)

    def claim(self, conversation_id: str) -> Any:
        """Take a waiting conversation."""
        waiting = self.wait_for_mode(conversation_id, "waiting")
        answer = self.post(f"/conversations/{conversation_id}/claim", {"epoch": waiting["epoch"]})
        assert answer.status_code == 200, answer.text
        return self.conversation(conversation_id)

    def case_numbered(self, number: str) -> Any:
        """Return the whole case with this number."""
        found = [case for case in self.get("/cases", q=number)["items"] if case["number"] == number]
        assert len(found) == 1, found
        return self.get(f"/cases/{found[0]['id']}")


def stays_silent(citizen: WebCitizen, after: int, *, seconds: float) -> list[Message]:
    """Return what the assistant said within a time in which it ought to say nothing."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        said = [message for message in citizen.answers(after) if message["from"] == "assistant"]
        if said:
            return said
        time.sleep(0.1)
    return []
