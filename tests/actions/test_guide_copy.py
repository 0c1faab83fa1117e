"""The actions' guide while the backoffice is away."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from actions.guide_copy import CopyingClient
from backoffice.client.errors import BackofficeUnavailable
from backoffice.client.guide_copy import GuideCopies
from tests.bot.guide_copies import MADE_AT, copied_guide

NOBODY = "http://127.0.0.1:9"


@pytest.fixture
def copies(tmp_path: Path) -> GuideCopies:
    return GuideCopies(tmp_path)


@pytest.fixture
async def client(copies: GuideCopies) -> CopyingClient:
    return CopyingClient(
        NOBODY,
        "token",
        timeout_seconds=1.0,
        copies=copies,
        clock=lambda: datetime(2026, 12, 1, 9, 0, tzinfo=UTC),
    )


async def test_while_nobody_answers_the_guide_is_of_the_last_copy(
    client: CopyingClient, copies: GuideCopies
) -> None:
    copies.keep(copied_guide("uk"))

    answer = await client.read_guide("tax_code", "uk")

    assert answer.copied_at == MADE_AT
    assert answer.next_step == "Vai allo sportello."


async def test_without_a_copy_the_guide_is_away_as_well(client: CopyingClient) -> None:
    with pytest.raises(BackofficeUnavailable):
        await client.read_guide("tax_code", "uk")
