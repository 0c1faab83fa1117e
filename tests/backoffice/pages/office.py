"""The real backoffice on a free port, what the bot does to it, and people who sign in."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from typing import Any

import httpx
import uvicorn
from fastapi import FastAPI
from playwright.sync_api import Page, expect

from backoffice.seed_district import PASSWORD
from tests.backoffice.databases import SERVICE_TOKEN

expect.set_options(timeout=20_000)  # it goes on as soon as it is so; Playwright gives up after five seconds


class StaffOffice:
    """A running backoffice; what the bot does is done through its service API."""

    def __init__(self, app: FastAPI) -> None:
        self._app = app
        config = uvicorn.Config(
            app, host="127.0.0.1", port=0, log_config=None, lifespan="off", timeout_graceful_shutdown=1
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, daemon=True)
        self._thread.start()
        end = time.monotonic() + 20
        while not self._server.started and time.monotonic() < end:
            self._thread.join(0.02)
        port = self._server.servers[0].sockets[0].getsockname()[1]
        self.url = f"http://127.0.0.1:{port}"
        headers = {"Authorization": f"Bearer {SERVICE_TOKEN}"}
        self._service = httpx.Client(base_url=f"{self.url}/api/v1/service", headers=headers)

    def close(self) -> None:
        """Stop, open streams included."""
        self._service.close()
        self._app.state.broker.close()
        self._server.should_exit = True
        self._thread.join(10)

    def call(self, path: str, body: dict[str, Any], **headers: str) -> dict[str, Any]:
        """Call the service API as the bot does."""
        answer = self._service.post(path, json=body, headers=headers)
        answer.raise_for_status()
        found: dict[str, Any] = answer.json()
        return found

    def somebody_waits(self, words: str = "vorrei parlare con qualcuno", *, language: str = "it") -> Visitor:
        """Open a web conversation that asks for a person."""
        opened = self.call("/sessions", {"language": language})
        visitor = Visitor(self, opened["conversation_id"], opened["session"])
        visitor.write(words)
        path = f"/conversations/{visitor.conversation_id}/handoff"
        key = {"Idempotency-Key": f"wait:{visitor.conversation_id}"}
        self.call(path, {"reason": "asked", "summary": ["Lingua: italiano"]}, **key)
        return visitor


@dataclass
class Visitor:
    """A citizen on the web."""

    office: StaffOffice
    conversation_id: str
    session: str
    sent: int = 0

    def write(self, words: str) -> None:
        """Send a message."""
        self.sent += 1
        body = {
            "channel": "web",
            "external_id": f"{self.session}:{self.sent}",
            "conversation_id": self.conversation_id,
            "kind": "text",
            "text": words,
        }
        self.office.call("/messages", body)


def sign_in(page: Page, url: str, account: str) -> Page:
    """Sign in as a demo account, by keyboard."""
    page.goto(f"{url}/sign-in")
    expect(page.locator("input[autofocus]")).to_be_focused()  # what is typed before goes nowhere
    page.keyboard.type(f"{account}@demo.sportello")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(f"{url}/")
    return page
