"""Watches whether the assistant can answer, and says so to the backoffice when it can again."""

from __future__ import annotations

import asyncio

import httpx
import structlog

from backoffice.client.client import BackofficeClient
from backoffice.client.errors import BackofficeClientError
from backoffice.client.schemas import AssistantStatus
from bot.metrics import ASSISTANT_UP
from bot.pauses import Sleep
from bot.rasa_pool import Assistant

log = structlog.get_logger(__name__)

PROBE_SECONDS = 2.0


class ActionServer:
    """The action server's health, asked over HTTP.

    Args:
        base_url: its address.
        transport: another transport, for tests.
    """

    def __init__(self, base_url: str, *, transport: httpx.AsyncBaseTransport | None = None) -> None:
        self._http = httpx.AsyncClient(base_url=base_url, transport=transport, trust_env=False)

    async def is_alive(self, *, timeout_seconds: float = 2.0) -> bool:
        """Tell whether the action server answers that all is well."""
        try:
            response = await self._http.get("/health", timeout=timeout_seconds)
        except httpx.HTTPError:
            return False
        return response.is_success

    async def aclose(self) -> None:
        """Close the connections."""
        await self._http.aclose()


class AssistantWatch:
    """Probes Rasa and the action server; conversations that wait only for them get the assistant back.

    At the start nothing is known: the first probe that succeeds reports, for conversations that
    were given up before this process began.
    """

    def __init__(
        self,
        client: BackofficeClient,
        rasa: Assistant,
        actions: ActionServer,
        *,
        probe_seconds: float = PROBE_SECONDS,
        sleep: Sleep = asyncio.sleep,
    ) -> None:
        self._client = client
        self._rasa = rasa
        self._actions = actions
        self._probe_seconds = probe_seconds
        self._sleep = sleep
        self._owes_report = True
        self._failures = 0

    @property
    def is_down(self) -> bool:
        """Whether the last two probes failed: then no person waits the whole budget to be told.

        One failure says little: on a busy machine a long message holds Rasa for seconds.
        """
        return self._failures >= 2

    def turn_given_up(self) -> None:
        """Note that a conversation waits for the assistant: the next good probe must report."""
        self._owes_report = True

    async def run(self) -> None:
        """Probe until cancelled."""
        while True:
            await self.probe()
            await self._sleep(self._probe_seconds)

    async def probe(self) -> None:
        """Probe once, and report when the assistant answers and somebody may wait for it."""
        rasa, actions = await asyncio.gather(self._rasa.is_alive(), self._actions.is_alive())
        ASSISTANT_UP.set(rasa and actions)
        if rasa and actions:
            self._failures = 0
            if self._owes_report:
                await self._report()
            return
        self._failures += 1
        self._owes_report = True
        if self._failures == 1:
            log.warning("assistant.down", rasa=rasa, actions=actions)

    async def _report(self) -> None:
        self._owes_report = False
        try:
            returned = await self._client.report_assistant(AssistantStatus(available=True))
        except BackofficeClientError as error:
            self._owes_report = True
            log.warning("assistant.report_failed", error=type(error).__name__)
        else:
            # Many are given back a part at a time: until none is left, the next probe reports again.
            self._owes_report = self._owes_report or returned.conversations > 0
            log.info("assistant.available", conversations=returned.conversations)
