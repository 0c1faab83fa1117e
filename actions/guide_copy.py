"""The guide as the actions read it: of the backoffice, and of the last copy while that is away."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from backoffice.client.client import BackofficeClient
from backoffice.client.errors import BackofficeUnavailable
from backoffice.client.guide_copy import GuideCopies
from backoffice.client.schemas import GuideAnswer


class CopyingClient(BackofficeClient):
    """A client of the backoffice whose guide does not end where the backoffice does."""

    def __init__(
        self,
        url: str,
        service_token: str,
        *,
        timeout_seconds: float,
        copies: GuideCopies,
        clock: Callable[[], datetime],
    ) -> None:
        super().__init__(url, service_token, timeout_seconds=timeout_seconds)
        self._copies = copies
        self._clock = clock

    async def read_guide(self, topic: str, language: str) -> GuideAnswer:
        """Return the guide's answer on a topic, of the last copy (`copied_at`) where there is no other way.

        Raises:
            NotFound: there is no such topic.
            BackofficeUnavailable: the backoffice is away, and no copy of this language is here.
        """
        try:
            return await super().read_guide(topic, language)
        except BackofficeUnavailable:
            copied = self._copies.answer(topic, language, now=self._clock())
            if copied is None:
                raise
            return copied
