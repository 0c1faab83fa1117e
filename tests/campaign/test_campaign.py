"""The short form of the campaign: a few kills on each database, one of every kind of place."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.campaign.campaign import Campaign, report
from tests.campaign.failpoints import FAILPOINTS, Failpoint

PLANS = {
    "sqlite": [
        "after-accept-commit",
        "accepted-not-acknowledged",
        "before-rasa",
        "after-tracker-save",
        "after-intake-commit",
        "sent-not-reported",
        "after-claim-commit",
        None,
    ],
    "postgres": ["before-answer-commit", "case-registered-not-told", "before-delivery-claim-commit", None],
}


def plan(backend: str) -> list[Failpoint | None]:
    by_name: dict[str | None, Failpoint | None] = {each.name: each for each in FAILPOINTS}
    return [by_name.get(name) for name in PLANS[backend]]


@pytest.mark.stack
@pytest.mark.timeout(600)
@pytest.mark.parametrize("backend", ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def test_no_kill_loses_doubles_or_reorders_a_word(tmp_path: Path, backend: str) -> None:
    chosen = plan(backend)
    outcome = Campaign(tmp_path, backend, len(chosen), seed=20261125, say=print, plan=chosen).run()
    assert outcome.is_good, report(outcome)
    assert len(outcome.kills) == len(chosen)
    assert outcome.accepted > 0
    assert outcome.ledger.cases
