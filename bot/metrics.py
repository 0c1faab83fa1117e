"""What Prometheus is told of the bot. Labels are channels, languages and outcomes; never persons."""

from __future__ import annotations

from prometheus_client import Counter, Gauge, Histogram

TURNS = Counter(
    "sportello_turns",
    "Messages taken to the assistant, by what came of them: answered, misunderstood, given_up.",
    ["channel", "language", "outcome"],
)
TURN_SECONDS = Histogram(
    "sportello_turn_seconds",
    "Seconds from a turn's claim until its answer is stored or it is given up.",
    buckets=(0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 7.5, 10, 30),
)
STREAMS = Gauge("sportello_chat_streams", "Open streams of the web chat.")
ASSISTANT_UP = Gauge("sportello_assistant_up", "Whether Rasa and the action server answered the last probe.")
RASA_UP = Gauge("sportello_rasa_up", "Whether a Rasa is asked for its conversations.", ["address"])

FALLBACK_INTENT = "nlu_fallback"


def outcome_of(intent: str | None) -> str:
    """Return how an answered turn is counted."""
    return "misunderstood" if intent == FALLBACK_INTENT else "answered"
