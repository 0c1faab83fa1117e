"""The rows of the crash matrix (reliability.md 2.2 E), and how a process is made to die at one."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Failpoint:
    """A place in the code of `process` where it can be made to die; `row`: of the crash matrix."""

    name: str
    process: str
    row: str


FAILPOINTS = (
    Failpoint("before-accept-commit", "backoffice", "before the message is committed"),
    Failpoint("after-accept-commit", "backoffice", "committed, not acknowledged"),
    Failpoint("accepted-not-acknowledged", "bot", "committed, not acknowledged"),
    Failpoint("before-turn-claim-commit", "backoffice", "acknowledged, before Rasa"),
    Failpoint("after-turn-claim-commit", "backoffice", "acknowledged, before Rasa"),
    Failpoint("before-rasa", "bot", "acknowledged, before Rasa"),
    Failpoint("before-tracker-save", "rasa", "Rasa is running"),
    Failpoint("after-tracker-save", "rasa", "Rasa has saved, the answer is not committed"),
    Failpoint("answer-in-hand", "bot", "Rasa has saved, the answer is not committed"),
    Failpoint("before-answer-commit", "backoffice", "Rasa has saved, the answer is not committed"),
    Failpoint("before-intake-commit", "backoffice", "the action is running"),
    Failpoint("after-intake-commit", "backoffice", "the action is committed, Rasa does not know"),
    Failpoint("case-registered-not-told", "actions", "the action is committed, Rasa does not know"),
    Failpoint("case-registered-turn-not-saved", "rasa", "the action is committed, Rasa died"),
    Failpoint("after-answer-commit", "backoffice", "the outbox is committed, before the send"),
    Failpoint("before-delivery-claim-commit", "backoffice", "the outbox is committed, before the send"),
    Failpoint("after-delivery-claim-commit", "backoffice", "the outbox is committed, before the send"),
    Failpoint("before-send", "bot", "the outbox is committed, before the send"),
    Failpoint("sent-not-reported", "bot", "sent, not committed"),
    Failpoint("before-report-commit", "backoffice", "sent, not committed"),
    Failpoint("before-handoff-commit", "backoffice", "the floor is moving"),
    Failpoint("after-handoff-commit", "backoffice", "the floor is moving"),
    Failpoint("before-claim-commit", "backoffice", "the floor is moving"),
    Failpoint("after-claim-commit", "backoffice", "the floor is moving"),
    Failpoint("before-reply-commit", "backoffice", "the floor is moving"),
    Failpoint("after-reply-commit", "backoffice", "the floor is moving"),
    Failpoint("before-release-commit", "backoffice", "the floor is moving"),
    Failpoint("after-release-commit", "backoffice", "the floor is moving"),
)


@dataclass(frozen=True)
class Death:
    """Which process died, and when, by the monotonic clock of the machine."""

    pid: int
    at: float


@dataclass(frozen=True)
class Trap:
    """The folder in which failpoints are armed."""

    folder: Path

    def kill_at(self, failpoint: Failpoint, *, seconds: float) -> Death | None:
        """Have the process die when it comes by; None, and nothing armed, when it does not in time."""
        self.folder.mkdir(parents=True, exist_ok=True)
        known = len(self._deaths(failpoint))
        armed = self.folder / failpoint.name
        armed.touch()
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if len(deaths := self._deaths(failpoint)) > known:
                return deaths[-1]
            time.sleep(0.02)
        try:
            armed.unlink()
        except FileNotFoundError:
            return self._deaths(failpoint)[-1]
        return None

    def _deaths(self, failpoint: Failpoint) -> list[Death]:
        found = [path.name.split(".") for path in self.folder.glob(f"{failpoint.name}.*")]
        return sorted((Death(int(pid), int(at) / 1e9) for _, pid, at in found), key=lambda death: death.at)
