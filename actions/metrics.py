"""What Prometheus is told of the actions."""

from __future__ import annotations

from prometheus_client import Counter, Histogram

ACTIONS = Counter(
    "sportello_actions", "Actions that Rasa asked for: done, rejected, unknown, failed.", ["outcome"]
)
SECONDS = Histogram(
    "sportello_action_seconds",
    "Seconds that an action took.",
    ["action"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5),
)
