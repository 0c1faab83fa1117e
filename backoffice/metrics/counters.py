"""What is counted as it happens, in this process. Labels are channels, languages, outcomes; never persons."""

from __future__ import annotations

from prometheus_client import Counter, Gauge

MESSAGES = Counter(
    "sportello_messages", "Messages of people that were stored, repeats left out.", ["channel", "language"]
)
DELIVERIES = Counter("sportello_deliveries", "What became of messages that were sent.", ["outcome"])
JOBS = Gauge(
    "sportello_job_last_success_timestamp_seconds",
    "When a regular job of this process last came to its end without an error.",
    ["duty"],
)


def succeeded(job: str) -> None:
    """Note that a regular job has done its round."""
    JOBS.labels(job).set_to_current_time()
