"""How long what is personal is kept, by purpose, with the source of the rule.

GDPR art. 5(1)(e) wants "no longer than is necessary"; the law gives no number for most of these purposes.
The spans are our proposal: the controller decides them in its register (docs/privacy.md) and sets them with
`SPORTELLO_RETENTION_DAYS`, such as `chat_without_case=30,closed_case=1825`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum


class Purpose(StrEnum):
    """What data are kept for."""

    CHAT_WITHOUT_CASE = "chat_without_case"
    CLOSED_CASE = "closed_case"
    PHRASEBOOK = "phrasebook"
    REVIEW = "review"
    MEDIATION = "mediation"


@dataclass(frozen=True)
class Rule:
    """A purpose's span, counted from what `counted_from` says, and where the rule comes from."""

    purpose: Purpose
    span: timedelta
    counted_from: str
    source: str


RULES: dict[Purpose, Rule] = {
    rule.purpose: rule
    for rule in (
        Rule(
            Purpose.CHAT_WITHOUT_CASE,
            timedelta(days=90),
            "last_message",
            "GDPR art. 5(1)(e); span proposed by us, to be decided by the controller",
        ),
        Rule(
            Purpose.CLOSED_CASE,
            timedelta(days=5 * 365),
            "closed",
            "GDPR art. 5(1)(e) and 17(3)(b); span proposed by us, to be decided by the controller",
        ),
        Rule(
            Purpose.PHRASEBOOK,
            timedelta(days=2 * 365),
            "written",
            "GDPR art. 5(1)(c) and (e); span proposed by us, to be decided by the controller",
        ),
        Rule(
            Purpose.REVIEW,
            timedelta(days=365),
            "given",
            "GDPR art. 6(1)(a): given to learn from; span proposed by us, to be decided by the controller",
        ),
        Rule(
            Purpose.MEDIATION,
            timedelta(days=365),
            "last_move",
            "GDPR art. 5(1)(c) and (e); span proposed by us, to be decided by the controller",
        ),
    )
}


def spans(configured: str | None) -> dict[Purpose, timedelta]:
    """Return the span of each purpose; `configured` is `purpose=days,purpose=days`.

    Raises:
        ValueError: an unknown purpose.
    """
    found = {purpose: rule.span for purpose, rule in RULES.items()}
    for part in (configured or "").replace(" ", "").split(","):
        if part:
            name, _, days = part.partition("=")
            found[Purpose(name)] = timedelta(days=int(days))
    return found
